"""Members' pictures: sent by them or taken over from Discord, made small and bare, and served by us.

Whatever comes in leaves as a new WebP file of 256 pixels: where a photo was taken, and with what, stays out.
"""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_q.tasks import async_task
from PIL import Image, ImageOps

from sidetrack.http import MEGABYTE, ExternalApiError, NotThere, TryLater, fetch_public
from sidetrack.untrusted_pictures import BadPicture, opened
from social.errors import Refused
from social.models import LinkedAccount, User
from social.moderation import people_changed
from social.standing import require_active

logger = logging.getLogger(__name__)

SIZE, SMALLEST = 256, 32
LARGEST = 8 * MEGABYTE
FOLDER = "avatars"
FROM_DISCORD = f"{FOLDER}/discord-"
KEPT = "avatar_kept"  # in a link's metadata: Discord's name of the picture that was taken over, or was not wanted
N_AT_ONCE = 40


def set_avatar(*, member: User, content: bytes, now: datetime) -> None:
    """Show this picture; Refused, in words, for what is none."""
    require_active(member, now)
    if len(content) > LARGEST:
        raise Refused(f"A picture has at most {LARGEST // MEGABYTE} MB.", code="bad_picture")
    _show(member, _made(content), prefix=f"{FOLDER}/")


def remove_avatar(*, member: User) -> bool:
    """Show the drawn letter again; Discord's picture does not come back by itself until it is another one there."""
    with transaction.atomic():
        for link in LinkedAccount.objects.select_for_update().filter(user=member, provider="discord"):
            _remember(link)
        return _replace(member, "")


def ask_for_discords(*, link: LinkedAccount) -> None:
    """Leave a job where the member has just shown that the account is theirs."""
    if link.provider == "discord" and is_due(link):
        transaction.on_commit(lambda: async_task("social.tasks.fetch_avatar", link.user_id))


def fetch_discords(*, link: LinkedAccount) -> str:
    """Take over the picture that the member has in Discord, unless they sent one of their own; tells what was done."""
    named, member = str(link.metadata.get("avatar") or ""), link.user
    if not is_due(link):
        return "has nothing new"
    if not named.replace("_", "").isalnum() or not link.provider_user_id.isdigit():
        _remember(link)
        return "has a picture of an odd name"
    address = f"{settings.DISCORD_CDN_URL}/avatars/{link.provider_user_id}/{named}.png?size={SIZE}"
    try:
        reply = fetch_public(
            address, action="fetch the picture of", subject=member.handle, accept="image/*", max_bytes=LARGEST,
            trusted=[settings.DISCORD_CDN_URL],
        )  # fmt: skip
        picture = _made(reply.content)
    except TryLater as error:
        return f"waits: {error}"
    except (NotThere, ExternalApiError, Refused) as error:
        _remember(link)
        logger.info("The picture of member %s in Discord is not used: %s", member.pk, error)
        return "has no picture that we can use"
    _show(member, picture, prefix=FROM_DISCORD)
    _remember(link)
    return "has the picture from Discord"


def is_due(link: LinkedAccount) -> bool:
    """There is a picture in Discord that was not looked at yet, and none that the member sent themselves."""
    named = link.metadata.get("avatar")
    is_free = not link.user.avatar or str(link.user.avatar.name).startswith(FROM_DISCORD)
    return bool(link.verified_at and link.user.is_active and named and named != link.metadata.get(KEPT) and is_free)


def fetch_due() -> list[str]:
    """For members whose picture in Discord is new to us, some at a time; for the job."""
    links = LinkedAccount.objects.filter(provider="discord", metadata__has_key="avatar").select_related("user")
    due = (link for link in links.order_by("pk").iterator(chunk_size=500) if is_due(link))
    return [fetch_discords(link=link) for link in list(islice(due, N_AT_ONCE))]


def _made(content: bytes) -> bytes:
    try:
        picture = opened(content, smallest=SMALLEST, wanted=2 * SIZE)
    except BadPicture as error:
        raise Refused(str(error), code="bad_picture") from error
    square = ImageOps.fit(picture, (SIZE, SIZE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGB", square.size, square.tobytes()).save(out, "WEBP", quality=84, method=6)  # pixels, no more
    return out.getvalue()


def _show(member: User, picture: bytes, *, prefix: str) -> None:
    """A file named after its content and its member: another picture is another address."""
    digest = hashlib.sha256(f"{member.pk}:".encode() + picture).hexdigest()[:24]
    name = f"{prefix}{digest}.webp"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(picture))
    _replace(member, name)


def _replace(member: User, name: str) -> bool:
    before = str(User.objects.values_list("avatar", flat=True).get(pk=member.pk) or "")
    if before == name:
        return False
    User.objects.filter(pk=member.pk).update(avatar=name)
    member.avatar = name  # Django takes the name of a file
    people_changed()
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))
    return True


def _remember(link: LinkedAccount) -> None:
    link.metadata = {**link.metadata, KEPT: link.metadata.get("avatar") or ""}
    link.save(update_fields=["metadata"])

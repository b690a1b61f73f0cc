"""Keys for programs that send listens: shown once, stored as a hash; UUIDs, because some programs check that."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet

from listening.models import ListenToken
from social.errors import Refused
from social.models import User
from social.tokens import MAX_LIVING, hash_of

USE_RESOLUTION = timedelta(minutes=1)  # "last used" is written at most this often
MAX_CLIENT = 64


def make_token(*, user: User, name: str, now: datetime) -> tuple[ListenToken, str]:
    """A new token and its text, a random UUID, which nobody can read again."""
    if living_tokens(user).count() >= MAX_LIVING:
        raise Refused(f"You have {MAX_LIVING} tokens already. Revoke one first.", code="too_many")
    raw = str(uuid.uuid4())
    token = ListenToken(user=user, name=name.strip(), token_hash=hash_of(raw), created_at=now)
    token.full_clean(exclude=["user"])
    token.save()
    return token, raw


def living_tokens(user: User) -> QuerySet[ListenToken]:
    """The member's tokens that still open something."""
    return ListenToken.objects.filter(user=user, revoked_at=None)


def token_for(raw: str) -> ListenToken | None:
    """The token that this text is, with its member; None when it is unknown or revoked, or its member is off."""
    living = ListenToken.objects.filter(revoked_at=None, user__is_active=True)
    return living.select_related("user").filter(token_hash=hash_of(raw.strip().lower())).first()


def note_use(token: ListenToken, *, client: str, now: datetime) -> None:
    """Remember when the token was last used and by which program; at most once a minute."""
    if token.last_used_at is not None and now - token.last_used_at < USE_RESOLUTION:
        return
    token.last_used_at = now
    token.last_client = "".join(each for each in client if each.isprintable()).strip()[:MAX_CLIENT]
    ListenToken.objects.filter(pk=token.pk).update(last_used_at=now, last_client=token.last_client)


def revoke_token(*, token: ListenToken, now: datetime) -> None:
    """From now on the token opens nothing; a second call changes nothing."""
    ListenToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    token.refresh_from_db(fields=["revoked_at"])

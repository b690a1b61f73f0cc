"""The list of albums to hear. What was rated for the first time, or heard whole, leaves it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import Album
from club.errors import ClubRuleBroken
from club.models import WantedAlbum
from club.permissions import require_active
from club.shelves.checks import require_level, standing_album, with_merged
from social.models import User

LONGEST_NOTE = 300


@transaction.atomic
def want(
    *, member: User, album: Album, note: str | None = None, visibility: str | None = None, now: datetime
) -> tuple[WantedAlbum, bool]:
    """Put an album on the member's list, and whether it is new there. What is None stays as it was; "" empties a note.

    An album that the member has heard or rated may be wanted again.
    """
    require_active(member, now)
    require_level(visibility)
    album = standing_album(album)
    given = {"note": _checked(note), "visibility": visibility}
    given = {name: value for name, value in given.items() if value is not None}
    wanted, is_new = WantedAlbum.objects.get_or_create(
        user=member, album=album, defaults={"created_at": now, "is_demo": member.is_demo, **given}
    )
    changed = [name for name, value in given.items() if getattr(wanted, name) != value]
    if changed:
        for name in changed:
            setattr(wanted, name, given[name])
        wanted.save(update_fields=changed)
    return wanted, is_new


def unwant(*, member: User, album: Album) -> bool:
    """Take it off the list; whether it was there."""
    return WantedAlbum.objects.filter(with_merged(standing_album(album)), user=member).delete()[0] > 0


def empty_note(*, wanted: WantedAlbum) -> None:
    """A moderator's act: the words go, the album stays on the list."""
    WantedAlbum.objects.filter(pk=wanted.pk).update(note="")


def _checked(note: str | None) -> str | None:
    if note is None:
        return None
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise ClubRuleBroken(f"A note has at most {LONGEST_NOTE} characters.", code="bad_value")
    if "\x00" in note:
        raise ClubRuleBroken("The note holds a character that cannot be stored.", code="bad_value")
    return note

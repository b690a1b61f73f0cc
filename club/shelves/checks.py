"""What every shelf asks of what it is given."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from catalog.models import Album
from club.errors import ClubRuleBroken
from social.models import User
from social.visibility import Visibility


def standing_album(album: Album) -> Album:
    """The album itself, or the one that it was merged into."""
    while album.merged_into is not None:
        album = album.merged_into
    return album


def with_merged(album: Album) -> Q:
    """Rows about the album, also one that stayed with a row that became part of it."""
    return Q(album=album) | Q(album__merged_into=album)


def today_of(member: User, now: datetime) -> date:
    """The day that it is where the member lives."""
    return now.astimezone(ZoneInfo(member.timezone)).date()


def require_level(visibility: str | None) -> None:
    if visibility is not None and visibility not in Visibility.values:
        raise ClubRuleBroken("Choose who may see it: public, members, followers or me.", code="bad_value")

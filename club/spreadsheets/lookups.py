"""What the cells of an import mean: moments, members, albums."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from catalog.models import Album
from catalog.naming import get_or_create_album
from club.rhythm import local_moment
from club.spreadsheets.csv_rows import BadRow, Row
from social.identity import link_identity, member_of
from social.models import LinkedAccount, User
from social.models.user import HANDLE

DISCORD_ID = re.compile(r"[0-9]{1,20}")


def moment_if_any(row: Row, name: str, zone: ZoneInfo) -> datetime | None:
    """A cell's moment: local where no zone is written, midnight where no time is; None for an empty cell."""
    value: datetime | date | None = row.get(name)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else local_moment(value.date(), value.time(), zone)
    return local_moment(value, time(0), zone)


def moment(row: Row, name: str, zone: ZoneInfo, default: datetime) -> datetime:
    return moment_if_any(row, name, zone) or default


class Lookups:
    """Members and albums by their cells, each asked for once, made where nobody has the name."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.n_new_members = self.n_new_albums = 0
        self.made: set[int] = set()
        self.members: dict[tuple[str, str], User] = {}
        self.albums: dict[tuple[Any, ...], Album] = {}

    def member(self, row: Row) -> User:
        """By Discord id, else by handle."""
        handle, discord_id = row["member"], row.get("discord_id", "")
        if discord_id and not DISCORD_ID.fullmatch(discord_id):
            raise BadRow(f"discord_id: “{discord_id[:32]}” is none. It is a number of up to 20 digits.")
        key = (handle.lower(), discord_id)
        if key not in self.members:
            self.members[key] = self._member(handle, discord_id, row.get("member_name", ""))
        return self.members[key]

    def _member(self, handle: str, discord_id: str, display_name: str) -> User:
        """A Discord id makes members, and never becomes one more way to sign in as somebody who is here already."""
        provider = LinkedAccount.Provider.DISCORD
        if discord_id and (member := member_of(provider=provider, provider_user_id=discord_id)):
            return member
        found: User | None = User.objects.by_handle(handle).first()
        if found is None:
            try:
                HANDLE(handle)
            except ValidationError as error:
                raise BadRow(f"member: “{handle}” is no handle. {error.message}") from error
            found = User.objects.create_user(handle, display_name=display_name[:64], date_joined=self.now)
            self.n_new_members += 1
            if discord_id:
                link_identity(user=found, provider=provider, provider_user_id=discord_id, now=self.now, verified=False)
        elif discord_id:
            raise BadRow(
                f"discord_id: {found.handle} is here already, and has no such Discord account. Leave it empty."
            )
        return found

    def album(self, row: Row) -> Album:
        """By MusicBrainz id, else by artist, title and year."""
        key = (row["artist"], row["album"], row.get("year"), row.get("release_group_mbid"))
        if key not in self.albums:
            artist, title, year, mbid = key
            self.albums[key], is_new = get_or_create_album(
                artist=artist, title=title, year=year, release_group_mbid=mbid
            )
            self.n_new_albums += is_new
        return self.albums[key]

"""A play as a source tells it, before it is anybody's row. Pure: no Django, no clients."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

EARLIEST = datetime(2002, 10, 1, tzinfo=UTC)  # Audioscrobbler's beginning; ListenBrainz refuses what is older
NO_DATE_BEFORE = datetime(1971, 1, 1, tzinfo=UTC)  # second 0 of Unix, in any zone: a source that had no date
MAX_NAME, MAX_TITLE = 300, 500
_MSIDS = UUID("5d1de71e-0c0b-5a1b-9a55-7a1b5c0ffee0").bytes  # the name space of our msids; never change it


class Play(NamedTuple):
    """One play. Times are UTC and the play's start, to the second; "" and None mean: the source did not say.

    mbids are what the source believes: a hint to be verified, never an identity by itself.
    """

    played_at: datetime
    artist: str
    title: str
    album: str = ""
    album_artist: str = ""
    ms_played: int | None = None
    duration_ms: int | None = None
    recording_mbid: UUID | None = None
    release_mbid: UUID | None = None
    artist_mbids: tuple[UUID, ...] = ()
    spotify_id: str = ""
    payload: dict[str, Any] | None = None

    @property
    def msid(self) -> UUID:
        return msid_of(self.artist, self.title)


def msid_of(artist: str, title: str) -> UUID:
    """The id of two names as a source wrote them, without case and outer space: a version 5 UUID.

    The album is left out: services correct it later, and the play would come a second time.
    """
    # What is longer than a name is not kept: fifty thousand of them would be half a gigabyte of one member's making.
    return (_kept_msid if len(artist) + len(title) <= MAX_NAME + MAX_TITLE else _msid)(artist, title)


def _msid(artist: str, title: str) -> UUID:
    said = f"{artist.strip().casefold()}\x1f{title.strip().casefold()}".encode(errors="replace")  # half surrogates
    digest = bytearray(hashlib.sha1(_MSIDS + said, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


_kept_msid = lru_cache(maxsize=50_000)(_msid)


def to_second(moment: datetime) -> datetime:
    """Without fractions: sources differ in them, and ListenBrainz and Last.fm have none."""
    return moment.replace(microsecond=0) if moment.microsecond else moment


@dataclass(frozen=True, slots=True)
class Skipped:
    """A play that was left out: its place among those given (from 0), and why, in words for its member."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the plays of one call: n_new + n_known + n_duplicates + len(skipped) = how many were given.

    n_new: stored, and nobody told them before. n_duplicates: stored beside another source's row of the same play, of
    which one is counted. n_known: told by this source before, or given twice.
    """

    n_new: int = 0
    n_known: int = 0
    n_duplicates: int = 0
    skipped: tuple[Skipped, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.n_new + other.n_new,
            self.n_known + other.n_known,
            self.n_duplicates + other.n_duplicates,
            self.skipped + other.skipped,
        )


class Reason:
    """Why a play is left out. One wording each, so that counts by reason add up."""

    NO_NAMES = "No artist or no title"
    NO_TIME = "No date"
    TOO_OLD = "Dated before October 2002"
    IN_FUTURE = "Dated in the future"
    TOO_SHORT = "Skipped: played under 30 seconds"
    INCOGNITO = "Played in a private session"
    PODCAST = "A podcast or an audiobook"
    VIDEO = "A video"
    UNREADABLE = "Not readable"
    SKIPPED = "Skipped on the player"
    NO_PLAY = "Not a play: loved, or playing at the time"
    REMOVED = "Deleted by you before"
    NOT_MUSIC = "Marked by you as not music"
    PRIVATE_TIME = "In a time that you keep private"

"""`.scrobbler.log` of Rockbox and other players: tabs, one play a line, `L` for listened and `S` for skipped.

With `#TZ/UTC` the times are unix time; with `#TZ/UNKNOWN` the player has a clock without a zone, and its number is the
wall clock where it was carried: read in the member's own zone.
Source: Audioscrobbler portable player logging 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from listening.formats.lines import lines
from listening.formats.rows import Around, LeftOut, Row, Told, from_unix, mbid, milliseconds, names_of, said, whole
from listening.plays import Play, Reason

ARTIST, ALBUM, TITLE, LENGTH_S, RATING, TIME, MBID = 0, 1, 2, 4, 5, 6, 7
HEADERS = ("#AUDIOSCROBBLER/", "#CLIENT/", "#ARTIST\t")


def fits(head: Sequence[str]) -> bool:
    return bool(head) and head[0].startswith("#AUDIOSCROBBLER/")


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    zone: ZoneInfo | None = None
    for number, line in lines(text):
        if line.startswith("#TZ/"):
            zone = around.zone if line.strip() == "#TZ/UNKNOWN" else None
        elif not line.startswith(HEADERS):  # an artist's name may begin with the sign too
            yield number, _told(line.split("\t"), zone)


def _told(row: list[str], zone: ZoneInfo | None) -> Told:
    if len(row) <= TIME:
        return LeftOut(Reason.UNREADABLE, " ".join(row)[:120])
    artist, title = said(row[ARTIST]), said(row[TITLE])
    if not artist or not title or artist == "<Untagged>":
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    if row[RATING].strip().upper() == "S":
        return LeftOut(Reason.SKIPPED, names_of(artist, title))
    played_at = from_unix(row[TIME].strip())
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    length_s = whole(row[LENGTH_S].strip())
    return Play(
        played_at=on_the_wall(played_at, zone) if zone else played_at,
        artist=artist,
        title=title,
        album=said(row[ALBUM]),
        duration_ms=milliseconds(length_s * 1000) if length_s else None,
        recording_mbid=mbid(row[MBID].strip()) if len(row) > MBID else None,
    )


def on_the_wall(shown: datetime, zone: ZoneInfo) -> datetime:
    """What UTC it was when a clock in `zone` showed this; the first of two where it showed it twice."""
    return shown.replace(tzinfo=zone).astimezone(UTC)

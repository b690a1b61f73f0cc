"""Last.fm in separated values, as Benjamin Benben's, ghan.nl's and lastfmstats' exporters and many a script write it.

Columns are found by their names; the oldest exporter wrote none: artist, album, title, time. Unix time is believed
before written time; written time is UTC where it is the only one, the local time beside unix time is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from listening.formats.lines import cells, lines, separator_of
from listening.formats.rows import WRITTEN, Around, LeftOut, Row, Told, from_unix, from_words, mbid, names_of, said
from listening.plays import Play, Reason

COLUMNS = {
    "unix": ("uts", "timestamp", "datetime_unix", "unix", "date_uts"),
    "written": ("utc_time", "date", "datetime", "time"),
    "artist": ("artist", "artist_name"),
    "album": ("album", "album_name"),
    "title": ("track", "title", "name", "track_name", "song"),
    "mbid": ("track_mbid", "mbid"),
    "album_mbid": ("album_mbid",),
    "artist_mbid": ("artist_mbid",),
}
OLDEST = {"artist": 0, "album": 1, "title": 2, "written": 3}


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands; lastfmstats writes the account's name behind the last: `Date#rin`."""
    names = [name.strip().lower().partition("#")[0] for name in header]
    return {
        column: names.index(known[0])
        for column, spellings in COLUMNS.items()
        if (known := [spelling for spelling in spellings if spelling in names])
    }


def fits(head: Sequence[str]) -> bool:
    """head: the first lines of the file."""
    return _columns(head) is not None


def _columns(head: Sequence[str]) -> dict[str, int] | None:
    if not head:
        return None
    found = places_of(cells(head[0], separator_of(head[0])))
    if {"artist", "title"} <= found.keys() and ("unix" in found or "written" in found):
        return found
    bare = [cells(line, ",") for line in head]
    dated = [row for row in bare if len(row) == 4 and (not row[3] or WRITTEN.fullmatch(row[3]))]
    if len(dated) * 3 > len(bare) * 2 and any(row[3] for row in dated):  # a broken line does not hide what it is
        return OLDEST
    return None


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    numbered = lines(text)
    number, first = next(numbered)
    places, separator = places_of(cells(first, separator_of(first))), separator_of(first)
    if not {"artist", "title"} <= places.keys():
        places, separator = OLDEST, ","
        yield number, _told(cells(first, separator), places)
    for number, line in numbered:
        yield number, _told(cells(line, separator), places)


def _told(row: list[str], places: dict[str, int]) -> Told:
    if len(row) <= max(places.values()):
        return LeftOut(Reason.UNREADABLE, " ".join(row)[:120])
    artist, title = said(row[places["artist"]]), said(row[places["title"]])
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_unix(row[places["unix"]]) if "unix" in places else from_words(row[places["written"]])
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    artist_mbid = mbid(row[places["artist_mbid"]]) if "artist_mbid" in places else None
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(row[places["album"]]) if "album" in places else "",
        recording_mbid=mbid(row[places["mbid"]]) if "mbid" in places else None,
        release_mbid=mbid(row[places["album_mbid"]]) if "album_mbid" in places else None,
        artist_mbids=(artist_mbid,) if artist_mbid else (),
    )

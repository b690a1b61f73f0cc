"""Libre.fm: `Artist,Track,Album,Time` under some lines of comment, unix time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from listening.formats.lines import cells, lines
from listening.formats.rows import Around, LeftOut, Row, Told, from_words, mbid, names_of, said
from listening.plays import Play, Reason

NEEDED = {"artist", "track", "album", "time"}
COMMENTS = 20  # lines; the real export has three


def fits(head: Sequence[str]) -> bool:
    return any(_places(line) for line in head[:COMMENTS])


def _places(line: str) -> dict[str, int]:
    names = [name.strip().lower() for name in cells(line, ",")]
    return {name: place for place, name in enumerate(names)} if set(names) >= NEEDED else {}


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    places: dict[str, int] = {}
    for number, line in lines(text):
        if not places:
            places = _places(line)
        else:
            yield number, _told(cells(line, ","), places)


def _told(row: list[str], places: dict[str, int]) -> Told:
    if len(row) < len(places):
        return LeftOut(Reason.UNREADABLE, " ".join(row)[:120])
    artist, title = said(row[places["artist"]]), said(row[places["track"]])
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_words(row[places["time"]])
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    recording = mbid(row[places["mbid"]]) if "mbid" in places else None
    return Play(
        played_at=played_at, artist=artist, title=title, album=said(row[places["album"]]), recording_mbid=recording
    )

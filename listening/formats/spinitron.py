"""Spinitron: a DJ's playlist, a few lines about the show and then `Date-time,Artist,Song,Release,Label`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from listening.formats.lines import cells, lines
from listening.formats.rows import Around, LeftOut, Row, Told, from_iso, names_of, said
from listening.plays import Play, Reason

HEADER = "date-time,artist,song,release"


def fits(head: Sequence[str]) -> bool:
    return any(line.lower().startswith(HEADER) for line in head)


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    has_begun = False
    for number, line in lines(text):
        if has_begun:
            yield number, _told(cells(line, ","))
        has_begun = has_begun or line.lower().startswith(HEADER)


def _told(row: list[str]) -> Told:
    if len(row) < 4:
        return LeftOut(Reason.UNREADABLE, " ".join(row)[:120])
    artist, title, played_at = said(row[1]), said(row[2]), from_iso(row[0])
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    return Play(played_at=played_at, artist=artist, title=title, album=said(row[3]))

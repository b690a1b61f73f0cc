"""Pano Scrobbler: a play a line, `timeMs` its start; lines of another `event` are no plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.lines import json_lines
from listening.formats.rows import Around, LeftOut, Row, Told, from_unix, milliseconds, names_of, said
from listening.plays import Play, Reason


def fits(first: Any) -> bool:
    return isinstance(first, dict) and {"timeMs", "artist", "track"} <= first.keys()


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in json_lines(text):
        yield number, _told(item)


def _told(item: Any) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    artist, title = said(item.get("artist")), said(item.get("track"))
    if item.get("event", "scrobble") != "scrobble":
        return LeftOut(Reason.NO_PLAY, names_of(artist, title))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_unix(item.get("timeMs"))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(item.get("album")),
        album_artist=said(item.get("albumArtist")),
        duration_ms=milliseconds(item.get("durationMs")),
    )

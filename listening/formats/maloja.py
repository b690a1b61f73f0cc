"""Maloja: one object, its plays under `scrobbles` (an export) or `list` (what its interface answers)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.json_text import list_under
from listening.formats.rows import Around, LeftOut, Row, Told, from_unix, milliseconds, names_of, said
from listening.plays import Play, Reason

LISTS = ("scrobbles", "list")


def fits(first: Any) -> bool:
    return isinstance(first, dict) and "time" in first and isinstance(first.get("track"), dict)


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in enumerate(list_under(text, *LISTS), 1):
        yield number, _told(item)


def _together(names: Any) -> str:
    return ", ".join(filter(None, map(said, names))) if isinstance(names, list) else said(names)


def _told(item: Any) -> Told:
    track = item.get("track") if isinstance(item, dict) else None
    if not isinstance(track, dict):
        return LeftOut(Reason.UNREADABLE)
    artist, title = _together(track.get("artists")), said(track.get("title"))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_unix(item.get("time"))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    album = track["album"] if isinstance(track.get("album"), dict) else {}
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(album.get("albumtitle")),
        album_artist=_together(album.get("artists")),
        ms_played=_from_seconds(item.get("duration")),
        duration_ms=_from_seconds(track.get("length")),
    )


def _from_seconds(value: Any) -> int | None:
    return milliseconds(value * 1000) if isinstance(value, int | float) else None

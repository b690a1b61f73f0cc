"""Koito: one object, its plays under `listens`; each name is a list of spellings, one of them the primary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.json_text import list_under
from listening.formats.rows import Around, LeftOut, Row, Told, from_iso, mbid, milliseconds, names_of, said
from listening.plays import Play, Reason


def fits(first: Any) -> bool:
    return isinstance(first, dict) and "listened_at" in first and isinstance(first.get("artists"), list)


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in enumerate(list_under(text, "listens"), 1):
        yield number, _told(item)


def _name(thing: Any) -> str:
    aliases = thing.get("aliases") if isinstance(thing, dict) else None
    spellings = [each for each in aliases if isinstance(each, dict)] if isinstance(aliases, list) else []
    spellings.sort(key=lambda each: not each.get("is_primary"))
    return said(spellings[0].get("alias")) if spellings else ""


def _told(item: Any) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    track, album = (item[name] if isinstance(item.get(name), dict) else {} for name in ("track", "album"))
    listed = item.get("artists")
    artists = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    artists.sort(key=lambda each: not each.get("is_primary"))
    artist, title = ", ".join(filter(None, map(_name, artists))), _name(track)
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_iso(item.get("listened_at"))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    length_s = track.get("duration")
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=_name(album),
        duration_ms=milliseconds(length_s * 1000) if isinstance(length_s, int) else None,
        recording_mbid=mbid(track.get("mbid")),
        release_mbid=mbid(album.get("mbid")),
        artist_mbids=tuple(found for each in artists if (found := mbid(each.get("mbid")))),
    )

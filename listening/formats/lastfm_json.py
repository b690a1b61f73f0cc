"""Last.fm in JSON: pages of `user.getRecentTracks` as ghan.nl's exporter keeps them, and lastfmstats' list.

A page may be the answer itself, its inside, or a bare list; a track alone on its page is no list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.json_text import JsonText, list_under
from listening.formats.rows import Around, LeftOut, Row, Told, from_unix, mbid, names_of, said
from listening.plays import Play, Reason


def fits(first: Any) -> bool:
    """first: the first record of the file's list, or the whole file where that is one object."""
    return any(isinstance(each, dict) and "artist" in each and "name" in each for each in _tracks(first))


def fits_lastfmstats(first: Any) -> bool:
    return isinstance(first, dict) and {"track", "artist", "date"} <= first.keys() and isinstance(first["track"], str)


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    reader = JsonText(text)
    pages = reader.array() if reader.peek() == "[" else iter([reader.value()])
    number = 0
    for page in pages:
        for item in _tracks(page):
            number += 1
            yield number, _told(item)


def lastfmstats_rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in enumerate(list_under(text, "scrobbles"), 1):
        yield number, _flat(item)


def _tracks(page: Any) -> list[Any]:
    for name in ("recenttracks", "track"):
        if isinstance(page, dict) and isinstance(page.get(name), dict | list):
            page = page[name]
    return page if isinstance(page, list) else [page]


def _told(item: Any) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    by, album, date = item.get("artist"), item.get("album"), item.get("date")
    by, album = (each if isinstance(each, dict) else {"#text": each} for each in (by, album))
    artist, title = said(by.get("#text")) or said(by.get("name")), said(item.get("name"))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_unix(date.get("uts") if isinstance(date, dict) else date)  # what plays now has no date
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    artist_mbid = mbid(by.get("mbid"))
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(album.get("#text")),
        recording_mbid=mbid(item.get("mbid")),
        release_mbid=mbid(album.get("mbid")),
        artist_mbids=(artist_mbid,) if artist_mbid else (),
    )


def _flat(item: Any) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    artist, title, played_at = said(item.get("artist")), said(item.get("track")), from_unix(item.get("date"))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(item.get("album")),
        release_mbid=mbid(item.get("albumId")),
    )

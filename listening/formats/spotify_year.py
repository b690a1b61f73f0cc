"""Spotify, account data: the last year's history in `StreamingHistory*.json`.

`endTime` is UTC, to the minute, when the stream ended; there is no album and no word on how it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TextIO

from listening.formats.json_text import JsonText
from listening.formats.rows import Around, LeftOut, Row, Told, from_iso, names_of, said, whole
from listening.formats.spotify_extended import SHORT_MS
from listening.plays import Play, Reason, to_second

NAMELESS = {"", "Unknown Artist", "Unknown Track"}


def fits(first: Any) -> bool:
    return isinstance(first, dict) and {"endTime", "msPlayed"} <= first.keys()


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in enumerate(JsonText(text).array(), 1):
        yield number, _told(item)


def _told(item: Any) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    if "episodeName" in item:
        return LeftOut(Reason.PODCAST, said(item["episodeName"]))
    artist, title = said(item.get("artistName")), said(item.get("trackName"))
    if artist in NAMELESS or title in NAMELESS:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    ended_at, ms_played = from_iso(item.get("endTime")), whole(item.get("msPlayed"))
    if isinstance(ended_at, LeftOut):
        return LeftOut(ended_at.reason, names_of(artist, title))
    if ms_played is None or ms_played >= 2**31:
        return LeftOut(Reason.UNREADABLE, names_of(artist, title))
    if ms_played < SHORT_MS:
        return LeftOut(Reason.TOO_SHORT, names_of(artist, title))
    started_at = to_second(ended_at - timedelta(milliseconds=ms_played))
    return Play(played_at=started_at, artist=artist, title=title, ms_played=ms_played)

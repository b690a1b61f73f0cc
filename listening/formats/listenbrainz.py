"""ListenBrainz: a listen a line (`listens/2025/6.jsonl` in its zip), or all in a list. Sidetrack exports the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.json_text import JsonText
from listening.formats.lines import json_lines
from listening.formats.rows import Around, LeftOut, Row, Told, from_unix, mbid, mbids, milliseconds, names_of, said
from listening.plays import Play, Reason


def fits(first: Any) -> bool:
    return isinstance(first, dict) and {"listened_at", "track_metadata"} <= first.keys()


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in json_lines(text):
        yield number, told(item)


def list_rows(text: TextIO, around: Around) -> Iterator[Row]:
    for number, item in enumerate(JsonText(text).array(), 1):
        yield number, told(item)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def told(item: Any) -> Told:
    """One listen in ListenBrainz's shape; what the submitter said of ids goes before what ListenBrainz found."""
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    about = _object(item.get("track_metadata"))
    more, mapping = _object(about.get("additional_info")), _object(about.get("mbid_mapping"))
    artist, title = said(about.get("artist_name")), said(about.get("track_name"))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    played_at = from_unix(item.get("listened_at"))
    if isinstance(played_at, LeftOut):
        return LeftOut(played_at.reason, names_of(artist, title))
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=said(about.get("release_name")),
        album_artist=said(more.get("release_artist_name")),
        ms_played=milliseconds(more.get("ms_played")) or _from_seconds(more.get("duration_played")),
        duration_ms=milliseconds(more.get("duration_ms")) or _from_seconds(more.get("duration")),
        recording_mbid=mbid(more.get("recording_mbid")) or mbid(mapping.get("recording_mbid")),
        release_mbid=mbid(more.get("release_mbid")) or mbid(mapping.get("release_mbid")),
        artist_mbids=mbids(more.get("artist_mbids")) or mbids(mapping.get("artist_mbids")),
        spotify_id=_spotify_id(more.get("spotify_id")),
    )


def _from_seconds(value: Any) -> int | None:
    return milliseconds(value * 1000) if isinstance(value, int | float) and 0 < value < 10**6 else None


def _spotify_id(value: Any) -> str:
    return said(value).rpartition("/track/")[2].partition("?")[0] if "/track/" in said(value) else ""

"""Spotify, extended streaming history: `Streaming_History_Audio_*.json`, before 2023 `endsong_*.json`.

`ts` is when the stream ended (support.spotify.com, “Understanding my data”): the start is `ts` − `ms_played`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TextIO

from listening.formats.json_text import JsonText
from listening.formats.rows import Around, LeftOut, Row, Told, from_iso, names_of, said, whole
from listening.plays import Play, Reason, to_second

SHORT_MS = 30_000
# How a stream ends that its listener broke off: ListenBrainz's list. A short track that ended by itself is a play.
BROKEN_OFF = {
    "", "fwdbtn", "backbtn", "clickrow", "clickside", "endplay", "playbtn", "remote", "logout", "popup",
    "trackerror", "unexpected-exit", "unexpected-exit-while-paused", "unknown",
}  # fmt: skip


def fits(first: Any) -> bool:
    return isinstance(first, dict) and {"ts", "ms_played"} <= first.keys()


def rows(text: TextIO, around: Around) -> Iterator[Row]:
    is_video = "video" in around.part_name.lower()
    for number, item in enumerate(JsonText(text).array(), 1):
        yield number, _told(item, is_video=is_video)


def _told(item: Any, *, is_video: bool) -> Told:
    if not isinstance(item, dict):
        return LeftOut(Reason.UNREADABLE)
    get = item.get
    artist, title = said(get("master_metadata_album_artist_name")), said(get("master_metadata_track_name"))
    if get("incognito_mode"):
        return LeftOut(Reason.INCOGNITO, names_of(artist, title))
    if is_video:
        return LeftOut(Reason.VIDEO, names_of(artist, title))
    if get("episode_name") or get("spotify_episode_uri") or get("audiobook_title"):
        return LeftOut(Reason.PODCAST, said(get("episode_name")) or said(get("audiobook_title")))
    if not artist or not title:
        return LeftOut(Reason.NO_NAMES, names_of(artist, title))
    ended_at, ms_played = from_iso(get("ts")), whole(get("ms_played"))
    if isinstance(ended_at, LeftOut):
        return LeftOut(ended_at.reason, names_of(artist, title))
    if ms_played is None or ms_played >= 2**31:
        return LeftOut(Reason.UNREADABLE, names_of(artist, title))
    if ms_played < SHORT_MS and (not ms_played or get("skipped") or said(get("reason_end")) in BROKEN_OFF):
        return LeftOut(Reason.TOO_SHORT, names_of(artist, title))
    return Play(
        played_at=to_second(ended_at - timedelta(milliseconds=ms_played)),
        artist=artist,
        title=title,
        album=said(get("master_metadata_album_album_name")),
        ms_played=ms_played,
        spotify_id=said(get("spotify_track_uri")).removeprefix("spotify:track:"),
    )

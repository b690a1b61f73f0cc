"""What Spotify answers about a member, as plain records.

`played_at` of a play is when it ended (spotify/web-api issue 1199, multi-scrobbler); the start is that less the track's
length. A track that was left early began later than this says: Spotify does not tell how much of it was heard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from catalog.clients.spotify import SpotifyTrack, read_track
from listening.plays import Play, Reason, to_second

NOT_KEPT = frozenset({"available_markets", "images", "external_urls", "href", "preview_url"})  # most of the bytes


@dataclass(frozen=True)
class RecentlyPlayed:
    """Plays, newest first. newest_ms, oldest_ms: their ends, in milliseconds since 1970, as the cursor counts."""

    plays: tuple[Play, ...]
    skipped: Mapping[str, int]
    n_items: int
    newest_ms: int | None
    oldest_ms: int | None


@dataclass(frozen=True)
class PlayingNow:
    """Music that plays at this moment, `progress_ms` of it already."""

    artist: str
    title: str
    album: str
    duration_ms: int | None
    progress_ms: int


@dataclass(frozen=True)
class Tokens:
    """A member's permission. refresh_token is "" where the one that is held stays good."""

    access_token: str
    refresh_token: str
    lasts_s: int
    scopes: str


@dataclass(frozen=True)
class Profile:
    spotify_id: str
    name: str


@dataclass(frozen=True)
class MadePlaylist:
    spotify_id: str
    url: str


def read_recently_played(body: Any, *, keeps_payload: bool = True) -> RecentlyPlayed | None:
    """The answer of `me/player/recently-played`; None for what is no such answer."""
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        return None
    plays: list[Play] = []
    skipped: Counter[str] = Counter()
    for item in items:
        play = read_play(item, keeps_payload=keeps_payload)
        if isinstance(play, Play):
            plays.append(play)
        else:
            skipped[play] += 1
    ends = [round(end.timestamp() * 1000) for item in items if (end := _end(item)) is not None]
    return RecentlyPlayed(
        plays=tuple(plays),
        skipped=dict(skipped),
        n_items=len(items),
        newest_ms=max(ends, default=None),
        oldest_ms=min(ends, default=None),
    )


def read_play(item: Any, *, keeps_payload: bool = True) -> Play | str:
    """One item, or the reason why it is no play."""
    body = item.get("track") if isinstance(item, dict) else None
    if not isinstance(body, dict):
        return Reason.UNREADABLE
    if body.get("type") == "episode":
        return Reason.PODCAST
    track = _music(body)
    if track is None:
        return Reason.NO_NAMES
    end = _end(item)
    if end is None:
        return Reason.NO_TIME
    return Play(
        played_at=to_second(end - timedelta(milliseconds=track.duration_ms or 0)),
        artist=credit_of(track),
        title=track.title,
        album=track.album.title if track.album else "",
        album_artist=track.album.artists[0] if track.album and track.album.artists else "",
        duration_ms=track.duration_ms,
        spotify_id=track.spotify_id,
        payload=_lean(item) if keeps_payload else None,
    )


def credit_of(track: SpotifyTrack) -> str:
    """“Robert Plant feat. Alison Krauss”: Spotify's exports and Last.fm name the first artist alone.

    Spotify gives no words between artists; these keep the play with the first one, and the others in the credit.
    """
    first, *others = track.artists
    return f"{first} feat. {', '.join(others)}" if others else first


def read_playing(body: Any) -> PlayingNow | None:
    """The answer of `me/player/currently-playing`; None for silence, podcasts, advertising and private sessions."""
    if not isinstance(body, dict) or not body.get("is_playing") or not isinstance(body.get("item"), dict):
        return None
    if body.get("currently_playing_type", "track") != "track" or body["item"].get("type", "track") != "track":
        return None
    device = body.get("device")
    if isinstance(device, dict) and device.get("is_private_session"):
        return None
    track = _music(body["item"])
    if track is None:
        return None
    progress = body.get("progress_ms")
    return PlayingNow(
        artist=credit_of(track),
        title=track.title,
        album=track.album.title if track.album else "",
        duration_ms=track.duration_ms,
        progress_ms=progress if isinstance(progress, int) and progress > 0 else 0,
    )


def read_tokens(body: Mapping[str, Any]) -> Tokens:
    return Tokens(
        access_token=str(body["access_token"]),
        refresh_token=str(body.get("refresh_token") or ""),
        lasts_s=int(body.get("expires_in") or 3600),
        scopes=str(body.get("scope") or ""),
    )


def read_profile(body: Any) -> Profile | None:
    if not isinstance(body, dict) or not body.get("id"):
        return None
    return Profile(str(body["id"]), str(body.get("display_name") or ""))


def read_playlist(body: Any) -> MadePlaylist | None:
    if not isinstance(body, dict) or not body.get("id"):
        return None
    addresses = body.get("external_urls")
    url = addresses.get("spotify") if isinstance(addresses, dict) else ""
    return MadePlaylist(str(body["id"]), str(url or ""))


def _music(body: dict[str, Any]) -> SpotifyTrack | None:
    """A track with names; a file of the member's own disk has no id, and none is made up for it."""
    track = read_track({**body, "id": body.get("id") or "local"})
    if track is None or not track.artists:
        return None
    return track if body.get("id") else replace(track, spotify_id="")


def _end(item: Any) -> datetime | None:
    said = item.get("played_at") if isinstance(item, dict) else None
    try:
        end = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    if end is None:
        return None
    return end.replace(tzinfo=UTC) if end.tzinfo is None else end.astimezone(UTC)


def _lean(value: Any) -> Any:
    """Without markets, pictures and addresses, which say nothing about the play."""
    if isinstance(value, list):
        return [_lean(each) for each in value]
    if isinstance(value, dict):
        return {name: _lean(each) for name, each in value.items() if name not in NOT_KEPT}
    return value

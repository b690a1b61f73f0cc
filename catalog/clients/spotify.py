"""Spotify's catalogue, with the application's own keys: https://developer.spotify.com/documentation/web-api"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import cache

from catalog.clients.remembering import remembered
from sidetrack.http import NeedsRelink, OddReply, Params, Service

ANSWERS_LAST = timedelta(days=1)
BUDGET = "catalogue"
MARGIN_S = 60  # a token is not used in its last minute


class KeysRefused(OddReply):
    """Spotify does not know this installation: its keys are wrong, or the application is gone."""


@dataclass(frozen=True)
class SpotifyImage:
    url: str
    width: int


@dataclass(frozen=True)
class SpotifyAlbum:
    spotify_id: str
    title: str
    artists: tuple[str, ...]
    release_date: str
    album_type: str
    n_tracks: int
    images: tuple[SpotifyImage, ...]

    @property
    def year(self) -> int | None:
        return int(self.release_date[:4]) if self.release_date[:4].isdigit() else None

    def image_for(self, size: int) -> str:
        """The smallest picture that is at least `size` wide, else the largest; "" without pictures."""
        by_width = sorted(self.images, key=lambda image: image.width)
        return next((image.url for image in by_width if image.width >= size), by_width[-1].url if by_width else "")


@dataclass(frozen=True)
class SpotifyTrack:
    spotify_id: str
    title: str
    artists: tuple[str, ...]
    duration_ms: int | None
    disc: int
    position: int
    isrc: str
    album: SpotifyAlbum | None


def read_album(body: Any) -> SpotifyAlbum | None:
    """An album of an album, search or track answer; None for what has no id or name (relinked, local, taken down)."""
    if not isinstance(body, dict) or not body.get("id") or not body.get("name"):
        return None
    images = [image for image in body.get("images") or [] if isinstance(image, dict) and image.get("url")]
    return SpotifyAlbum(
        spotify_id=str(body["id"]),
        title=str(body["name"]),
        artists=_artists(body),
        release_date=str(body.get("release_date") or ""),
        album_type=str(body.get("album_type") or ""),
        n_tracks=int(body.get("total_tracks") or (body.get("tracks") or {}).get("total") or 0),
        images=tuple(SpotifyImage(str(image["url"]), int(image.get("width") or 0)) for image in images),
    )


def read_track(body: Any) -> SpotifyTrack | None:
    if not isinstance(body, dict) or not body.get("id") or not body.get("name"):
        return None
    return SpotifyTrack(
        spotify_id=str(body["id"]),
        title=str(body["name"]),
        artists=_artists(body),
        duration_ms=int(body["duration_ms"]) if body.get("duration_ms") else None,
        disc=int(body.get("disc_number") or 1),
        position=int(body.get("track_number") or 0),
        isrc=str((body.get("external_ids") or {}).get("isrc") or ""),
        album=read_album(body.get("album")),
    )


def read_found_albums(body: Any) -> tuple[SpotifyAlbum, ...]:
    return tuple(album for each in _items(body, "albums") if (album := read_album(each)) is not None)


def read_found_tracks(body: Any) -> tuple[SpotifyTrack, ...]:
    return tuple(track for each in _items(body, "tracks") if (track := read_track(each)) is not None)


def _items(body: Any, kind: str) -> list[Any]:
    page = body.get(kind) if isinstance(body, dict) else None
    items = page.get("items") if isinstance(page, dict) else None
    return items if isinstance(items, list) else []


def _artists(body: dict[str, Any]) -> tuple[str, ...]:
    artists = body.get("artists") or []
    return tuple(str(artist["name"]) for artist in artists if isinstance(artist, dict) and artist.get("name"))


def is_configured() -> bool:
    return bool(settings.SPOTIFY_CLIENT_ID and settings.SPOTIFY_CLIENT_SECRET)


@lru_cache(maxsize=16)
def spotify_service(base_url: str, budget: str) -> Service:
    """Spotify at one of its two addresses. Each budget has pauses of its own: they may last a day."""
    return Service("Spotify", base_url=base_url, budget=f"Spotify {budget}", keeps_pauses=True)


def ask_for_token(
    form: Mapping[str, str], *, action: str, budget: str, wait_s: float | None, is_safe_twice: bool
) -> dict[str, Any]:
    """What the accounts service answers to the application: at least an access token.

    KeysRefused where it does not know us, NeedsRelink where the member took their permission back (invalid_grant).
    """
    service = spotify_service(settings.SPOTIFY_ACCOUNTS_URL, budget)
    try:
        body = service.request(
            "POST",
            "/api/token",
            data=form,
            auth=(settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET),
            action=action,
            wait_s=wait_s,
            is_safe_twice=is_safe_twice,
        ).json()
    except (NeedsRelink, OddReply) as error:
        code = error.said().get("error")
        if code == "invalid_grant":
            raise NeedsRelink("Spotify no longer accepts the member's permission.", status=error.status) from error
        if error.status == 401 or code in {"invalid_client", "unauthorized_client"}:
            words = "Spotify does not accept our keys: check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET."
            raise KeysRefused(words, status=401) from error
        raise
    if not isinstance(body, dict) or not body.get("access_token"):
        raise OddReply(f"Spotify could not {action}: the answer holds no token.")
    return body


class SpotifyCatalogue:
    """What anybody may ask Spotify; nothing of a member's account."""

    def __init__(self, *, now: datetime, wait_s: float | None = None) -> None:
        if not is_configured():
            raise OddReply("Spotify is off: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET.")
        self.now = now
        self.wait_s = wait_s

    def search_albums(self, *, artist: str, title: str, limit: int = 10) -> tuple[SpotifyAlbum, ...]:
        """https://developer.spotify.com/documentation/web-api/reference/search"""
        query = f'album:"{_plain(title)}" artist:"{_plain(artist)}"'
        params: Params = {"q": query, "type": "album", "limit": limit}
        return read_found_albums(self._ask("/v1/search", params, "search the album", title))

    def search_tracks(self, *, artist: str, title: str, limit: int = 10) -> tuple[SpotifyTrack, ...]:
        query = f'track:"{_plain(title)}" artist:"{_plain(artist)}"'
        params: Params = {"q": query, "type": "track", "limit": limit}
        return read_found_tracks(self._ask("/v1/search", params, "search the track", title))

    def album(self, spotify_id: str) -> SpotifyAlbum:
        """https://developer.spotify.com/documentation/web-api/reference/get-an-album"""
        if not spotify_id.isalnum():
            raise OddReply("Spotify knows no ids with other signs than letters and digits.")
        album = read_album(self._ask(f"/v1/albums/{spotify_id}", {}, "look up the album", spotify_id))
        if album is None:
            raise OddReply(f"Spotify answered for the album {spotify_id} without its id or name.")
        return album

    def track(self, spotify_id: str) -> SpotifyTrack:
        """https://developer.spotify.com/documentation/web-api/reference/get-track"""
        if not spotify_id.isalnum():
            raise OddReply("Spotify knows no ids with other signs than letters and digits.")
        track = read_track(self._ask(f"/v1/tracks/{spotify_id}", {}, "look up the track", spotify_id))
        if track is None:
            raise OddReply(f"Spotify answered for the track {spotify_id} without its id or name.")
        return track

    def _ask(self, path: str, params: Params, action: str, subject: str) -> Any:
        def ask() -> Any:
            service = spotify_service(settings.SPOTIFY_API_URL, BUDGET)
            for is_fresh in (False, True):
                headers = {"Authorization": f"Bearer {self._token(is_fresh=is_fresh)}"}
                try:
                    return service.get(
                        path, params=params, headers=headers, action=action, subject=subject, wait_s=self.wait_s
                    )
                except NeedsRelink as error:  # the application's token was withdrawn early: once more with a new one
                    if is_fresh:
                        raise OddReply(f"Spotify does not accept our keys: could not {action}.", status=401) from error
            raise AssertionError("unreachable")

        return remembered(service="spotify", path=path, params=params, ask=ask, now=self.now, keep_for=ANSWERS_LAST)

    def _token(self, *, is_fresh: bool) -> str:
        """https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow"""
        keys = f"{settings.SPOTIFY_CLIENT_ID}:{settings.SPOTIFY_CLIENT_SECRET}"
        name = f"spotify-catalogue-token:{hashlib.sha256(keys.encode()).hexdigest()[:16]}"
        if not is_fresh and (kept := cache.get(name)):
            return str(kept)
        body = ask_for_token(
            {"grant_type": "client_credentials"},
            action="let the catalogue in",
            budget=BUDGET,
            wait_s=self.wait_s,
            is_safe_twice=True,
        )
        token = str(body["access_token"])
        cache.set(name, token, timeout=max(1, int(body.get("expires_in") or 3600) - MARGIN_S))
        return token


def _plain(text: str) -> str:
    """Without the quotes that delimit a field."""
    return text.replace('"', " ").strip()


def trusted_hosts() -> list[str]:
    """Where this installation's Spotify is, which may be a private address (a server in a test)."""
    return [settings.SPOTIFY_API_URL]

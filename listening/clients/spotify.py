"""A member's Spotify, by their permission: what they played, what plays, their playlists.

https://developer.spotify.com/documentation/web-api. The paths are those of February 2026 (`me/playlists`,
`playlists/…/items`), which are the only ones for applications in development mode:
https://developer.spotify.com/documentation/web-api/references/changes/february-2026
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from catalog.clients.spotify import spotify_service
from listening.clients.spotify_permission import BUDGET, token_of
from listening.clients.spotify_records import (
    MadePlaylist,
    PlayingNow,
    Profile,
    RecentlyPlayed,
    Tokens,
    read_playing,
    read_playlist,
    read_profile,
    read_recently_played,
)
from sidetrack.http import NeedsRelink, OddReply, Params, Reply
from social.models import LinkedAccount

MOST_PLAYS = 50  # that one answer holds, and that Spotify remembers at all
MOST_ITEMS = 100  # in one request that writes a playlist
EXPORTS = "exports"  # a budget: long playlists never keep us from reading what is played


def profile_of(tokens: Tokens, *, wait_s: float | None = None) -> Profile:
    """Whose permission this is: https://developer.spotify.com/documentation/web-api/reference/get-current-users-profile"""
    try:
        reply = spotify_service(settings.SPOTIFY_API_URL, BUDGET).get(
            "/v1/me",
            headers={"Authorization": f"Bearer {tokens.access_token}"},
            action="say whose account this is",
            wait_s=wait_s,
        )
    except OddReply as error:
        raise _forbidden(error) or error from None
    profile = read_profile(reply.json())
    if profile is None:
        raise OddReply(f"{reply.about}: the answer names nobody.")
    return profile


class SpotifyAccount:
    """One linked account. wait_s: as in `sidetrack.http.Service.request`; budget: whose pauses are minded."""

    def __init__(
        self, link: LinkedAccount, *, now: datetime, wait_s: float | None = None, budget: str = BUDGET
    ) -> None:
        self.link = link
        self.now = now
        self.wait_s = wait_s
        self.budget = budget

    def recently_played(self, *, after_ms: int | None = None) -> RecentlyPlayed:
        """Plays that ended after this millisecond of Unix time; the last fifty are all that there are.

        https://developer.spotify.com/documentation/web-api/reference/get-recently-played
        """
        params: dict[str, str | int] = {"limit": MOST_PLAYS}
        if after_ms is not None:
            params["after"] = after_ms
        reply = self._ask("GET", "/v1/me/player/recently-played", "read what was played", params=params)
        played = read_recently_played(reply.json())
        if played is None:
            raise OddReply(f"{reply.about}: the answer holds no plays.", status=reply.status)
        return played

    def currently_playing(self) -> PlayingNow | None:
        """https://developer.spotify.com/documentation/web-api/reference/get-the-users-currently-playing-track"""
        path = "/v1/me/player/currently-playing"
        reply = self._ask("GET", path, "read what plays", params={"additional_types": "track"})
        return None if reply.status == 204 or not reply.content else read_playing(reply.json())

    def create_playlist(self, *, name: str, description: str = "", is_public: bool = False) -> MadePlaylist:
        """https://developer.spotify.com/documentation/web-api/reference/create-playlist"""
        body = {"name": name, "description": " ".join(description.split()), "public": is_public}
        reply = self._ask("POST", "/v1/me/playlists", "make a playlist", json=body)
        playlist = read_playlist(reply.json())
        if playlist is None:
            raise OddReply(f"{reply.about}: the answer does not name it.")
        return playlist

    def replace_items(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        """Make the playlist hold exactly these tracks in this order; interrupted, it is to be called again.

        https://developer.spotify.com/documentation/web-api/reference/reorder-or-replace-playlists-items
        """
        checked_id(playlist_id)
        uris = [f"spotify:track:{checked_id(track_id)}" for track_id in track_ids]
        path = f"/v1/playlists/{playlist_id}/items"
        for start in range(0, max(1, len(uris)), MOST_ITEMS):
            method = "POST" if start else "PUT"  # the first hundred take the place of all, the others follow
            self._ask(method, path, "fill the playlist", json={"uris": uris[start : start + MOST_ITEMS]})

    def _ask(self, method: str, path: str, action: str, *, params: Params | None = None, json: Any = None) -> Reply:
        service = spotify_service(settings.SPOTIFY_API_URL, self.budget)
        refused = ""
        while True:
            token = token_of(self.link, now=self.now, refused=refused, wait_s=self.wait_s)
            try:
                return service.request(
                    method,
                    path,
                    params=params,
                    json=json,
                    headers={"Authorization": f"Bearer {token}"},
                    action=action,
                    wait_s=self.wait_s,
                    is_safe_twice=method != "POST",
                )
            except NeedsRelink:
                if refused:
                    raise
                refused = token  # withdrawn before its hour was over: once more with a new one
            except OddReply as error:
                raise _forbidden(error) or error from None


def checked_id(text: str) -> str:
    """An id that may be put into an address."""
    if not (text.isascii() and text.isalnum()):
        raise OddReply(f"Spotify knows no ids with other signs than letters and digits, such as {text!r}.")
    return text


def _forbidden(error: OddReply) -> NeedsRelink | None:
    """A permission may be too narrow, and an application in development mode serves only whom its owner added."""
    if error.status != 403:
        return None
    words = error.body.decode("utf-8", "replace").lower()
    if "scope" in words:
        return NeedsRelink("Spotify says that you permitted too little.", status=403)
    if "registered" in words or "developer" in words:
        return NeedsRelink(
            "Spotify lets this site in only for people whom its operator has added there: ask them first.",
            status=403,
        )
    return None

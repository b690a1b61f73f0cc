"""A Spotify for tests: gives tokens, tells what was played and what plays, keeps playlists, and fails when told to."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings as django_settings

from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving


@dataclass(frozen=True)
class Heard:
    """A play by its end. `spotify_id` None: a file of the member's own."""

    ended_at: datetime
    artists: tuple[str, ...]
    title: str
    album: str = "Album"
    length_s: int = 240
    spotify_id: str | None = "02MWAaffLxlfxAUY7c5dvx"
    kind: str = "track"


@dataclass
class FakeSpotify:
    """`plays` in any order; `failures` are served first, one a request.

    good: the access tokens that it takes now. refresh_tokens: those that it renews. rotates: a renewal spends its
    refresh token and gives a new one. codes: those that members came back with, each with its challenge.
    on_renewal: called before each renewal: the place where the world changes.
    """

    plays: list[Heard] = field(default_factory=list)
    playing: dict[str, Any] | None = None
    failures: list[Answer] = field(default_factory=list)
    good: set[str] = field(default_factory=lambda: {"access-0"})
    refresh_tokens: set[str] = field(default_factory=lambda: {"refresh-0"})
    rotates: bool = False
    on_renewal: Callable[[], None] = lambda: None
    codes: dict[str, str] = field(default_factory=dict)
    playlists: dict[str, list[str]] = field(default_factory=dict)
    keys: tuple[str, str] = ("id", "secret")
    n_tokens: int = 0
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.failures:
            return self.failures.pop(0)
        if asked.path == "/api/token":
            return self.token(asked)
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.good:
            return refusal(401, "The access token expired")
        match asked.method, asked.path.split("/")[2:]:
            case "GET", ["me"]:
                return reply({"id": "listener", "display_name": "A Listener"})
            case "GET", ["me", "player", "recently-played"]:
                return reply(self.recently_played(asked.params))
            case "GET", ["me", "player", "currently-playing"]:
                return reply(self.playing) if self.playing else Answer(204, b"")
            case "POST", ["me", "playlists"]:
                playlist_id = f"playlist{len(self.playlists)}"
                self.playlists[playlist_id] = []
                url = f"https://open.spotify.com/playlist/{playlist_id}"
                return reply({"id": playlist_id, "external_urls": {"spotify": url}}, 201)
            case ("PUT" | "POST") as method, ["playlists", playlist_id, "items"] if playlist_id in self.playlists:
                uris = json.loads(asked.body)["uris"]
                if len(uris) > 100:
                    return refusal(400, "Too many ids requested")
                self.playlists[playlist_id] = uris if method == "PUT" else self.playlists[playlist_id] + uris
                return reply({"snapshot_id": "x"}, 200 if method == "PUT" else 201)
        return refusal(404, "Service not found")

    def token(self, asked: Asked) -> Answer:
        said = base64.b64decode(asked.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if said != ":".join(self.keys):
            return reply({"error": "invalid_client", "error_description": "Invalid client"}, 400)
        form = dict(parse_qsl(asked.body.decode()))
        if form["grant_type"] == "authorization_code":
            return self.new_tokens("refresh-0") if self.is_redeemed_by_who_asked(form) else invalid_grant()
        self.on_renewal()
        if form.get("refresh_token") not in self.refresh_tokens:
            return invalid_grant()
        if not self.rotates:
            return self.new_tokens("")
        self.refresh_tokens.remove(form["refresh_token"])
        return self.new_tokens(f"refresh-{self.n_tokens + 1}")

    def is_redeemed_by_who_asked(self, form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        return self.codes.pop(form["code"], "") == base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def new_tokens(self, refresh_token: str) -> Answer:
        self.n_tokens += 1
        self.good.add(f"access-{self.n_tokens}")
        body = {"access_token": f"access-{self.n_tokens}", "token_type": "Bearer", "expires_in": 3600, "scope": "a b"}
        if refresh_token:
            self.refresh_tokens.add(refresh_token)
            body["refresh_token"] = refresh_token
        return reply(body)

    def recently_played(self, params: dict[str, str]) -> dict[str, Any]:
        """The last fifty are all that it knows, whatever is asked for."""
        known = sorted(self.plays, key=lambda each: each.ended_at, reverse=True)[:50]
        after = int(params.get("after", 0))
        found = [each for each in known if each.ended_at.timestamp() * 1000 > after][: int(params.get("limit", 20))]
        return {"items": [item(each) for each in found], "next": None, "limit": 50, "cursors": {}}

    def renewals(self) -> int:
        return sum(each.path == "/api/token" for each in self.asked)

    @contextmanager
    def running(self) -> Iterator[LocalServer]:
        """Served where the settings look for Spotify; a test that asks for `settings` has them put back."""
        with serving(self.answer) as server:
            django_settings.SPOTIFY_API_URL = django_settings.SPOTIFY_ACCOUNTS_URL = server.url
            django_settings.SPOTIFY_CLIENT_ID, django_settings.SPOTIFY_CLIENT_SECRET = self.keys
            yield server


def item(heard: Heard) -> dict[str, Any]:
    moment = heard.ended_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"track": music(heard), "played_at": moment, "context": None}


def music(heard: Heard) -> dict[str, Any]:
    artists = [{"name": name, "type": "artist", "href": "https://x"} for name in heard.artists]
    album = {"id": "album", "name": heard.album, "artists": artists[:1], "images": [], "available_markets": ["DE"]}
    return {
        "id": heard.spotify_id,
        "name": heard.title,
        "artists": artists,
        "album": album,
        "duration_ms": heard.length_s * 1000,
        "is_local": heard.spotify_id is None,
        "type": heard.kind,
        "available_markets": ["DE", "AT"],
    }


def now_playing_of(heard: Heard, *, progress_s: int, **changes: Any) -> dict[str, Any]:
    body = {"is_playing": True, "progress_ms": progress_s * 1000, "item": music(heard)}
    return {**body, "currently_playing_type": "track", "timestamp": 1, **changes}


def minutes(start: datetime, *offsets: int) -> list[datetime]:
    return [start + timedelta(minutes=offset) for offset in offsets]


def reply(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode())


def invalid_grant() -> Answer:
    return reply({"error": "invalid_grant", "error_description": "Refresh token revoked"}, 400)


def refusal(status: int, message: str, **headers: str) -> Answer:
    body = {"error": {"status": status, "message": message}}
    return Answer(status, json.dumps(body).encode(), {name.replace("_", "-"): value for name, value in headers.items()})

"""A Spotify for tests: gives tokens, tells what was played and what plays, keeps playlists, and fails when told to."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

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
    playlists: what each holds; heads: its name, description and whether it is public; library: those not taken out.
    catalogue: bodies of tracks that a search may find. loses: (method, path) that is done once without an answer.
    person: who sits at the browser and agrees, None: who turns back. grants: what they agree to; "": all of it.
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
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    library: list[str] = field(default_factory=list)
    catalogue: list[dict[str, Any]] = field(default_factory=list)
    loses: list[tuple[str, str]] = field(default_factory=list)
    keys: tuple[str, str] = ("id", "secret")
    person: dict[str, Any] | None = field(default_factory=lambda: {"id": "listener", "display_name": "A Listener"})
    grants: str = ""
    scopes: str = "a b"
    redirect_uris: dict[str, str] = field(default_factory=dict)
    n_tokens: int = 0
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.failures:
            return self.failures.pop(0)
        answered = self.done(asked)
        if (asked.method, asked.path) in self.loses:
            self.loses.remove((asked.method, asked.path))
            return refusal(502, "Bad gateway")
        return answered

    def done(self, asked: Asked) -> Answer:
        if asked.path == "/authorize":
            return self.authorize(asked.params)
        if asked.path == "/api/token":
            return self.token(asked)
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.good:
            return refusal(401, "The access token expired")
        match asked.method, asked.path.split("/")[2:]:
            case "GET", ["me"]:
                return reply(self.person or {})
            case "GET", ["me", "player", "recently-played"]:
                return reply(self.recently_played(asked.params))
            case "GET", ["me", "player", "currently-playing"]:
                return reply(self.playing) if self.playing else Answer(204, b"")
            case "GET", ["search"]:
                return reply({"tracks": {"items": self.found(asked.params["q"]), "next": None}})
            case "GET", ["me", "playlists"]:
                return reply(self.own_playlists(asked.params))
            case "PUT", ["me", "library"]:
                playlist_id = asked.params["uris"].rsplit(":", 1)[-1]
                self.library = [playlist_id, *(each for each in self.library if each != playlist_id)]
                return Answer(200, b"")
            case "PUT", ["playlists", playlist_id] if playlist_id in self.playlists:
                self.heads[playlist_id] = json.loads(asked.body)
                return Answer(200, b"")
            case "POST", ["me", "playlists"]:
                playlist_id = f"playlist{len(self.heads)}"
                self.playlists[playlist_id] = []
                self.heads[playlist_id] = json.loads(asked.body)
                self.library.insert(0, playlist_id)
                url = f"https://open.spotify.com/playlist/{playlist_id}"
                return reply({"id": playlist_id, "external_urls": {"spotify": url}}, 201)
            case ("PUT" | "POST") as method, ["playlists", playlist_id, "items"] if playlist_id in self.playlists:
                uris = json.loads(asked.body)["uris"]
                if len(uris) > 100:
                    return refusal(400, "Too many ids requested")
                self.playlists[playlist_id] = uris if method == "PUT" else self.playlists[playlist_id] + uris
                return reply({"snapshot_id": "x"}, 200 if method == "PUT" else 201)
        return refusal(404, "Service not found")

    def authorize(self, params: dict[str, str]) -> Answer:
        """The member's browser is sent back at once: it agrees to what was asked for, or turns back."""
        if params["client_id"] != self.keys[0] or params["code_challenge_method"] != "S256":
            return reply({"error": "invalid_request"}, 400)
        code = f"code-{len(self.redirect_uris)}"
        self.codes[code], self.redirect_uris[code] = params["code_challenge"], params["redirect_uri"]
        self.scopes = self.grants or params["scope"]
        said = {"code": code} if self.person else {"error": "access_denied"}
        back = f"{params['redirect_uri']}?{urlencode({**said, 'state': params['state']})}"
        return Answer(302, b"", {"Location": back})

    def token(self, asked: Asked) -> Answer:
        said = base64.b64decode(asked.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if said != ":".join(self.keys):
            return reply({"error": "invalid_client", "error_description": "Invalid client"}, 400)
        form = dict(parse_qsl(asked.body.decode()))
        if form["grant_type"] == "client_credentials":
            return self.new_tokens("")
        if form["grant_type"] == "authorization_code":
            return self.new_tokens("refresh-0") if self.is_redeemed_by_who_asked(form) else invalid_grant()
        self.on_renewal()
        if form.get("refresh_token") not in self.refresh_tokens:
            return invalid_grant()
        if not self.rotates:
            return self.new_tokens("")
        self.refresh_tokens.remove(form["refresh_token"])
        return self.new_tokens(f"refresh-{self.n_tokens + 1}")

    def found(self, query: str) -> list[dict[str, Any]]:
        """What the words of the title stand in, more than was meant, as a search answers."""
        title = query.split('track:"', 1)[1].split('"', 1)[0].casefold()
        return [each for each in self.catalogue if title.split()[0] in each["name"].casefold()][:10]

    def own_playlists(self, params: dict[str, str]) -> dict[str, Any]:
        """Newest first, in the shape of the service; its descriptions are HTML."""
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 20))
        rows = [
            {
                "id": playlist_id,
                "name": self.heads[playlist_id]["name"],
                "description": html.escape(self.heads[playlist_id].get("description", "")),
                "public": self.heads[playlist_id].get("public"),
                "external_urls": {"spotify": f"https://open.spotify.com/playlist/{playlist_id}"},
            }
            for playlist_id in self.library
            if playlist_id in self.playlists
        ]
        following = "https://api.spotify.com/v1/me/playlists?more" if offset + limit < len(rows) else None
        return {"items": rows[offset : offset + limit], "next": following, "total": len(rows), "offset": offset}

    def is_redeemed_by_who_asked(self, form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if self.redirect_uris.get(form["code"], form["redirect_uri"]) != form["redirect_uri"]:
            return False
        return self.codes.pop(form["code"], "") == base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def new_tokens(self, refresh_token: str) -> Answer:
        self.n_tokens += 1
        self.good.add(f"access-{self.n_tokens}")
        body = {"access_token": f"access-{self.n_tokens}", "token_type": "Bearer", "expires_in": 3600}
        body["scope"] = self.scopes
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

"""A Last.fm for tests: keeps scrobbles, answers in pages as the real one does, and fails when told to."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving


@dataclass(frozen=True)
class Scrobble:
    """uts 0: dated 1970, as Last.fm does with what it does not know; None: without a date."""

    uts: int | None
    artist: str
    title: str
    album: str = ""


@dataclass
class FakeLastfm:
    """`scrobbles` in any order; `playing` leads every page; `failures` are served first, one a request.

    asked: the parameters of each request, in order.
    person: who sits at the browser and lets the application in. sessions: the tokens that they did it with, each
    good once, and whose they are.
    before: called with the page number before each page of recent tracks is made: the place where the world changes.
    """

    scrobbles: list[Scrobble] = field(default_factory=list)
    playing: Scrobble | None = None
    failures: list[Answer] = field(default_factory=list)
    largest_page: int = 1000
    is_single_an_object: bool = True
    numbers: Callable[[int], Any] = str
    tags: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    tops: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    users: set[str] | None = None
    before: Callable[[int], None] = lambda page: None
    asked: list[dict[str, str]] = field(default_factory=list)
    person: str = "Rin_FM"
    secret: str = "secret"
    sessions: dict[str, str] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked.params)
        if self.failures:
            return self.failures.pop(0)
        params = asked.params
        if asked.path == "/api/auth/":
            return self.let_in(params)
        if not params.get("api_key"):
            return error(10, "Invalid API key - You must be granted a valid key by last.fm")
        if self.users is not None and "user" in params and params["user"] not in self.users:
            return error(6, "User not found", status=404)
        match params["method"]:
            case "user.getRecentTracks":
                self.before(int(params.get("page", "1")))
                return reply(self.recent_tracks(params))
            case "auth.getSession":
                return self.session(params)
            case "user.getTopArtists" | "user.getTopAlbums" as method:
                kind = method.removeprefix("user.getTop").lower()
                return reply({f"top{kind}": {kind[:-1]: self.tops.get(kind, []), "@attr": {"user": params["user"]}}})
            case "user.getInfo":
                return reply({"user": {"name": params["user"], "playcount": self.numbers(len(self.scrobbles))}})
            case "artist.getTopTags" | "album.getTopTags" | "track.getTopTags":
                return self.top_tags(params)
        return error(3, "Invalid Method - No method with that name in this package")

    def let_in(self, params: dict[str, str]) -> Answer:
        """The member's browser is sent back at once, with a token added to the address that was asked for."""
        token = f"token-{len(self.sessions)}"
        self.sessions[token] = self.person
        return Answer(302, b"", {"Location": f"{params['cb']}{'&' if '?' in params['cb'] else '?'}token={token}"})

    def session(self, params: dict[str, str]) -> Answer:
        """https://www.last.fm/api/show/auth.getSession"""
        named = {name: value for name, value in params.items() if name not in {"api_sig", "format"}}
        said = "".join(f"{name}{named[name]}" for name in sorted(named)) + self.secret
        if hashlib.md5(said.encode(), usedforsecurity=False).hexdigest() != params.get("api_sig"):
            return error(13, "Invalid method signature supplied", status=403)
        name = self.sessions.pop(params["token"], "")
        if not name:
            return error(14, "Unauthorized Token - This token has not been issued", status=403)
        return reply({"session": {"subscriber": 0, "name": name, "key": f"session-of-{name}"}})

    def recent_tracks(self, params: dict[str, str]) -> dict[str, Any]:
        since, until = int(params.get("from", 0)), int(params.get("to", 1 << 40))
        found = [each for each in self.scrobbles if each.uts is None or since <= each.uts < until or each.uts == 0]
        if since:  # what has no time lies in no window
            found = [each for each in found if each.uts]
        found.sort(key=lambda each: each.uts or 0, reverse=True)
        size = min(int(params.get("limit", 50)), self.largest_page)
        page = int(params.get("page", 1))
        rows = [self.row(each) for each in found[(page - 1) * size : page * size]]
        if self.playing:
            rows.insert(0, {**self.row(self.playing), "@attr": {"nowplaying": "true"}})
        n_pages = -(-len(found) // size)
        about = {"page": page, "perPage": size, "totalPages": n_pages, "total": len(found)}
        return {
            "recenttracks": {
                "track": rows[0] if len(rows) == 1 and self.is_single_an_object else rows,
                "@attr": {"user": params["user"], **{name: self.numbers(value) for name, value in about.items()}},
            }
        }

    def row(self, each: Scrobble) -> dict[str, Any]:
        row: dict[str, Any] = {
            "artist": {"mbid": "", "name": each.artist, "image": [{"size": "small", "#text": "https://x/1.png"}]},
            "album": {"mbid": "", "#text": each.album},
            "name": each.title,
            "mbid": "",
            "loved": "0",
            "image": [{"size": "small", "#text": "https://x/2.png"}],
            "url": "https://www.last.fm/music/x",
        }
        if each.uts is not None and each is not self.playing:
            row["date"] = {"uts": self.numbers(each.uts), "#text": "01 Jan 1970, 00:00"}
        return row

    def top_tags(self, params: dict[str, str]) -> Answer:
        name = params.get("track") or params.get("album") or params["artist"]
        if name not in self.tags:
            return error(6, "The artist you supplied could not be found")
        rows = [{"name": tag, "count": count, "url": "https://x"} for tag, count in self.tags[name]]
        return reply({"toptags": {"tag": rows, "@attr": {"artist": params["artist"]}}})

    @contextmanager
    def running(self) -> Iterator[LocalServer]:
        with serving(self.answer) as server:
            yield server


def reply(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode())


def error(code: int, message: str = "", *, status: int = 200) -> Answer:
    return reply({"error": code, "message": message}, status)


def killer(pid: int) -> Callable[[int], None]:
    """A `before` that ends the asking process for good."""
    return lambda page: os.kill(pid, signal.SIGKILL)

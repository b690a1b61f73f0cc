"""A ListenBrainz for tests: keeps one user's listens, answers by seconds as the real one does, fails when told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving

JSPF = "https://musicbrainz.org/doc/jspf#playlist"


@dataclass(frozen=True)
class Listened:
    at: int
    artist: str
    title: str
    release: str = ""
    info: dict[str, Any] | None = field(default=None, compare=False, hash=False)


@dataclass
class FakeListenBrainz:
    """`listens` in any order; `failures` are served first, one a request; `largest_page`: what it clamps `count` to.

    before: called with the number of the page of listens (1 the first) before it is made: where the world changes.
    playlists: JSPF by MBID, the user's; tokens: those that may write them. loses: as in `FakeSpotify`.
    """

    listens: list[Listened] = field(default_factory=list)
    playing: Listened | None = None
    user: str = "rin_lb"
    token: str = "6f1c8a52-0000-4000-8000-00000000beef"
    failures: list[Answer] = field(default_factory=list)
    largest_page: int = 1000
    before: Callable[[int], None] = lambda page: None
    counts: int | None = None
    tops: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    playlists: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {"lb-token"})
    loses: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.failures:
            return self.failures.pop(0)
        answered = self.done(asked)
        if (asked.method, asked.path) in self.loses:
            self.loses.remove((asked.method, asked.path))
            return reply({"code": 502, "error": "Bad gateway"}, 502)
        return answered

    def done(self, asked: Asked) -> Answer:
        match asked.path.split("/")[1:]:
            case ["1", "validate-token"]:
                return self.validate(asked.headers.get("Authorization", ""))
            case ["1", "user", name, *_] if name != self.user:
                return reply({"code": 404, "error": f"Cannot find user: {name}"}, 404)
            case ["1", "playlist", *rest]:
                return self.playlist(asked, rest)
            case ["1", "user", _, "playlists"]:
                offset, count = int(asked.params["offset"]), int(asked.params["count"])
                rows = [
                    {"playlist": {**each, "track": []}}
                    for each in reversed(self.playlists.values())
                    if self.is_let_in(asked) or each["extension"][JSPF]["public"]
                ]
                about = {"count": count, "offset": offset, "playlist_count": len(rows)}
                return reply({**about, "playlists": rows[offset : offset + count]})
            case ["1", "user", _, "listens"]:
                self.before(len(self.pages()))
                return reply(self.page(asked.params))
            case ["1", "user", _, "playing-now"]:
                rows = [{"playing_now": True, "track_metadata": metadata(self.playing)}] if self.playing else []
                return reply({"payload": {"count": len(rows), "playing_now": True, "listens": rows}})
            case ["1", "stats", "user", _, ("artists" | "releases") as kind]:
                if not self.tops:
                    return Answer(204, b"")
                return reply({"payload": {"range": asked.params["range"], kind: self.tops[kind]}})
            case ["1", "user", _, "listen-count"]:
                return reply({"payload": {"count": len(self.listens) if self.counts is None else self.counts}})
        return reply({"code": 404, "error": "The requested URL was not found on the server."}, 404)

    def validate(self, authorization: str) -> Answer:
        """https://listenbrainz.readthedocs.io/en/latest/users/api/core.html#get--1-validate-token"""
        if authorization != f"Token {self.token}":
            return reply({"code": 200, "message": "Token invalid.", "valid": False})
        return reply({"code": 200, "message": "Token valid.", "valid": True, "user_name": self.user})

    def is_let_in(self, asked: Asked) -> bool:
        return asked.headers.get("Authorization", "").removeprefix("Token ") in self.tokens

    def playlist(self, asked: Asked, rest: list[str]) -> Answer:
        """The endpoints under /1/playlist/."""
        if not self.is_let_in(asked):
            return reply({"code": 401, "error": "Invalid authorization token."}, 401)
        said = json.loads(asked.body) if asked.body else {}
        tracks = said.get("playlist", {}).get("track", [])
        for track in tracks:
            if not all(each.startswith("https://musicbrainz.org/recording/") for each in track["identifier"]):
                return reply({"code": 400, "error": "identifier must have the namespace prepended to it."}, 400)
        if len(tracks) > 100:
            return reply({"code": 400, "error": "You may only add max 100 recordings per call."}, 400)
        if rest == ["create"]:
            mbid = str(uuid5(NAMESPACE_URL, f"playlist {len(self.asked)}"))
            head = {"identifier": f"https://listenbrainz.org/playlist/{mbid}", "creator": self.user}
            self.playlists[mbid] = {**head, **said["playlist"], "track": tracks}
            return reply({"status": "ok", "playlist_mbid": mbid})
        mbid = rest[1] if rest[0] == "edit" else rest[0]
        if mbid not in self.playlists:
            return reply({"code": 404, "error": f"Cannot find playlist: {mbid}"}, 404)
        kept = self.playlists[mbid]
        match asked.method, rest:
            case "GET", [_]:
                return reply({"playlist": kept})
            case "POST", ["edit", _]:
                kept.update(said["playlist"])
            case "POST", [_, "item", "add"]:
                kept["track"] = [*kept["track"], *tracks]
            case "POST", [_, "item", "delete"]:
                del kept["track"][said["index"] : said["index"] + said["count"]]
            case _:
                return reply({"code": 404, "error": "The requested URL was not found on the server."}, 404)
        return reply({"status": "ok"})

    def page(self, params: dict[str, str]) -> dict[str, Any]:
        """Newest first; with min_ts the oldest listens after it, as ListenBrainz does."""
        below, above = int(params.get("max_ts", 1 << 40)), int(params.get("min_ts", 0))
        found = sorted((each for each in self.listens if above < each.at < below), key=lambda each: -each.at)
        count = min(int(params.get("count", 25)), self.largest_page)
        found = found[-count:] if "min_ts" in params else found[:count]
        seconds = [each.at for each in self.listens] or [0]
        about = {"latest_listen_ts": max(seconds), "oldest_listen_ts": min(seconds), "user_id": self.user}
        return {"payload": {**about, "count": len(found), "listens": [row(each) for each in found]}}

    def pages(self) -> list[dict[str, str]]:
        """The parameters of each request for listens."""
        return [each.params for each in self.asked if each.path.endswith("/listens")]

    @contextmanager
    def running(self) -> Iterator[LocalServer]:
        with serving(self.answer) as server:
            yield server


def row(listened: Listened) -> dict[str, Any]:
    return {"listened_at": listened.at, "inserted_at": listened.at + 60, "track_metadata": metadata(listened)}


def metadata(listened: Listened) -> dict[str, Any]:
    said: dict[str, Any] = {"artist_name": listened.artist, "track_name": listened.title}
    if listened.release:
        said["release_name"] = listened.release
    return {**said, "additional_info": listened.info or {}}


def reply(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(body).encode(), {name.replace("_", "-"): value for name, value in headers.items()})

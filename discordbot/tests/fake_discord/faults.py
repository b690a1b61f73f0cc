"""What can go wrong with a request, and who wants to know of it: rules that match, count and act.

A rule is written as "METHOD /path", where `*` stands for one part of the path or more:

    fake.fault("POST /channels/*/messages", too_many(0.3), nth=2)       # the second such request, once
    fake.fault("PATCH *", server_error(after=True), times=3)            # the next three edits: done, yet answered 500
    fake.on_request("POST *", before=lambda seen: os.kill(pid, SIGKILL), nth=4)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from .refusals import Refusal

VIA = {"Via": "1.1 google"}


@dataclass
class Exchange:
    """One request as it was seen: `number` counts all requests from 1. status 0: never answered."""

    number: int
    method: str
    path: str
    template: str
    body: Any = None
    status: int = 0
    code: int | None = None
    seconds: float = 0.0
    at: float = 0.0
    answer: Any = None
    fault: str = ""
    token: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status or 'no answer'}" + (f" ({self.code})" if self.code else "")


class NoAnswer(Exception):
    """The connection is cut instead of an answer."""


@dataclass
class Remedy:
    """What a fault does. after: Discord acts, and only then the fault strikes."""

    name: str
    answer: Callable[[], Awaitable[web.StreamResponse]]
    after: bool = False


def _json_answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    text = body if isinstance(body, str) else json.dumps(body)
    return web.Response(
        status=status, body=text.encode(), headers={"Content-Type": "application/json", **(headers or {})}
    )


def too_many(retry_after: float = 0.3, *, is_global: bool = False, via: bool = True) -> Remedy:
    """429. Without `via` it looks like Cloudflare's ban, which discord.py does not retry."""

    async def answer() -> web.StreamResponse:
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": is_global}
        headers = {"Retry-After": str(retry_after), "X-RateLimit-Scope": "global" if is_global else "user"}
        if is_global:
            headers["X-RateLimit-Global"] = "true"
        return _json_answer(429, body, headers | (VIA if via else {}))

    return Remedy("429" + (" global" if is_global else "") + ("" if via else " without Via"), answer)


def server_error(status: int = 500, *, after: bool = False) -> Remedy:
    async def answer() -> web.StreamResponse:
        return _json_answer(status, {"message": f"{status}: Internal Server Error", "code": 0}, VIA)

    return Remedy(f"{status} {'after' if after else 'before'} acting", answer, after)


def refusal(code: int) -> Remedy:
    """Any of Discord's own refusals: 50013 permission lost, 10003 channel gone, 50083 archived …"""

    async def answer() -> web.StreamResponse:
        refused = Refusal(code)
        return _json_answer(refused.status, refused.body(), VIA)

    return Remedy(f"refusal {code}", answer)


def malformed(text: str = '{"id": "12', *, after: bool = False) -> Remedy:
    """A body that breaks off."""

    async def answer() -> web.StreamResponse:
        return _json_answer(200, text, VIA)

    return Remedy("malformed answer", answer, after)


def hang(seconds: float, *, after: bool = False) -> Remedy:
    """Silence, and then a cut line."""

    async def answer() -> web.StreamResponse:
        await asyncio.sleep(seconds)
        raise NoAnswer

    return Remedy(f"hangs {seconds} s", answer, after)


def reset(*, after: bool = False) -> Remedy:
    """The connection is reset."""

    async def answer() -> web.StreamResponse:
        raise NoAnswer

    return Remedy("connection reset", answer, after)


def answered(status: int, body: Any, *, after: bool = False) -> Remedy:
    """Whatever a test wants to see answered."""

    async def answer() -> web.StreamResponse:
        return _json_answer(status, body, VIA)

    return Remedy(f"answers {status}", answer, after)


@dataclass
class Pattern:
    """Which requests: "POST /channels/*/messages", "PATCH *", "*"; the nth that fits, and `times - 1` after it."""

    text: str
    nth: int = 1
    times: int = 1
    where: Callable[[Exchange], bool] | None = None
    n_seen: int = 0

    def strikes(self, exchange: Exchange) -> bool:
        method, _, path = self.text.partition(" ")
        if not fnmatchcase(exchange.method, method) or (path and not fnmatchcase(exchange.path, path)):
            return False
        if self.where and not self.where(exchange):
            return False
        self.n_seen += 1
        return self.nth <= self.n_seen < self.nth + self.times


@dataclass
class Fault:
    pattern: Pattern
    remedy: Remedy
    hits: list[Exchange] = field(default_factory=list)
    is_on: bool = True

    @property
    def n_hits(self) -> int:
        return len(self.hits)

    def stop(self) -> None:
        self.is_on = False


Watcher = Callable[[Exchange], None]


@dataclass
class Watch:
    """before: nothing was done yet. acted: done, not answered. after: answered."""

    pattern: Pattern
    before: Watcher | None = None
    acted: Watcher | None = None
    after: Watcher | None = None
    hits: list[Exchange] = field(default_factory=list)
    is_on: bool = True

    @property
    def n_hits(self) -> int:
        return len(self.hits)

    def stop(self) -> None:
        self.is_on = False


@dataclass
class Rules:
    faults: list[Fault] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    is_offline: bool = False

    def fault_for(self, exchange: Exchange) -> Remedy | None:
        """The first rule that strikes; every rule counts the request."""
        struck = [fault for fault in self.faults if fault.is_on and fault.pattern.strikes(exchange)]
        for fault in struck[:1]:
            fault.hits.append(exchange)
            exchange.fault = fault.remedy.name
        return struck[0].remedy if struck else None

    def watches_for(self, exchange: Exchange) -> list[Watch]:
        struck = [watch for watch in self.watches if watch.is_on and watch.pattern.strikes(exchange)]
        for watch in struck:
            watch.hits.append(exchange)
        return struck

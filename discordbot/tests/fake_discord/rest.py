"""REST v10: how a request is let in, checked, carried out and answered. The routes stand in the `rest_*` modules."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from . import schemas
from .faults import Exchange, NoAnswer, Rules
from .ratelimits import Limits
from .refusals import Problem, Refusal
from .things import Attachment, Channel
from .world import World

Json = dict[str, Any]
NOT_LIMITED = ("/interactions/", "/webhooks/")
NO_TOKEN_NEEDED = ("/interactions/", "/webhooks/", "/gateway")
PREFIX = "/api/v10"


@dataclass
class Violation:
    """Something the bot sent that Discord does not take."""

    exchange: Exchange
    refusal: Refusal

    def __str__(self) -> str:
        return f"{self.exchange.method} {self.exchange.path}: {self.refusal} — {str(self.exchange.body)[:400]}"


@dataclass
class Call:
    """One request on its way: parameters of its path, its query, its body, its files."""

    world: World
    ids: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, tuple[str, str, bytes]]  # field -> filename, content type, bytes
    exchange: Exchange
    ignored: list[str] = field(default_factory=list)

    def id(self, name: str) -> int:
        try:
            return int(self.ids[name])
        except ValueError:
            words = f'Value "{self.ids[name]}" is not snowflake.'
            raise Refusal(50035, [((name,), "NUMBER_TYPE_COERCE", words)]) from None

    def channel(self) -> Channel:
        return self.world.channel(self.id("channel_id"))

    def check(
        self, schema: str, extra: Iterable[Problem] | Callable[[], Iterable[Problem]] = (), at: Any = None
    ) -> None:
        """Refuse (50035) unless the body is as Discord describes it, and then has none of the `extra` problems."""
        body = self.body if at is None else at
        self.ignored += [
            f"{self.exchange.method} {self.exchange.template}: {key}" for key in schemas.ignored_keys(schema, body)
        ]
        problems = schemas.problems_of(schema, body)
        if not problems:
            problems = list(extra() if callable(extra) else extra)
        if problems:
            raise Refusal(50035, problems)

    def uploads(self, body: Json, url_of: Callable[[int, str], str]) -> list[Attachment]:
        """The files of this request, with the descriptions that `attachments` gives them."""
        said = {str(row.get("id")): row for row in body.get("attachments") or []}
        made = []
        for name, (filename, content_type, data) in self.files.items():
            number = name.removeprefix("files[").removesuffix("]")
            if len(data) > self.world.max_file_bytes:
                raise Refusal(40005)
            row = said.get(number, {})
            attachment = Attachment(self.world.new_id(), row.get("filename") or filename, content_type, data)
            attachment.description = row.get("description")
            attachment.url = url_of(attachment.id, attachment.filename)
            self.world.files[attachment.id] = attachment
            made.append(attachment)
        known = {name.removeprefix("files[").removesuffix("]") for name in self.files}
        for n, row in enumerate(body.get("attachments") or []):
            if str(row["id"]) not in known and int(row["id"]) < 1000:
                words = "This attachment id names no uploaded file."
                raise Refusal(50035, [(("attachments", n, "id"), "ATTACHMENT_NOT_FOUND", words)])
        return made


Answer = tuple[int, Any]
Handler = Callable[[Call], Awaitable[Answer]]
ROUTES: dict[tuple[str, str], Handler] = {}


def route(method: str, *templates: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        for template in templates:
            ROUTES[method, template] = handler
        return handler

    return keep


class Rest:
    """The door: log, faults, token, rate limits, then the handler; refusals become Discord's JSON."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rules = Rules()
        self.limits = Limits()
        self.log: list[Exchange] = []
        self.violations: list[Violation] = []
        self.ignored: list[str] = []
        self.listeners: list[Callable[[Exchange], None]] = []

    def add_to(self, app: web.Application) -> None:
        literal_first = sorted(ROUTES.items(), key=lambda row: row[0][1].count("{"))
        for (method, template), handler in literal_first:
            app.router.add_route(method, PREFIX + template, self.door(method, template, handler))
        app.router.add_route("*", PREFIX + "/{rest:.*}", self.door("*", "", not_known))

    def door(
        self, method: str, template: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix(PREFIX)
            exchange = Exchange(len(self.log) + 1, request.method, path, template, at=time.perf_counter())
            exchange.token = request.headers.get("Authorization", "").removeprefix("Bot ")
            self.log.append(exchange)
            try:
                return await self.answer(request, exchange, handler)
            except NoAnswer:
                exchange.status = 0
                if request.transport:
                    request.transport.abort()
                return web.Response(status=500)
            finally:
                exchange.seconds = time.perf_counter() - exchange.at
                for listener in self.listeners:
                    listener(exchange)

        return serve

    async def answer(self, request: web.Request, exchange: Exchange, handler: Handler) -> web.StreamResponse:
        if self.rules.is_offline:
            raise NoAnswer
        body, files, broken = await read_body(request)
        exchange.body = body
        watches = self.rules.watches_for(exchange)
        for watch in watches:
            if watch.before:
                watch.before(exchange)
        remedy = self.rules.fault_for(exchange)
        if remedy and not remedy.after:
            return self.note(exchange, await remedy.answer())
        response = await self.carry_out(request, exchange, handler, body, files, broken)
        for watch in watches:
            if watch.acted:
                watch.acted(exchange)
        if remedy:
            response = await remedy.answer()
        if any(watch.after for watch in watches):
            await response.prepare(request)
            await response.write_eof()
            for watch in watches:
                if watch.after:
                    watch.after(exchange)
        return self.note(exchange, response)

    def note(self, exchange: Exchange, response: web.StreamResponse) -> web.StreamResponse:
        exchange.status = response.status
        return response

    async def carry_out(
        self, request: web.Request, exchange: Exchange, handler: Handler, body: Any, files: Any, broken: bool
    ) -> web.StreamResponse:
        headers: dict[str, str] = {}
        call = Call(self.world, dict(request.match_info), dict(request.query), body, files, exchange)
        try:
            if not exchange.path.startswith(NO_TOKEN_NEEDED) and exchange.token != self.world.token:
                raise Refusal(0)
            if not exchange.path.startswith(NOT_LIMITED):
                major = call.ids.get("channel_id") or call.ids.get("guild_id") or ""
                allowed, headers, wait = self.limits.take(f"{exchange.method} {exchange.template}", major)
                if not allowed:
                    answer = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
                    return self.send(exchange, 429, answer, headers | {"Retry-After": str(wait)})
            if broken:
                raise Refusal(50109)
            status, answer = await handler(call)
        except Refusal as refused:
            exchange.code = refused.code
            if refused.code in {50035, 50006, 50109, 40060, 50008}:
                self.violations.append(Violation(exchange, refused))
            return self.send(exchange, refused.status, refused.body(), headers)
        finally:
            self.ignored += call.ignored
        return self.send(exchange, status, answer, headers)

    def send(self, exchange: Exchange, status: int, answer: Any, headers: dict[str, str]) -> web.Response:
        exchange.answer = answer
        if status == 204:
            return web.Response(status=204, headers=headers)
        data = json.dumps(answer).encode()
        return web.Response(status=status, body=data, headers=headers | {"Content-Type": "application/json"})


async def read_body(request: web.Request) -> tuple[Any, dict[str, tuple[str, str, bytes]], bool]:
    """The JSON (of the body, or of the part payload_json), the files, and whether the JSON was broken."""
    files: dict[str, tuple[str, str, bytes]] = {}
    if request.content_type.startswith("multipart/"):
        text = "{}"
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            name, data = part.name or "", bytes(await part.read())
            if name == "payload_json":
                text = data.decode()
            else:
                filename = part.filename or name
                kind = (
                    part.headers.get("Content-Type") or mimetypes.guess_type(filename)[0] or "application/octet-stream"
                )
                if kind == "application/octet-stream":
                    kind = mimetypes.guess_type(filename)[0] or kind
                files[name] = (filename, kind, data)
    else:
        text = await request.text()
    try:
        return (json.loads(text) if text else {}), files, False
    except ValueError:
        return {}, files, True


async def not_known(call: Call) -> Answer:
    """A route that this Discord does not have: a test should know, so it is logged with its status."""
    return 404, {
        "message": f"404: Not Found (the local Discord has no {call.exchange.method} {call.exchange.path})",
        "code": 0,
    }

"""The gateway, version 10: HELLO, IDENTIFY, READY, GUILD_CREATE, events by intent, heartbeats, RESUME.

Its misbehaviour is at hand too: op 7, op 9, closing with any code, no heartbeat ACK, odd payloads, a dropped line,
events held back and let go in another order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from .payloads import message_json, user_json
from .payloads_whole import guild_json, interaction_json
from .things import Interaction, Kind, Message
from .world import World

Json = dict[str, Any]
GUILDS, MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": MESSAGE_CONTENT}
INTENT_OF = {  # the start of an event's name -> the intent in a server, in a direct conversation
    "MESSAGE_REACTION": (1 << 10, 1 << 13),
    "MESSAGE_": (1 << 9, 1 << 12),
    "GUILD_SCHEDULED_EVENT": (1 << 16, 0),
    "GUILD_MEMBER": (MEMBERS, 0),
}


@dataclass(eq=False)
class Session:
    """One IDENTIFY: outlives its connection, and can be resumed until it is invalidated or closed in good order."""

    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    seq: int = 0
    sent: list[Json] = field(default_factory=list)
    line: Line | None = None

    def send(self, event: str, data: Any) -> None:
        self.seq += 1
        self.sent.append({"op": 0, "t": event, "s": self.seq, "d": data})
        if self.line:
            self.line.send(self.sent[-1])

    def wants(self, event: str, is_direct: bool) -> bool:
        for start, intents in INTENT_OF.items():
            if event.startswith(start):
                return bool(self.intents & intents[is_direct])
        return bool(self.intents & GUILDS) or not event.startswith(("GUILD", "CHANNEL", "THREAD"))


class Line:
    """One websocket, written by a task of its own so that order is kept and nobody waits."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.writer = asyncio.create_task(self.write())

    def send(self, payload: Any) -> None:
        self.queue.put_nowait(payload if isinstance(payload, str) else json.dumps(payload))

    async def write(self) -> None:
        while (text := await self.queue.get()) is not None:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await self.socket.send_str(text)

    async def flush_and_close(self, code: int) -> None:
        self.queue.put_nowait(None)
        await self.writer
        await self.socket.close(code=code)


class Gateway:
    """acks_heartbeats, heartbeat_ms: set before connecting, to see what a silent gateway does to the bot.

    refuse_identify_with: a close code for the next IDENTIFYs (4004 wrong token, 4014 intent not allowed).
    is_down: no websocket is accepted. copies_of_interactions: 2 sends each INTERACTION_CREATE twice.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.acks_heartbeats = True
        self.heartbeat_ms = 41_250
        self.refuse_identify_with: int | None = None
        self.is_down = False
        self.copies_of_interactions = 1
        self.holding = False
        self.held: list[tuple[str, Any]] = []
        self.n_identified = 0
        self.n_resumed = 0
        self.closed_with: list[int | None] = []  # how the bot closed its connections
        world.listener = self

    @property
    def connected(self) -> list[Session]:
        return [session for session in list(self.sessions.values()) if session.line]

    # --- What happens is told ---
    def tell(self, event: str, data: Any, *, guild_id: int | None = None, is_direct: bool = False) -> None:
        if guild_id and not self.world.guilds[guild_id].has_bot and event != "GUILD_DELETE":
            return
        for session in list(self.sessions.values()):
            if session.wants(event, is_direct):
                session.send(event, data)

    def tell_message(self, event: str, message: Message) -> None:
        channel = self.world.find_channel(message.channel_id)
        is_direct = bool(channel and channel.type is Kind.DM)
        if channel and channel.guild_id and not self.world.bot_may(channel):
            return
        for session in list(self.sessions.values()):
            if session.wants(event, is_direct):
                words = self.shows_words(message, session.intents, is_direct)
                data = message_json(message, self.world, words=words)
                guild = self.world.guilds.get(channel.guild_id or 0) if channel else None
                if guild and message.author.id in guild.members:
                    data["member"] = {"roles": [str(row) for row in guild.members[message.author.id].role_ids]}
                    data["member"] |= {"deaf": False, "mute": False, "flags": 0, "joined_at": None}
                session.send(event, data)

    def shows_words(self, message: Message, intents: int, is_direct: bool) -> bool:
        bot = self.world.bot
        return bool(
            intents & MESSAGE_CONTENT or is_direct or message.author.id == bot.id or f"<@{bot.id}>" in message.content
        )

    def tell_interaction(self, interaction: Interaction) -> None:
        data = interaction_json(interaction, self.world)
        if self.holding:
            self.held.append(("INTERACTION_CREATE", data))
            return
        for _ in range(self.copies_of_interactions):
            for session in list(self.sessions.values()):
                session.send("INTERACTION_CREATE", data)

    # --- Misbehaviour ---
    def hold(self) -> None:
        """Keep interactions back until `release`."""
        self.holding = True

    def release(self, *, reverse: bool = False) -> None:
        self.holding = False
        held, self.held = self.held, []
        for event, data in reversed(held) if reverse else held:
            for session in list(self.sessions.values()):
                session.send(event, data)

    def send_raw(self, payload: Any) -> None:
        """Any payload, or any text at all, to every connection."""
        for session in self.connected:
            if session.line:
                session.line.send(payload)

    def send_event(self, event: str, data: Any) -> None:
        """An event as if it had happened, with its place in the sequence; for payloads that lack something."""
        for session in list(self.sessions.values()):
            session.send(event, data)

    def ask_to_reconnect(self) -> None:
        self.send_raw({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        self.send_raw({"op": 9, "d": resumable})
        if not resumable:
            self.sessions = {key: row for key, row in self.sessions.items() if not row.line}

    async def close(self, code: int) -> None:
        """Close every connection with `code`; from 4004 on, and 1000 and 1001, the session is over too."""
        for session in self.connected:
            line, session.line = session.line, None
            if code in {1000, 1001, 4007, 4009} or code in range(4010, 4015) or code == 4004:
                self.sessions.pop(session.id, None)
            if line:
                await line.flush_and_close(code)

    async def drop(self) -> None:
        """Cut the lines without a close frame, as a network that fails does."""
        for session in self.connected:
            line, session.line = session.line, None
            transport = line.socket._req.transport if line and line.socket._req else None
            if transport:
                transport.abort()

    # --- The websocket ---
    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            if request.transport:
                request.transport.abort()
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0, compress=False, autoping=True)
        await socket.prepare(request)
        line = Line(socket)
        line.send({"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": ["local"]}})
        session: Session | None = None
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            payload = json.loads(message.data)
            match payload["op"]:
                case 1 if self.acks_heartbeats:
                    line.send({"op": 11, "d": None})
                case 2:
                    session = await self.identify(line, payload["d"])
                case 6:
                    session = await self.resume(line, payload["d"])
                case _:
                    pass  # presence updates, voice states, member requests: nothing that the bot needs answered
        self.closed_with.append(socket.close_code)
        line.queue.put_nowait(None)
        if session and session.line is line:
            session.line = None
            if socket.close_code in {WSCloseCode.OK, WSCloseCode.GOING_AWAY}:
                self.sessions.pop(session.id, None)
        return socket

    async def identify(self, line: Line, data: Json) -> Session | None:
        forbidden = sum(bit for name, bit in PRIVILEGED.items() if name not in self.world.privileged)
        code = self.refuse_identify_with
        if data.get("token", "").removeprefix("Bot ") != self.world.token:
            code = 4004
        elif data["intents"] & forbidden:
            code = 4014
        if code:
            await line.flush_and_close(code)
            return None
        self.sessions = {key: row for key, row in self.sessions.items() if row.line}
        session = Session(data["intents"], line=line)
        self.sessions[session.id] = session
        self.n_identified += 1
        guilds = [guild for guild in self.world.guilds.values() if guild.has_bot]
        session.send(
            "READY",
            {
                "v": 10,
                "user": user_json(self.world.bot) | {"verified": True, "mfa_enabled": False, "email": None},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.world.address.replace("http", "ws", 1) + "/gw",
                "shard": data.get("shard", [0, 1]),
                "private_channels": [],
                "application": {"id": str(self.world.bot.id), "flags": self.application_flags()},
                "_trace": [],
            },
        )
        for guild in guilds:
            if session.intents & GUILDS:
                session.send("GUILD_CREATE", guild_json(guild, self.world))
        return session

    def application_flags(self) -> int:
        """Limited (under 100 servers) leave for the privileged intents."""
        bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
        return sum(bit for name, bit in bits.items() if name in self.world.privileged)

    async def resume(self, line: Line, data: Json) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or data.get("token", "").removeprefix("Bot ") != self.world.token:
            line.send({"op": 9, "d": False})
            return None
        session.line = line
        self.n_resumed += 1
        for payload in session.sent[:]:
            if payload["s"] > (data.get("seq") or 0):
                line.send(payload)
        session.send("RESUMED", {"_trace": []})
        return session

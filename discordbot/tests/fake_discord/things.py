"""What a Discord server is made of, as plain records. `payloads` turns them into Discord's JSON."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15
SUPPRESS_NOTIFICATIONS, SUPPRESS_EMBEDS = 1 << 12, 1 << 2


class Kind(IntEnum):
    """Types of channel."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    THREAD = 11
    FORUM = 15


class MessageType(IntEnum):
    PLAIN = 0
    PINNED = 6
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND_ANSWER = 20
    THREAD_STARTER = 21


@dataclass(eq=False)
class Account:
    """A user of Discord: a person, the bot, another bot."""

    id: int
    name: str
    display_name: str
    is_bot: bool = False
    has_open_dms: bool = True

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 0


@dataclass(eq=False)
class Member:
    """An account within a server."""

    account: Account
    role_ids: list[int]
    joined_at: datetime
    nick: str | None = None


@dataclass(eq=False)
class Overwrite:
    """What a channel allows or denies to one role or one member, against their roles' permissions."""

    id: int
    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Attachment:
    id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None
    url: str = ""


@dataclass(eq=False)
class Message:
    """visible_to: None for everybody; an account's id for an ephemeral answer. pinged: whom it really notified."""

    id: int
    channel_id: int
    author: Account
    created_at: datetime
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    type: MessageType = MessageType.PLAIN
    flags: int = 0
    nonce: str | int | None = None
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    reactions: dict[str, set[int]] = field(default_factory=dict)
    visible_to: int | None = None
    replies_to: int | None = None
    interaction: Interaction | None = None
    pinged: set[int] = field(default_factory=set)
    pinged_roles: set[int] = field(default_factory=set)
    pinged_everyone: bool = False
    n_edits: int = 0

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        """Shown as "… is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def is_system(self) -> bool:
        return self.type in {MessageType.PINNED, MessageType.THREAD_CREATED, MessageType.THREAD_STARTER}

    @property
    def text(self) -> str:
        """Every word that a reader sees: content, embeds, labels are in `buttons`."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", "")]
            for line in embed.get("fields") or []:
                parts += [line["name"], line["value"]]
            parts.append((embed.get("footer") or {}).get("text", ""))
        return "\n".join(part for part in parts if part)

    def parts(self) -> list[dict[str, Any]]:
        """Every component, those inside rows and containers too, in reading order."""
        found: list[dict[str, Any]] = []

        def walk(component: dict[str, Any]) -> None:
            found.append(component)
            for inner in component.get("components") or []:
                walk(inner)
            if component.get("accessory"):
                walk(component["accessory"])

        for component in self.components:
            walk(component)
        return found

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [part for part in self.parts() if part["type"] == 2]

    @property
    def selects(self) -> list[dict[str, Any]]:
        return [part for part in self.parts() if part["type"] in {3, 5, 6, 7, 8}]


@dataclass(eq=False)
class Channel:
    """A channel, a thread or a direct conversation; the last block is for threads only."""

    id: int
    guild_id: int | None
    type: Kind
    name: str
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    recipient: Account | None = None
    available_tags: list[dict[str, Any]] = field(default_factory=list)

    owner_id: int = 0
    created_at: datetime | None = None
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    auto_archive_minutes: int = 4320
    applied_tags: list[str] = field(default_factory=list)
    flags: int = 0
    n_sent: int = 0
    member_ids: set[int] = field(default_factory=set)

    @property
    def is_thread(self) -> bool:
        return self.type is Kind.THREAD

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(eq=False)
class ScheduledEvent:
    id: int
    guild_id: int
    creator_id: int
    name: str
    starts_at: datetime
    ends_at: datetime | None
    description: str | None
    entity_type: int  # 1 stage, 2 voice, 3 outside
    channel_id: int | None
    location: str | None
    status: int = 1  # 1 scheduled, 2 active, 3 completed, 4 cancelled


@dataclass(eq=False)
class Guild:
    """A server. Threads stand among its channels, the everyone role has the server's id."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    events: dict[int, ScheduledEvent] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    has_bot: bool = True

    @property
    def threads(self) -> list[Channel]:
        return [channel for channel in list(self.channels.values()) if channel.is_thread]


class InteractionType(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


@dataclass(eq=False)
class Interaction:
    """Something a person did, and what the bot answered so far."""

    id: int
    token: str
    type: InteractionType
    account: Account
    guild_id: int | None
    channel_id: int
    data: dict[str, Any]
    source: Message | None = None  # the message whose component was used
    name: str = ""
    started: float = field(default_factory=time.perf_counter)
    answer_type: int | None = None
    answered_after: float | None = None  # seconds to the first answer; None: never
    original: Message | None = None
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    followups: list[Message] = field(default_factory=list)
    n_changes: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def age(self) -> float:
        return time.perf_counter() - self.started

    def changed(self) -> None:
        """Wake whoever waits for the next thing to happen to it."""
        self.n_changes += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def next_change(self, timeout: float) -> bool:
        """Whether something happened within `timeout` seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), max(timeout, 0))
        except TimeoutError:
            return False
        return True

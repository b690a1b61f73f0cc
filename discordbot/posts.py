"""What the bot wants to stand in Discord, as plain data: made by `desired`, carried out by `reconcile`.

A payload is the JSON body of Discord's REST v10 (`content`, `embeds`, `components`); pictures are drawn only when the
payload is sent, from a `Picture`, which says what to draw and is part of what is hashed. `week` is everywhere the
week's number. Every payload brings its own `allowed_mentions`: nobody, or exactly `mentions`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = Mapping[str, Any]
Place = Literal["club", "nominations", "poll", "winner", "ratings", "moderators"]
PictureKind = Literal["points", "histogram", "sleeve"]


@dataclass(frozen=True)
class Picture:
    """A chart or a sleeve to draw and attach: its kind, its data as JSON-able values, and its text alternative."""

    kind: PictureKind
    filename: str
    alt: str
    data: tuple[Any, ...]


@dataclass(frozen=True)
class DesiredThread:
    """A thread of a week: made from its starter message in a text channel, or as a post of a forum.

    key: which of the week's threads (the Place that messages name). starter: the message it grows from, with its
    pictures.
    """

    week: int
    key: Place
    name: str
    starter: Json
    is_locked: bool = False
    pictures: tuple[Picture, ...] = ()

    @property
    def kind(self) -> str:
        return "thread"


@dataclass(frozen=True)
class DesiredMessage:
    """A message in a thread or channel.

    kind: card (the pinned one with the phase's button), nomination, winner, summary, notice, reminder, digest.
    is_once: sent once and never edited or re-made (a reminder, a notice); not sent at all after `until`.
    """

    week: int | None
    kind: str
    key: str
    place: Place
    payload: Json
    pictures: tuple[Picture, ...] = ()
    is_pinned: bool = False
    is_once: bool = False
    until: datetime | None = None
    mentions: tuple[int, ...] = ()  # the only members whom this message may ping


@dataclass(frozen=True)
class DesiredEvent:
    """A scheduled event of the server: the discussion, in the voice channel or at an outside address."""

    week: int
    key: str
    name: str
    description: str
    starts_at: datetime
    ends_at: datetime
    voice_channel: int | None = None
    location: str = ""

    @property
    def kind(self) -> str:
        return "event"


@dataclass(frozen=True)
class DirectMessage:
    """A message to one member who asked for them: sent once, not at all after `until`; a closed door is no fault."""

    week: int
    key: str
    recipient: int
    payload: Json
    until: datetime

    @property
    def kind(self) -> str:
        return "direct"


Desired = DesiredThread | DesiredMessage | DesiredEvent


@dataclass(frozen=True)
class Plan:
    """Everything that should stand, in the order in which it should be made. What is not in it is left as it is.

    direct: what to send to single members besides, by their own wish.
    gone: (week, kind, key) of posts that must be taken away where they stand (a withdrawn nomination's card).
    """

    posts: tuple[Desired, ...] = ()
    direct: tuple[DirectMessage, ...] = ()
    gone: tuple[tuple[int | None, str, str], ...] = field(default=())


def nonce_of(*parts: object) -> str:
    """25 characters from the whole key: a cut key could collide, and Discord would swallow the second message."""
    digest = hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:25]


def content_hash(desired: Desired) -> str:
    """Changes when what people would see changes."""
    match desired:
        case DesiredThread():
            seen: list[Any] = [desired.name, starter_hash(desired), desired.is_locked]
        case DesiredMessage():
            seen = [desired.payload, _seen(desired.pictures)]
        case DesiredEvent():
            seen = [desired.name, desired.description, desired.starts_at, desired.ends_at]
            seen += [desired.voice_channel, desired.location]
    return _hash(seen)


def starter_hash(thread: DesiredThread) -> str:
    """The same for the message from which a thread grows."""
    return _hash([thread.starter, _seen(thread.pictures)])


def _seen(pictures: Sequence[Picture]) -> list[Any]:
    """What is drawn, not how: its bytes may differ from one version of a library to the next."""
    return [[picture.kind, picture.filename, picture.alt, picture.data] for picture in pictures]


def _hash(seen: Any) -> str:
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()

"""What the bot must be allowed to do, where, what for, and who can allow it. Pure.

How roles and a channel's overwrites add up: https://discord.com/developers/docs/topics/permissions. Pinning has had a
bit of its own since 2026-02-23; before, MANAGE_MESSAGES pinned.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from functools import reduce
from operator import or_
from typing import Any, Literal
from urllib.parse import urlencode

from discordbot.texts import Words
from discordbot.texts import permissions as purposes

Json = Mapping[str, Any]


class Permission(IntFlag):
    """The bits that concern the bot, under the names of Discord's own documents."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


LABELS = {
    Permission.ADMINISTRATOR: "Administrator",
    Permission.MANAGE_GUILD: "Manage Server",
    Permission.MENTION_EVERYONE: "Mention @everyone, @here and All Roles",
    Permission.SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
}  # where Discord's settings call it otherwise than its name reads

EVERYTHING = (1 << 53) - 1
WHILE_TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY

Use = Literal["club", "forum", "voice", "moderators"]

_READ = (
    (Permission.VIEW_CHANNEL, purposes.SEE),
    (Permission.SEND_MESSAGES, purposes.POST),
    (Permission.EMBED_LINKS, purposes.SHOW_CARDS),
    (Permission.READ_MESSAGE_HISTORY, purposes.FIND_POSTS),
)
_THREADS = (
    (Permission.SEND_MESSAGES_IN_THREADS, purposes.POST_IN_THREADS),
    (Permission.MANAGE_THREADS, purposes.KEEP_THREADS),
    (Permission.PIN_MESSAGES, purposes.PIN),
    (Permission.ATTACH_FILES, purposes.ATTACH),
)
NEEDS: dict[Use, tuple[tuple[Permission, Words], ...]] = {
    "club": (*_READ, (Permission.CREATE_PUBLIC_THREADS, purposes.START_THREADS), *_THREADS),
    "forum": (*_READ, *_THREADS),  # a forum's posts are made with SEND_MESSAGES
    "voice": (
        (Permission.VIEW_CHANNEL, purposes.SEE_VOICE),
        (Permission.CONNECT, purposes.CONNECT),
        (Permission.CREATE_EVENTS, purposes.EVENTS),
    ),
    "moderators": _READ,
}
EVENT_NEEDS = Permission.CREATE_EVENTS
READING_NEEDS = ((Permission.ADD_REACTIONS, purposes.MARK_READ),)


def label(permission: Permission) -> str:
    """As Discord's settings call it: Create Public Threads."""
    return LABELS.get(permission) or (permission.name or "").replace("_", " ").title()


def needs(use: Use, *, reads_messages: bool) -> tuple[tuple[Permission, Words], ...]:
    """What the bot needs in a channel that serves as `use`, and what for."""
    return NEEDS[use] + (READING_NEEDS if reads_messages and use in ("club", "forum") else ())


def wanted(*, reads_messages: bool) -> Permission:
    """Everything that the bot needs anywhere."""
    uses: tuple[Use, ...] = ("club", "forum", "voice", "moderators")
    return reduce(or_, (need for use in uses for need, _why in needs(use, reads_messages=reads_messages)))


def application_id(token: str) -> str:
    """A bot's token begins with its application's id, in base64; "" for what is no token."""
    first = token.partition(".")[0]
    if first.isascii() and first.isdigit():
        return first
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except ValueError:
        return ""
    return decoded if decoded.isdigit() else ""


def invite_link(*, site: str, client_id: str, reads_messages: bool, guild_id: int = 0) -> str:
    """The page on which a server's manager lets the bot in, with exactly what it needs.

    site: where Discord's sign-in is, without a slash at the end. guild_id: the server to choose; 0 leaves the choice.
    """
    query = {
        "client_id": client_id,
        "scope": "bot applications.commands",
        "permissions": int(wanted(reads_messages=reads_messages)),
        "integration_type": 0,  # into a server, not onto one person's account
    }
    if guild_id:
        query |= {"guild_id": guild_id, "disable_guild_select": "true"}
    return f"{site}/oauth2/authorize?{urlencode(query)}"


@dataclass(frozen=True)
class Role:
    role_id: int
    name: str
    permissions: int
    is_mentionable: bool = False


@dataclass(frozen=True)
class Overwrite:
    """What a channel allows and denies to one role or one member."""

    subject_id: int
    allow: int
    deny: int


@dataclass(frozen=True)
class Place:
    """A channel of the server, with what it allows and denies."""

    channel_id: int
    name: str
    kind: int  # Discord's channel type: 0 text, 2 voice, 5 announcements, 13 stage, 15 forum
    overwrites: tuple[Overwrite, ...] = ()


@dataclass(frozen=True)
class Standing:
    """Who somebody is in a server. roles: theirs, with the role of everyone, whose id is the server's, first."""

    member_id: int
    guild_id: int
    roles: tuple[Role, ...]
    is_owner: bool = False
    is_timed_out: bool = False

    @property
    def is_administrator(self) -> bool:
        return self.is_owner or any(role.permissions & Permission.ADMINISTRATOR for role in self.roles)


def in_server(standing: Standing) -> int:
    """What somebody may do in the server at large."""
    if standing.is_administrator:
        return EVERYTHING
    allowed = reduce(or_, (role.permissions for role in standing.roles), 0)
    return allowed & WHILE_TIMED_OUT if standing.is_timed_out else allowed


def in_place(standing: Standing, place: Place) -> int:
    """What roles and overwrites add up to in one channel, as if it could be seen: all that is to be mended at once.

    Overwrites count in Discord's order: everyone, then the roles together (an allowing one wins), then the member.
    """
    if standing.is_administrator:
        return EVERYTHING
    allowed = in_server(standing)
    for group in _in_order(standing, place):
        for overwrite in group:
            allowed &= ~overwrite.deny
        for overwrite in group:
            allowed |= overwrite.allow
    return allowed & WHILE_TIMED_OUT if standing.is_timed_out else allowed


def _in_order(standing: Standing, place: Place) -> list[list[Overwrite]]:
    by_subject = {overwrite.subject_id: overwrite for overwrite in place.overwrites}
    roles = [role.role_id for role in standing.roles if role.role_id != standing.guild_id]
    subjects: list[list[int]] = [[standing.guild_id], roles, [standing.member_id]]
    return [[by_subject[each] for each in group if each in by_subject] for group in subjects]


@dataclass(frozen=True)
class Missing:
    """A permission that the bot lacks. denied_by: whose overwrites in the channel deny it; empty: no role gives it."""

    permission: Permission
    why: Words
    denied_by: tuple[int, ...] = ()


def missing(standing: Standing, place: Place, use: Use, *, reads_messages: bool) -> tuple[Missing, ...]:
    """What the bot lacks in a channel that serves as `use`, in the order of `NEEDS`."""
    allowed = in_place(standing, place)
    return tuple(
        Missing(permission, why, () if standing.is_timed_out else _deniers(standing, place, permission))
        for permission, why in needs(use, reads_messages=reads_messages)
        if not allowed & permission
    )


def missing_in_server(standing: Standing) -> tuple[Missing, ...]:
    """What the bot lacks for the discussion's event where no voice channel is chosen."""
    allowed = in_server(standing)
    return tuple(Missing(each, why) for each, why in NEEDS["voice"] if each in EVENT_NEEDS and not allowed & each)


def _deniers(standing: Standing, place: Place, permission: Permission) -> tuple[int, ...]:
    """Whose overwrites take it away; none where no role gives it in the first place."""
    if not in_server(standing) & permission:
        return ()
    groups = _in_order(standing, place)
    return tuple(each.subject_id for group in groups for each in group if each.deny & permission)


def standing_from(guild: Json, member: Json, now: datetime) -> Standing:
    """From the bodies of GET /guilds/{id} and GET /guilds/{id}/members/{id}."""
    guild_id, member_id = int(guild["id"]), int(member["user"]["id"])
    until = member.get("communication_disabled_until")
    held = {guild_id, *map(int, member["roles"])}
    roles = sorted((role_from(role) for role in guild["roles"]), key=lambda role: role.role_id != guild_id)
    return Standing(
        member_id,
        guild_id,
        tuple(role for role in roles if role.role_id in held),
        is_owner=int(guild["owner_id"]) == member_id,
        is_timed_out=bool(
            (until := member.get("communication_disabled_until")) and datetime.fromisoformat(until) > now
        ),
    )


def role_from(role: Json) -> Role:
    return Role(int(role["id"]), role["name"], int(role["permissions"]), bool(role.get("mentionable")))


def place_from(channel: Json) -> Place:
    """From the body of GET /channels/{id}."""
    overwrites = channel.get("permission_overwrites") or ()
    return Place(
        int(channel["id"]),
        channel.get("name") or "",
        int(channel["type"]),
        tuple(Overwrite(int(row["id"]), int(row["allow"]), int(row["deny"])) for row in overwrites),
    )

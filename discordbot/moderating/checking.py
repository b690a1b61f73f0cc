"""What the bot may do in each of its channels, in words that name what is missing, what for, and who can mend it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from discordbot.models import DiscordSettings
from discordbot.permissions import (
    Missing,
    Overwrite,
    Permission,
    Place,
    Role,
    Standing,
    Use,
    label,
    missing,
    missing_in_server,
    role_from,
    standing_from,
)
from discordbot.port import DiscordPort
from discordbot.texts import calls, say
from discordbot.texts import checking as texts
from discordbot.troubles import Gone, NoPermission, Trouble, Unreachable

if TYPE_CHECKING:
    from discordbot.client import SidetrackClient

TEXT, VOICE, FORUM = 0, 2, 15
KINDS: dict[Use, int] = {"club": TEXT, "forum": FORUM, "voice": VOICE, "moderators": TEXT}
GIVES = Permission.ADMINISTRATOR | Permission.MANAGE_ROLES
MOST_GIVERS = 6
WITHIN_S = 8.0


@dataclass(frozen=True)
class Finding:
    """One line. kind: all is well, a person is needed, or good to know."""

    kind: Literal["good", "bad", "note"]
    words: str

    def __str__(self) -> str:
        frame = {"good": texts.GOOD, "bad": texts.BAD, "note": texts.NOTE}[self.kind]
        return say(frame, words=self.words)


@dataclass(frozen=True)
class Looked:
    """A channel as it was found: its place, or why there is none ("gone", "unseen", else Discord's words)."""

    use: Use
    channel_id: int
    place: Place | None = None
    problem: str = ""


@dataclass(frozen=True)
class Survey:
    """The server as the bot stands in it. role: the one that is called, None where it is gone or none is chosen."""

    standing: Standing
    owner_id: int
    roles: tuple[Role, ...]
    looked: tuple[Looked, ...] = ()
    role_id: int | None = None
    role: Role | None = None


# --- Looking --------------------------------------------------------------------------------------------------------
def chosen(settings: DiscordSettings) -> list[tuple[Use, int | None]]:
    """The channels by use."""
    return [
        ("forum" if settings.is_forum else "club", settings.club_channel_snowflake),
        ("voice", settings.voice_channel_snowflake),
        ("moderators", settings.moderators_channel_snowflake),
    ]


async def survey(
    client: SidetrackClient, uses: Sequence[tuple[Use, int | None]], *, role_id: int | None, now: datetime
) -> Survey:
    """Ask Discord itself, not what we remember of it. A Trouble where it does not say, or not soon."""
    try:
        async with asyncio.timeout(WITHIN_S):  # discord.py alone would try for half a minute
            return await _survey(client, uses, role_id=role_id, now=now)
    except TimeoutError as error:
        raise Unreachable(say(calls.NOT_ANSWERED_WITHIN, seconds=WITHIN_S)) from error


async def _survey(
    client: SidetrackClient, uses: Sequence[tuple[Use, int | None]], *, role_id: int | None, now: datetime
) -> Survey:
    port = DiscordPort(client.http, guild_id=client.guild_id, bot_id=client.user.id if client.user else 0)
    guild, member = await port.guild(), await port.member()
    roles = tuple(role_from(role) for role in guild["roles"])
    looked = [await _look(client, port, use, channel_id) for use, channel_id in uses if channel_id is not None]
    return Survey(
        standing_from(guild, member, now),
        int(guild["owner_id"]),
        roles,
        tuple(looked),
        role_id,
        next((role for role in roles if role.role_id == role_id), None),
    )


async def _look(client: SidetrackClient, port: DiscordPort, use: Use, channel_id: int) -> Looked:
    try:
        return Looked(use, channel_id, (await port.place(channel_id))[0])
    except Gone:
        return Looked(use, channel_id, problem="gone")
    except NoPermission:
        remembered = _remembered(client, channel_id)
        return Looked(use, channel_id, remembered, "" if remembered else "unseen")
    except Trouble as trouble:
        return Looked(use, channel_id, problem=trouble.words)


def _remembered(client: SidetrackClient, channel_id: int) -> Place | None:
    """What the gateway told of a channel that we may not see."""
    guild = client.get_guild(client.guild_id)
    channel = guild.get_channel(channel_id) if guild else None
    if channel is None:
        return None
    pairs = [(subject.id, *overwrite.pair()) for subject, overwrite in channel.overwrites.items()]
    overwrites = tuple(Overwrite(subject, allow.value, deny.value) for subject, allow, deny in pairs)
    return Place(channel_id, channel.name, channel.type.value, overwrites)


# --- Saying ---------------------------------------------------------------------------------------------------------
def findings(found: Survey, *, reads_messages: bool) -> Iterator[Finding]:
    """Every channel in turn, then the server, then the role that is called."""
    by_use = {looked.use: looked for looked in found.looked}
    if not {"club", "forum"} & set(by_use):
        yield Finding("bad", say(texts.NO_CLUB))
    for looked in found.looked:
        yield from of_channel(found, looked, reads_messages=reads_messages)
    if "voice" not in by_use:
        yield Finding("note", say(texts.NO_VOICE))
        for lack in missing_in_server(found.standing):
            words = {"permission": label(lack.permission), "why": say(lack.why), "mend": _mend(found, lack)}
            yield Finding("bad", say(texts.MISSING_IN_SERVER, **words))
    if "moderators" not in by_use:
        yield Finding("note", say(texts.NO_MODERATORS))
    yield from of_role(found)
    if found.standing.is_administrator and not found.standing.is_owner:
        yield Finding("note", say(texts.ADMINISTRATOR))


def not_asked(trouble: Trouble) -> Finding:
    """Discord did not even say who we are in the server."""
    return Finding("bad", say(texts.NOTHING_ANSWERED, why=trouble.words))


def of_role(found: Survey) -> Iterator[Finding]:
    """The role that is called: it must exist, and hear."""
    if found.role_id and found.role is None:
        yield Finding("bad", say(texts.ROLE_GONE))
    elif found.role and not found.role.is_mentionable and not found.standing.is_administrator:
        yield Finding("bad", say(texts.ROLE_SILENT, role=found.role.role_id))


def of_channel(found: Survey, looked: Looked, *, reads_messages: bool) -> Iterator[Finding]:
    """One channel: what is missing in it, one line for each, or that nothing is."""
    use = say(texts.USES[looked.use])
    where = {"channel": looked.channel_id, "use": use}
    match looked.problem:
        case "gone":
            yield Finding("bad", say(texts.CHANNEL_GONE, use=use[:1].upper() + use[1:]))
        case "unseen":
            yield Finding("bad", say(texts.NOT_SEEN, **where, mend=say(texts.NO_ROLE_HAS_IT)))
        case "" if looked.place is not None:
            if looked.place.kind != KINDS[looked.use]:
                yield Finding("bad", say(texts.WRONG_KIND, **where))
                return
            lacking = missing(found.standing, looked.place, looked.use, reads_messages=reads_messages)
            for lack in lacking:
                words = {"permission": label(lack.permission), "why": say(lack.why), "mend": _mend(found, lack)}
                yield Finding("bad", say(texts.MISSING, **where, **words))
            if not lacking:
                yield Finding("good", say(texts.ALL_ALLOWED, **where))
        case problem:
            yield Finding("bad", say(texts.NOT_ANSWERED, **where, why=problem))


def _mend(found: Survey, lack: Missing) -> str:
    if found.standing.is_timed_out:
        return say(texts.TIMED_OUT)
    if not lack.denied_by:
        return say(texts.NO_ROLE_HAS_IT)
    return say(texts.DENIED_BY, who=", ".join(_subject(found, each) for each in lack.denied_by))


def _subject(found: Survey, subject: int) -> str:
    if subject == found.standing.guild_id:
        return "@everyone"
    return f"<@{subject}>" if subject == found.standing.member_id else f"<@&{subject}>"


def givers(found: Survey) -> str:
    """Who can mend it: the owner, and the roles that may manage roles."""
    roles = [role for role in found.roles if role.permissions & GIVES and role.role_id != found.standing.guild_id]
    own = {role.role_id for role in found.standing.roles}
    named = ", ".join(f"<@&{role.role_id}>" for role in roles[:MOST_GIVERS] if role.role_id not in own)
    listed = say(texts.GIVER_ROLES, roles=named) if named else ""
    return say(texts.GIVERS, owner=found.owner_id, roles=listed)

"""How a call of the bot's reaches Discord, and what its answer means.

Through discord.py's HTTP client, for its rate limits. Nothing that makes something new is repeated by itself. A refusal
that says only “Missing Permissions” is explained: which one, in which channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from discordbot.missing_permissions import Act, lacking, needed
from discordbot.permissions import Place, Standing, place_from, standing_from
from discordbot.posts import Json
from discordbot.safe_text import escaped
from discordbot.texts import calls, say
from discordbot.troubles import (
    Archived,
    Busy,
    Gone,
    NoPermission,
    NotActing,
    Refused,
    ThreadExists,
    Trouble,
    Unreachable,
    What,
)
from discordbot.uploads import Upload, form_of

TIMEOUT = aiohttp.ClientTimeout(total=20)
THREAD_TYPES = {10, 11, 12}
REASON_LENGTH = 300  # of what Discord says; it repeats what it was sent
GONE: dict[int, What] = {10003: "channel", 10004: "server", 10008: "message", 10070: "event"}


class ServerTrouble(Exception):
    """Discord answered 500 or worse; whether it acted is not known."""


async def not_again(response: aiohttp.ClientResponse) -> None:
    """Keeps discord.py from repeating a call that makes something new after a 500 that may have worked."""
    if response.status >= 500:
        raise ServerTrouble(say(calls.BROKE_THERE, status=response.status))


class Wire:
    """may_act: asked before each call that changes something; a bot that lost its lease touches nothing."""

    def __init__(
        self, http: HTTPClient, *, guild_id: int, bot_id: int, may_act: Callable[[], bool] = lambda: True
    ) -> None:
        self.http = http
        self.guild_id = guild_id
        self.bot_id = bot_id
        self.may_act = may_act

    # --- What we may do -----------------------------------------------------------------------------------------------
    async def guild(self) -> dict[str, Any]:
        return await self._do("look", Route("GET", "/guilds/{guild_id}", guild_id=self.guild_id), None)

    async def member(self) -> dict[str, Any]:
        """The bot itself, as a member of the server."""
        route = Route("GET", "/guilds/{guild_id}/members/{member_id}", guild_id=self.guild_id, member_id=self.bot_id)
        return await self._do("look", route, None)

    async def standing(self, now: datetime) -> Standing:
        """The bot's own roles in the server."""
        return standing_from(await self.guild(), await self.member(), now)

    async def place(self, channel: int) -> tuple[Place, bool]:
        """The channel whose overwrites count, and whether we were asked about a thread in it."""
        found = await self.channel(channel)
        if found["type"] in THREAD_TYPES:
            return place_from(await self.channel(int(found["parent_id"]))), True
        return place_from(found), False

    async def channel(self, channel: int) -> dict[str, Any]:
        return await self._do("look", Route("GET", "/channels/{channel_id}", channel_id=channel), channel)

    # --- The wire -----------------------------------------------------------------------------------------------------
    async def _do(
        self,
        act: Act,
        route: Route,
        channel: int | None,
        *,
        body: Json | None = None,
        uploads: Sequence[Upload] = (),
        makes: bool = False,
        params: Json | None = None,
    ) -> dict[str, Any]:
        """channel: where it happens, to say what is missing there. makes: must not be repeated by itself.

        uploads: files that the body names already.
        """
        if act not in {"look", "read"} and not self.may_act():
            raise NotActing(say(calls.NOT_ACTING))
        options: dict[str, Any] = {"timeout": TIMEOUT}
        if params:
            options["params"] = params
        if makes:
            options["raise_for_status"] = not_again
        if uploads:
            options["form"] = form_of(body or {}, uploads)
        elif body is not None:
            options["json"] = body
        try:
            answer: dict[str, Any] = await self.http.request(route, **options)
            return answer
        except discord.RateLimited as error:
            raise Busy(error.retry_after, say(calls.ASKED_TO_WAIT)) from error
        except discord.HTTPException as error:
            trouble = trouble_from(error)
        except (ServerTrouble, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unreachable(say(calls.NOT_ANSWERED, why=str(error) or type(error).__name__)) from error
        except ValueError as error:  # a body that breaks off, or is no JSON
            raise Unreachable(say(calls.UNREADABLE)) from error
        if isinstance(trouble, NoPermission):
            trouble = await self._explained(trouble, act, channel, has_files=bool(uploads))
        raise trouble

    async def _explained(self, bare: Trouble, act: Act, channel: int | None, *, has_files: bool) -> Trouble:
        """Discord says only that something is missing: work out what, and where."""
        if act == "look":  # what explaining itself asks
            return bare
        standing, place, in_thread, is_hidden = None, None, False, False
        try:
            standing = await self.standing(datetime.now(UTC))
            if channel is not None:
                place, in_thread = await self.place(channel)
        except NoPermission:
            is_hidden = standing is not None
        except (Trouble, KeyError):
            pass
        wanted = needed(act, in_thread=in_thread, has_files=has_files)
        return lacking(wanted, standing, place, hidden=channel if is_hidden else None)


def trouble_from(error: discord.HTTPException) -> Trouble:
    """What an answer of Discord's means for us."""
    reason = escaped(error.text, REASON_LENGTH, one_line=True) or say(calls.NO_REASON)
    said = f"{reason} ({error.code or error.status})"
    if error.status == 429:
        return Busy(_seconds(error), say(calls.ASKED_TO_WAIT))
    if error.status >= 500:
        return Unreachable(say(calls.BROKE_THERE, status=error.status))
    if error.code in GONE:
        return Gone(GONE[error.code], say(calls.GONE, said=said))
    match error.code:
        case 50083:
            return Archived(say(calls.ARCHIVED))
        case 160004:
            return ThreadExists(say(calls.THREAD_EXISTS))
        case 50001 | 50013:
            return NoPermission((), say(calls.NOT_ALLOWED, said=said))
        case _:
            return Refused(error.code, say(calls.REFUSED, said=said))


def _seconds(error: discord.HTTPException) -> float:
    """How long a 429 asks for; a minute where it does not say (a ban of the address names no time)."""
    try:
        return float(error.response.headers.get("Retry-After", 60))
    except ValueError:
        return 60.0

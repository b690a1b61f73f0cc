"""One connection to Discord: what comes in goes to whoever handles it. The supervisor makes a new one when it ends."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Literal, Protocol

import aiohttp
import discord
import yarl
from discord import app_commands
from django.conf import settings

from club.errors import ClubRuleBroken
from discordbot import direct_messages, handling
from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.misconfigured import not_a_member
from discordbot.models import DiscordSettings
from discordbot.texts import trouble

logger = logging.getLogger(__name__)
FINISH_WITHIN_S = 5.0  # how long handlers that run may go on when the bot is stopped
ANSWER_TIMEOUT = aiohttp.ClientTimeout(total=15)
Link = Literal["ready", "resumed", "lost"]


def redirect() -> None:
    """Speak to the Discord of DISCORD_API_BASE and DISCORD_GATEWAY: the real one unless they are set."""
    discord.http.Route.BASE = settings.DISCORD_API_BASE
    if settings.DISCORD_GATEWAY:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.DISCORD_GATEWAY)


def _surviving(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parsed(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            logger.exception("An event %s could not be read; it is left out.", name)

    return parsed


def intents() -> discord.Intents:
    """Nothing privileged, unless typed messages are read. Messages of guilds tell what was deleted, and unpinned."""
    wanted = discord.Intents(guilds=True, guild_messages=True, guild_scheduled_events=True)
    wanted.message_content = settings.DISCORD_READ_MESSAGES
    return wanted


class Tree(app_commands.CommandTree["SidetrackClient"]):
    """The slash commands; every one is watched, counted and answered like a press."""

    async def interaction_check(self, interaction: discord.Interaction[SidetrackClient], /) -> bool:
        if not await interaction.client.accepts(interaction):
            return False
        Answer.of(interaction).watch()
        return True

    async def on_error(
        self, interaction: discord.Interaction[SidetrackClient], error: app_commands.AppCommandError, /
    ) -> None:
        answer = Answer.of(interaction)
        answer.unwatch()
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, ClubRuleBroken):
            await answer.reply(cause.message)
        elif isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await answer.reply(trouble.old_command())
        elif isinstance(cause, app_commands.CommandOnCooldown):
            await answer.reply(trouble.too_fast(cause.retry_after))
        else:
            await answer.failed(cause)

    def fingerprint(self, guild: discord.abc.Snowflake) -> str:
        """Changes when Discord's copy of the commands must."""
        commands = [command.to_dict(self) for command in self.get_commands(guild=guild)]
        return hashlib.sha256(json.dumps([guild.id, commands], sort_keys=True, default=str).encode()).hexdigest()


class Owner(Protocol):
    """Who made the client, and is told what it hears."""

    def nudge(self) -> None:
        """A member did something that may show in a post."""

    async def link(self, state: Link) -> None:
        """The connection came, came back, or went."""

    async def noticed(self, what: str, payload: Any) -> None:
        """Somebody changed something in the server: `discordbot.keeping.noticing` knows whether it was ours."""

    async def membership(self, *, is_member: bool) -> None:
        """The bot was taken out of the server, or let in again."""


class SidetrackClient(discord.Client):
    """One client lives until its connection ends for good; what it needs to remember stands in the database."""

    guild_ready_s = 0.5  # discord.py waits so long for one more server before it says that it is ready

    def __init__(self, *, guild_id: int, owner: Owner) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=self.guild_ready_s,
            max_messages=None,
            max_ratelimit_timeout=30.0,
        )
        self.guild_id = guild_id
        self.guild_object = discord.Object(guild_id)
        self.owner = owner
        self.tree = Tree(self, fallback_to_global=False)
        self.answers: aiohttp.ClientSession
        self.running: set[asyncio.Task[Any]] = set()
        self.is_stopping = False
        self._seen: deque[int] = deque(maxlen=2000)
        self._survive_odd_events()

    # --- Start and stop -------------------------------------------------------------------------------------------
    async def setup_hook(self) -> None:
        self.answers = aiohttp.ClientSession(timeout=ANSWER_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        handling.modules_of("discordbot.handlers")
        for module in handling.modules_of("discordbot.commands"):
            if register := getattr(module, "register", None):
                register(self.tree)
        self.tree.copy_global_to(guild=self.guild_object)
        await self._require_membership()
        await self.sync_commands()

    async def _require_membership(self) -> None:
        try:
            await self.http.get_guild(self.guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden) as error:
            raise not_a_member() from error

    async def sync_commands(self) -> bool:
        """Tell Discord our commands when they are not the ones that it has; True when it was told.

        A refusal costs the slash commands only: buttons and posts go on, and the log says what was refused.
        """
        wanted = self.tree.fingerprint(self.guild_object)
        known = (await in_database(DiscordSettings.load)).commands_hash
        try:
            if known == wanted and await self._has_our_commands():
                return False
            await self.tree.sync(guild=self.guild_object)
        except (discord.HTTPException, discord.DiscordException) as error:
            logger.error("Discord did not take the slash commands: %s", error)
            return False
        await in_database(DiscordSettings.objects.filter(pk=1).update, commands_hash=wanted)
        logger.info("Discord was told %s slash commands.", len(self.tree.get_commands(guild=self.guild_object)))
        return True

    async def _has_our_commands(self) -> bool:
        """A bot that was removed and invited again has lost them."""
        there = {command.name for command in await self.tree.fetch_commands(guild=self.guild_object)}
        return there == {command.name for command in self.tree.get_commands(guild=self.guild_object)}

    def _survive_odd_events(self) -> None:
        """An event that discord.py cannot read is logged and left out: else it would end the whole connection."""
        parsers = self._connection.parsers
        for name, parse in list(parsers.items()):
            parsers[name] = _surviving(name, parse)

    async def finish(self) -> None:
        """Take nothing new, and let what runs come to its end."""
        self.is_stopping = True
        if self.running:
            _, late = await asyncio.wait(self.running, timeout=FINISH_WITHIN_S)
            for task in late:
                logger.warning("Still running after %s s, ended: %s", FINISH_WITHIN_S, task.get_name())
                task.cancel()

    async def close(self) -> None:
        await super().close()
        if hasattr(self, "answers"):
            await self.answers.close()

    # --- What members do ------------------------------------------------------------------------------------------
    async def accepts(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether to act on it: not twice, not for another server, not while stopping."""
        if interaction.id in self._seen:  # Discord may say the same thing twice; the first one is being answered
            return False
        self._seen.append(interaction.id)
        if task := asyncio.current_task():
            self.running.add(task)
            task.add_done_callback(self._ended)
        answer = Answer.of(interaction)
        is_direct = direct_messages.is_ours(interaction)
        if interaction.guild_id != self.guild_id and not is_direct:
            await answer.failed_politely(trouble.another_server())
            return False
        if self.is_stopping:
            await answer.failed_politely(trouble.restarting())
            return False
        return not is_direct or await direct_messages.may_act(self, answer)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.running.discard(task)
        self.owner.nudge()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Presses, selects and forms: routed by their id, so that what was opened before a restart still works."""
        if interaction.type not in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            return  # commands and autocomplete go through the tree
        if await self.accepts(interaction):
            await handling.act(Answer.of(interaction))

    # --- What happens in the server -------------------------------------------------------------------------------
    async def on_ready(self) -> None:
        await self.owner.link("ready")
        await self._tell("ready", None)

    async def on_resumed(self) -> None:
        await self.owner.link("resumed")

    async def on_disconnect(self) -> None:
        await self.owner.link("lost")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        if guild.id == self.guild_id:
            await self.owner.membership(is_member=False)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        if guild.id == self.guild_id:
            await self.sync_commands()
            await self.owner.membership(is_member=True)

    async def _changed(self, what: str, payload: Any) -> None:
        """Something that may be ours was deleted, unpinned, archived or renamed by somebody."""
        if not self.is_stopping:
            await self.owner.noticed(what, payload)

    async def _tell(self, event: handling.Event, payload: Any) -> None:
        for listener in handling.listeners(event):
            task: asyncio.Task[None] = asyncio.create_task(
                listener(self, payload), name=f"{event} for {listener.__module__}"
            )
            self.running.add(task)
            task.add_done_callback(self._heard)

    def _heard(self, task: asyncio.Task[Any]) -> None:
        self.running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("%s broke.", task.get_name(), exc_info=error)

    async def on_message(self, message: discord.Message) -> None:
        if message.guild and message.guild.id == self.guild_id and not self.is_stopping:
            await self._tell("message", message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        await self._tell("raw_message_edit", payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._changed("messages_deleted", [payload.message_id])
        await self._tell("raw_message_delete", payload)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._changed("messages_deleted", list(payload.message_ids))
        await self._tell("raw_bulk_message_delete", payload)

    async def on_guild_channel_pins_update(self, channel: Any, last_pin: Any) -> None:
        await self._changed("pins", channel.id)

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        await self._changed("thread", payload.data)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._changed("channel_deleted", payload.thread_id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._changed("channel_deleted", channel.id)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        await self._changed("event_deleted", event.id)

    async def on_guild_role_update(self, before: Any, after: Any) -> None:
        await self._changed("permissions", None)

    async def on_member_update(self, before: Any, after: Any) -> None:
        await self._changed("permissions", None)

    async def on_guild_channel_update(self, before: Any, after: Any) -> None:
        await self._changed("permissions", None)

"""Messages typed into the threads of nominations and ratings, where DISCORD_READ_MESSAGES allows to read them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord
from django.conf import settings
from django.utils import timezone

from discordbot.database import in_database
from discordbot.handling import hears
from discordbot.members import Person
from discordbot.port import DiscordPort
from discordbot.posts import nonce_of
from discordbot.safe_text import fitted
from discordbot.serving import typed as serving
from discordbot.serving.typed import Outcome, Typed
from discordbot.troubles import Trouble

if TYPE_CHECKING:
    from discordbot.client import SidetrackClient

logger = logging.getLogger(__name__)
PLAIN = {discord.MessageType.default, discord.MessageType.reply}
_one_at_a_time: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


@hears("message")
async def heard(client: SidetrackClient, message: discord.Message) -> None:
    await _read(client, message, timezone.now())


@hears("raw_message_edit")
async def changed(client: SidetrackClient, payload: discord.RawMessageUpdateEvent) -> None:
    """Discord also tells of embeds and pins that came to a message; then its words are the same as before."""
    if settings.DISCORD_READ_MESSAGES and payload.guild_id == client.guild_id and "content" in payload.data:
        await _read(client, payload.message, timezone.now())


@hears("raw_message_delete")
async def gone(client: SidetrackClient, payload: discord.RawMessageDeleteEvent) -> None:
    if payload.guild_id == client.guild_id:
        await _deleted(client, [payload.message_id])


@hears("raw_bulk_message_delete")
async def many_gone(client: SidetrackClient, payload: discord.RawBulkMessageDeleteEvent) -> None:
    if payload.guild_id == client.guild_id:
        await _deleted(client, payload.message_ids)


@hears("ready")
async def catch_up(client: SidetrackClient, _event: Any) -> None:
    """Read what was written, edited or deleted while the bot was away: by the time at which that was done."""
    if not settings.DISCORD_READ_MESSAGES:
        return
    for channel in await in_database(serving.threads_to_read, timezone.now()):
        asked_at = timezone.now()
        try:
            rows = _port(client).messages_since(channel, 0, most=serving.MOST_READ)
            found = {int(row["id"]): row async for row in rows}
        except Trouble as trouble:
            logger.warning("Thread %s could not be read after a pause: %s", channel, trouble)
            continue
        written = {message: _written(row) for message, row in found.items()}
        new, missing = await in_database(serving.unread, channel=channel, seen=written, asked_at=asked_at)
        for number in sorted(new):
            if (typed := _typed_in(found[number], channel)) is not None:
                await _take(client, typed, written[number])
        await _deleted(client, missing)


def _typed_in(row: dict[str, Any], channel: int) -> Typed | None:
    """A message as Discord lists it; there its author has no name of this server."""
    author = row["author"]
    if author.get("bot") or row.get("webhook_id") or row["type"] not in {kind.value for kind in PLAIN}:
        return None
    person = Person(int(author["id"]), handle=author["username"])
    return Typed(int(row["id"]), channel, person, row["content"]) if row["content"] else None


def _written(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row.get("edited_timestamp") or row["timestamp"])


async def _read(client: SidetrackClient, message: discord.Message, now: datetime) -> None:
    """Only people's own words: no bots, no webhooks, no notices of Discord's."""
    if not settings.DISCORD_READ_MESSAGES or message.type not in PLAIN:
        return
    if message.author.bot or message.webhook_id or not message.content:
        return
    await _take(client, Typed(message.id, message.channel.id, Person.of(message.author), message.content), now)


async def _take(client: SidetrackClient, typed: Typed, now: datetime) -> None:
    """One message at a time: of two edits the later one wins, and its mark stands."""
    lock = _one_at_a_time.setdefault(typed.message, asyncio.Lock())
    async with lock:
        outcome = await in_database(serving.read, typed=typed, now=now)
        if outcome is None:
            return
        try:
            await _show(_port(client), typed, outcome)
        except Trouble as trouble:
            logger.warning("Message %s was read, but could not be answered: %s", typed.message, trouble)
    client.owner.nudge()


async def _show(port: DiscordPort, typed: Typed, outcome: Outcome) -> None:
    if outcome.unmark:
        await port.remove_reaction(typed.channel, typed.message, outcome.unmark)
    if outcome.mark:
        await port.add_reaction(typed.channel, typed.message, outcome.mark)
    if outcome.hint and outcome.old_hint:
        await port.edit_message(typed.channel, outcome.old_hint, _hint(typed, outcome.hint))
    elif outcome.hint:
        nonce = nonce_of("hint", typed.message, outcome.hint)
        made = await port.send_message(typed.channel, _hint(typed, outcome.hint), nonce=nonce)
        await in_database(serving.hinted, message=typed.message, hint=int(made["id"]))
    elif outcome.old_hint:
        await port.delete_message(typed.channel, outcome.old_hint)


def _hint(typed: Typed, words: str) -> dict[str, Any]:
    """An answer to the message that pings nobody."""
    return {
        "content": fitted(words, 2000),
        "message_reference": {"message_id": str(typed.message), "fail_if_not_exists": False},
        "allowed_mentions": {"parse": [], "replied_user": False},
    }


async def _deleted(client: SidetrackClient, messages: Iterable[int]) -> None:
    if not settings.DISCORD_READ_MESSAGES or not (numbers := list(messages)):
        return
    for channel, hint in await in_database(serving.deleted, messages=numbers, now=timezone.now()):
        try:
            await _port(client).delete_message(channel, hint)
        except Trouble as trouble:
            logger.info("A hint could not be taken away: %s", trouble)
    client.owner.nudge()


def _port(client: SidetrackClient) -> DiscordPort:
    bot_id = client.user.id if client.user else 0
    return DiscordPort(client.http, guild_id=client.guild_id, bot_id=bot_id)

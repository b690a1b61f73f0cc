"""Answering what a member did: a command, a press, a form. Always answered, once, in time, whatever happens.

    answer = Answer.of(interaction)          # commands; handlers are given theirs
    await answer.defer()                     # "… is thinking", seen by the member only
    ballot = await in_database(cast, ...)
    await answer.reply({"content": "...", "embeds": [...]})

Bodies are the raw JSON of Discord's REST v10. Every method says whether Discord took it; False needs no handling: too
late (10062, 10015, 50027) means that the effect stands and only the words were lost, answered already (40060) means
that the member has an answer. Pings nobody unless the body says so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from enum import Enum, IntEnum
from typing import Any

import aiohttp
import discord
from discord.http import Route as HttpRoute
from discord.webhook.async_ import AsyncWebhookAdapter
from django.utils import timezone

from discordbot.posts import Json
from discordbot.texts import trouble
from discordbot.uploads import Upload, form_of, with_attachments

logger = logging.getLogger(__name__)
EPHEMERAL = 64
ACKNOWLEDGE_AFTER_S = 1.5  # Discord gives up after 3 s; the way there and back takes its part
UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, ALREADY_ANSWERED, TOKEN_EXPIRED, UNKNOWN_MESSAGE = (
    10062,
    10015,
    40060,
    50027,
    10008,
)
TOO_LATE = {10062, 10015, 50027}  # unknown interaction, unknown webhook, token expired
Payload = Json | str


class Callback(IntEnum):
    """Kinds of first answer."""

    MESSAGE = 4
    THINKING = 5
    KEEP_MESSAGE = 6
    UPDATE_MESSAGE = 7
    CHOICES = 8
    MODAL = 9


class State(Enum):
    NEW = "nothing sent"
    THINKING = "a message is promised"
    ANSWERED = "answered"
    LOST = "Discord no longer listens"


def body_of(payload: Payload) -> dict[str, Any]:
    body: dict[str, Any] = {"content": payload} if isinstance(payload, str) else dict(payload)
    body.setdefault("allowed_mentions", {"parse": []})
    return body


class Answer:
    """One interaction, and what was answered to it so far."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self.interaction = interaction
        self.received_at: datetime = timezone.now()  # what decides whether somebody was in time
        self.state = State.NEW
        self._lock = asyncio.Lock()
        self._adapter = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Answer:
        """The one answer of this interaction, however many ask."""
        if not isinstance(kept := interaction.extras.get("answer"), cls):
            kept = cls(interaction)
            interaction.extras["answer"] = kept
        return kept

    # --- Who asks, and what ---------------------------------------------------------------------------------------
    @property
    def data(self) -> dict[str, Any]:
        return dict(self.interaction.data or {})

    @property
    def values(self) -> list[str]:
        """What was chosen in a select of a message."""
        return [str(value) for value in self.data.get("values") or []]

    @property
    def user_id(self) -> int:
        return self.interaction.user.id

    @property
    def user_name(self) -> str:
        """How the member is called in this server."""
        return self.interaction.user.display_name

    @property
    def may_manage_guild(self) -> bool:
        return self.interaction.guild_id is not None and self.interaction.permissions.manage_guild

    @property
    def message_id(self) -> int | None:
        """The message whose button was pressed, or from which a form was opened."""
        return self.interaction.message.id if self.interaction.message else None

    @property
    def is_autocomplete(self) -> bool:
        return self.interaction.type is discord.InteractionType.autocomplete

    # --- First answers ----------------------------------------------------------------------------------------------
    async def defer(self, *, ephemeral: bool = True) -> bool:
        """Promise a message, before anything slow; `reply` then fills it. A second call changes nothing."""
        async with self._lock:
            return await self._first(Callback.THINKING, {"flags": EPHEMERAL} if ephemeral else {}, State.THINKING)

    async def defer_update(self) -> bool:
        """Take note of a press without promising a message: `update_message` or `reply` may follow."""
        async with self._lock:
            return await self._first(Callback.KEEP_MESSAGE, None, State.ANSWERED)

    async def modal(self, form: Json) -> bool:
        """Open a form. It must be the first answer; where it came too late the member is asked to press again."""
        async with self._lock:
            if self.state is State.NEW:
                return await self._first(Callback.MODAL, form, State.ANSWERED)
        await self.reply(trouble.press_again())
        return False

    async def choices(self, choices: Sequence[tuple[str, str]]) -> bool:
        """Autocomplete: (what is shown, what is sent), 25 at most, each cut to 100 characters."""
        shown = [{"name": name[:100] or "…", "value": value[:100]} for name, value in choices[:25]]
        async with self._lock:
            return await self._first(Callback.CHOICES, {"choices": shown}, State.ANSWERED)

    # --- Messages ---------------------------------------------------------------------------------------------------
    async def reply(self, payload: Payload, *, ephemeral: bool = True, uploads: Sequence[Upload] = ()) -> bool:
        """A message to the member (or to everybody): fills the promised one, else it is a new one."""
        body = body_of(payload)
        if ephemeral:
            body["flags"] = int(body.get("flags", 0)) | EPHEMERAL
        async with self._lock:
            if self.state is State.NEW:
                return await self._first(Callback.MESSAGE, body, State.ANSWERED, uploads)
            if self.state is State.THINKING:
                return await self._edit_original(body, uploads)
            return await self._webhook("POST", "", body, uploads)

    async def update_message(self, payload: Payload, *, uploads: Sequence[Upload] = ()) -> bool:
        """Change the message whose button was pressed, or the answer that was already given."""
        body = body_of(payload)
        async with self._lock:
            if self.state is State.NEW:
                kind = Callback.UPDATE_MESSAGE if self.interaction.message else Callback.MESSAGE
                return await self._first(kind, body, State.ANSWERED, uploads)
            return await self._edit_original(body, uploads)

    edit = update_message

    async def delete(self) -> bool:
        """Take the answer away."""
        async with self._lock:
            return await self._webhook("DELETE", "/messages/@original", None, ())

    # --- In time, and whatever happens ------------------------------------------------------------------------------
    def watch(self) -> None:
        """Acknowledge by ourselves if nobody did in time: a slow query costs a form, never an answer."""
        if not self.is_autocomplete and self._watch is None:
            self._watch = asyncio.create_task(self._acknowledge_late(), name=f"watch {self.interaction.id}")

    def unwatch(self) -> None:
        if self._watch:
            self._watch.cancel()

    async def _acknowledge_late(self) -> None:
        await asyncio.sleep(ACKNOWLEDGE_AFTER_S)
        if self.state is State.NEW:
            await self.acknowledge()

    async def acknowledge(self) -> bool:
        """The answer that promises least: presses stay as they are, commands are thought about."""
        return await (self.defer_update() if self.interaction.message else self.defer())

    async def failed(self, error: BaseException) -> None:
        """Say that something broke, with an id under which the log tells what."""
        error_id = f"{self.interaction.id % 0xFFFFFFFF:08x}"
        logger.error("Interaction %s of %s broke (%s).", self.interaction.id, self.user_id, error_id, exc_info=error)
        await self.failed_politely(trouble.something_broke(error_id))

    async def failed_politely(self, words: str) -> None:
        """Say why nothing is done; autocomplete has no place for words."""
        await (self.choices([]) if self.is_autocomplete else self.reply(words))

    # --- The wire; called with the lock held ------------------------------------------------------------------------
    async def _first(self, kind: Callback, data: Json | None, then: State, uploads: Sequence[Upload] = ()) -> bool:
        if self.state is not State.NEW:
            return False
        if uploads:
            data = with_attachments(data or {}, uploads)
        body = {"type": int(kind)} | ({} if data is None else {"data": dict(data)})
        route = HttpRoute(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=self.interaction.id,
            webhook_token=self.interaction.token,
        )
        return await self._send(route, body, uploads, then)

    async def _edit_original(self, body: dict[str, Any], uploads: Sequence[Upload]) -> bool:
        body = {key: value for key, value in body.items() if key != "flags"}
        return await self._webhook("PATCH", "/messages/@original", body, uploads)

    async def _webhook(self, method: str, path: str, body: dict[str, Any] | None, uploads: Sequence[Upload]) -> bool:
        if self.state is State.LOST:
            return False
        if uploads and body is not None:
            body = with_attachments(body, uploads)
        route = HttpRoute(
            method,
            "/webhooks/{webhook_id}/{webhook_token}" + path,
            webhook_id=self.interaction.application_id,
            webhook_token=self.interaction.token,
        )
        return await self._send(route, body, uploads, State.ANSWERED)

    async def _send(self, route: HttpRoute, body: Json | None, uploads: Sequence[Upload], then: State) -> bool:
        session: aiohttp.ClientSession = self.interaction.client.answers
        form = form_of(body or {}, uploads) if uploads else None
        try:
            await self._adapter.request(
                route, session=session, payload=None if form or body is None else dict(body), multipart=form
            )
        except discord.HTTPException as error:
            return self._refused(error, then)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            logger.warning("The answer to interaction %s did not reach Discord: %r", self.interaction.id, error)
            return False
        self.state = then
        return True

    def _refused(self, error: discord.HTTPException, then: State) -> bool:
        """Being late and being second are everyday life; any other is a defect of ours, or Discord's own trouble."""
        number = self.interaction.id
        if error.code == ALREADY_ANSWERED:
            self.state = then
        elif error.code in TOO_LATE:
            self.state = State.LOST
            logger.info("Interaction %s was answered too late (%s).", number, error.code)
        elif error.code == UNKNOWN_MESSAGE:
            logger.info("The message of interaction %s is gone.", number)
        elif error.status == 429 or error.status >= 500:
            logger.warning("Discord did not take the answer to interaction %s: %s", number, error.status)
        else:
            raise error
        return False

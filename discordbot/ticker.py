"""What the bot does without being asked: moves weeks that are due, and keeps Discord true to the club.

Four loops. The clock moves due weeks every 15 s, and letters go to members as often. The watch looks every 2 s whether
anything changed: on the web, over REST, in the admin, in a job. The rounds read the state, make the plan and carry it
out, one round at a time: at once after a change, every 15 s in any case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from club import revision
from club.lifecycle import advance_due_weeks
from discordbot.database import in_database
from discordbot.desired import plan
from discordbot.keeping import noticing
from discordbot.keeping.verifying import verify
from discordbot.models import DiscordSettings
from discordbot.port import DiscordPort
from discordbot.reconcile import Report, reconcile
from discordbot.state import read_state
from discordbot.telling_members import tell
from discordbot.texts import calls, say
from discordbot.troubles import Trouble

logger = logging.getLogger(__name__)
TICK_S = 15.0
WATCH_S = 2.0
SETTLE_S = 0.2  # a crowd of changes is one round
VERIFY_EVERY = timedelta(hours=1)
Noted = Callable[..., Awaitable[None]]


class Ticker:
    """port: None while Discord is not connected. note: where the bot writes down how it fares."""

    def __init__(self, *, may_act: Callable[[], bool], note: Noted, now: Callable[[], datetime] = timezone.now) -> None:
        self.may_act = may_act
        self.note = note
        self.now = now
        self.port: DiscordPort | None = None
        self.is_paused = False
        self._wanted = asyncio.Event()
        self._verified_at: datetime | None = None
        self._pins_to_look_at: set[int] = set()
        self._said: tuple[Any, ...] = ()
        self._round = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled. A loop that breaks says why and goes on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._every(TICK_S, self._advance), name="clock")
            group.create_task(self._every(WATCH_S, self._watch), name="watch")
            group.create_task(self._every(TICK_S, self._tell_members), name="letters")
            group.create_task(self._rounds(), name="rounds")

    def nudge(self) -> None:
        """Something may have changed: look soon."""
        self._wanted.set()

    def connected(self, port: DiscordPort) -> None:
        """Much may have happened while nobody listened: compare everything first."""
        self.port = port
        self._verified_at = None
        self.nudge()

    def disconnected(self) -> None:
        self.port = None

    async def finish(self) -> None:
        """Wait until the round that runs, if any, has come to its end; `may_act` lets it stop at its next step."""
        async with self._round:
            return

    async def noticed(self, what: str, payload: Any) -> None:
        """Discord says that somebody changed something; only what is ours matters."""
        match what:
            case "messages_deleted":
                is_ours = await in_database(noticing.messages_deleted, payload)
            case "channel_deleted":
                is_ours = await in_database(noticing.channel_deleted, payload)
            case "thread":
                is_ours = await in_database(noticing.thread_changed, payload)
            case "event_deleted":
                is_ours = await in_database(noticing.event_deleted, payload)
            case "pins":
                is_ours = await in_database(noticing.has_posts_in, payload)
                self._pins_to_look_at |= {payload} if is_ours else set()
            case _:
                is_ours = await in_database(noticing.permissions_changed)
        if is_ours:
            self.nudge()

    # --- The loops ------------------------------------------------------------------------------------------------
    async def _every(self, seconds: float, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                if self.may_act():
                    await act()
            except Exception:
                logger.exception("%s broke; it is tried again in %s s.", act.__name__, seconds)
            await asyncio.sleep(seconds)

    async def _advance(self) -> None:
        n_moved = await in_database(advance_due_weeks, self.now())
        if n_moved:
            logger.info("Weeks moved on: %s", n_moved)

    async def _tell_members(self) -> None:
        if self.port is not None and not self.is_paused and (n_sent := await tell(self.port, self.now())):
            logger.info("Direct messages sent: %s", n_sent)

    async def _watch(self) -> None:
        seen = await in_database(_what_changes)
        if seen != self._said:
            self._said = seen
            self.nudge()

    async def _rounds(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), TICK_S)
                await asyncio.sleep(SETTLE_S)
            self._wanted.clear()
            if self.port is None or self.is_paused or not self.may_act():
                continue
            try:
                async with self._round:
                    await self.round(self.port)
            except Trouble as trouble:
                logger.warning("The round ended early: %s", trouble.words)
            except Exception:
                logger.exception("The round broke; the next one is in %s s.", TICK_S)

    async def round(self, port: DiscordPort) -> Report:
        """State → plan → Discord, once."""
        now = self.now()
        if self._verified_at is None or now - self._verified_at > VERIFY_EVERY:
            if n_found := await verify(port, now):
                logger.info("%s posts were not as they had been left.", n_found)
            self._verified_at = now
        await self._look_at_pins(port)
        state = await in_database(read_state, now)
        report = await reconcile(port, plan(state, now), now=now)
        if not report.is_quiet:
            logger.info("Discord: %s", report)
        if report.made or report.remade:
            self.nudge()  # what stands now is linked from other posts
        elif report.next_try_at and (pause := (report.next_try_at - now).total_seconds()) < TICK_S:
            asyncio.get_running_loop().call_later(max(pause, 1.0), self.nudge)
        problem = report.problems[0] if report.problems else ""
        if report.has_no_channel:
            problem = say(calls.NO_CHANNEL)
        facts: dict[str, Any] = {} if self.is_paused else {"problem": problem}  # thrown out meanwhile: that is it
        if report.is_complete:
            facts["reconciled_at"] = self.now()
        if facts:
            await self.note(**facts)
        return report

    async def _look_at_pins(self, port: DiscordPort) -> None:
        while self._pins_to_look_at:
            channel = self._pins_to_look_at.pop()
            with suppress(Trouble):
                pinned = {int(message["id"]) for message in await port.pins(channel)}
                await in_database(noticing.pins_are, channel, pinned)


def _what_changes() -> tuple[Any, ...]:
    """Two cheap reads that differ after whatever could show in Discord."""
    return revision.current(), DiscordSettings.objects.filter(pk=1).values_list("updated_at", flat=True).first()

"""The whole bot in this process: its client, and rounds of posts on demand, on a clock that the test sets.

    with WholeBot(fake, clock) as bot:       # connects, and compares everything once
        bot.settle()                         # rounds until one asks Discord nothing
    clock.passes(days=2); bot.settle()       # due weeks move, posts follow

`die` ends it as SIGKILL does, from any thread: nothing more is sent, nothing more is written, nothing is said goodbye.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from club.lifecycle import advance_due_weeks
from discordbot.database import in_database
from discordbot.models import DiscordSettings
from discordbot.port import DiscordPort
from discordbot.reconcile import Report
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.living_bot import LivingBot
from discordbot.ticker import Ticker

ROUND_S = 60.0


class Clock:
    """What time it is for the club, for the bot and for the local Discord."""

    def __init__(self, fake: FakeDiscord, now: datetime | None = None) -> None:
        self.now = now or timezone.now().replace(microsecond=0)
        fake.world.clock = self

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def rule(self, patch: pytest.MonkeyPatch) -> None:
        """Whoever asks Django what time it is hears it from here."""
        patch.setattr(timezone, "now", self)


class WholeBot(LivingBot):
    def __init__(self, fake: FakeDiscord, clock: Callable[[], datetime] = timezone.now) -> None:
        super().__init__(fake)
        self.is_dead = False
        self.notes: dict[str, Any] = {}
        self.ticker = Ticker(may_act=lambda: not self.is_dead, note=self._note, now=clock)

    # --- What the supervisor does otherwise ---
    async def _note(self, **facts: Any) -> None:
        self.notes |= facts

    async def link(self, state: str) -> None:
        if state == "ready":
            self._connect(self.client)
        await super().link(state)

    async def noticed(self, what: str, payload: Any) -> None:
        await self.ticker.noticed(what, payload)

    def _connect(self, client: Any) -> None:
        port = DiscordPort(
            client.http, guild_id=client.guild_id, bot_id=client.user.id, may_act=lambda: not self.is_dead
        )
        self.ticker.connected(port)

    # --- What the test asks of it ---
    def round(self) -> Report | None:
        """Due weeks move, and one round of posts; None where the bot died meanwhile."""
        return self.do(self._round())

    async def _round(self) -> Report:
        await in_database(advance_due_weeks, self.ticker.now())
        assert self.ticker.port
        return await self.ticker.round(self.ticker.port)

    def settle(self, *, most: int = 8) -> Report | None:
        """Rounds until one has nothing to do."""
        for _ in range(most):
            before = len(self.fake.rest.log)
            report = self.round()
            if report is None or (report.is_quiet and len(self.fake.rest.log) == before):
                return report
        raise AssertionError(f"Still at it after {most} rounds: {report}\n{self.fake.recent()}")

    def do(self, work: Any) -> Any:
        """Run it on the bot's loop. None where the bot dies before it is done."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        for _ in range(int(ROUND_S / 0.05)):
            try:
                return future.result(0.05)
            except TimeoutError:
                if self.is_dead:
                    return None
        raise AssertionError(f"No end within {ROUND_S} s.\n{self.fake.recent()}")

    # --- Death ---
    def die(self) -> None:
        """From the local Discord's thread, in the midst of a request: what it would have been told is never heard."""
        self.is_dead = True
        self.loop.call_soon_threadsafe(self._stop)
        self._thread.join(20)

    def _stop(self) -> None:
        self.loop.stop()

    def _run(self) -> None:
        try:
            super()._run()
        except RuntimeError:  # "Event loop stopped before Future completed"
            if not self.is_dead:
                raise

    def __exit__(self, *exception: object) -> None:
        if not self.is_dead:
            super().__exit__(*exception)
            return
        self.fake.on_loop(self.fake.gateway.drop)
        self._redirected.__exit__(None, None, None)
        GRAVEYARD.append(self)


GRAVEYARD: list[WholeBot] = []  # kept, so that nobody complains of tasks that never ended


def choose_channels(fake: FakeDiscord, *, forum: bool = False) -> None:
    places = DiscordSettings.load()
    places.is_forum = forum
    places.club_channel_snowflake = (fake.forum if forum else fake.club).id
    places.voice_channel_snowflake = fake.voice.id
    places.moderators_channel_snowflake = fake.moderators.id
    places.save()

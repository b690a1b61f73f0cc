"""The bot without its gateway: rounds of posts on demand, at any hour, in the test's own database connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import discord
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from club.lifecycle import advance_due_weeks
from discordbot.models import DiscordSettings
from discordbot.port import DiscordPort
from discordbot.reconcile import Report
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.ticker import Ticker


class Forgetful:
    """HTTP through which no message tells its nonce: Discord does not promise to, once it was sent."""

    def __init__(self, http: Any) -> None:
        self.http = http

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        answer = await self.http.request(*args, **kwargs)
        for message in answer if isinstance(answer, list) else [answer]:
            if isinstance(message, dict):
                message.pop("nonce", None)
        return answer


class Rounds:
    """`now` is where the test stands in the week; the local Discord's clock stands there too."""

    def __init__(self, fake: FakeDiscord, *, forum: bool = False, now: datetime | None = None) -> None:
        self.fake = fake
        self.now = now or timezone.now().replace(microsecond=0)
        self.may_act = True
        self.notes: dict[str, Any] = {}
        fake.world.clock = lambda: self.now
        places = DiscordSettings.load()
        places.is_forum = forum
        places.club_channel_snowflake = (fake.forum if forum else fake.club).id
        places.voice_channel_snowflake = fake.voice.id
        places.moderators_channel_snowflake = fake.moderators.id
        places.save()

    @contextmanager
    def for_nothing(self) -> Iterator[None]:
        """What happens meanwhile, in Discord and in the test's database, never happened."""
        now, before = self.now, transaction.savepoint()
        with self.fake.for_nothing():
            yield
        transaction.savepoint_rollback(before)
        self.now = now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def advance(self) -> None:
        advance_due_weeks(self.now)

    def round(self, *, verified: bool = True) -> Report:
        """One round; `verified=False` compares everything first, as after a start."""

        async def act(port: DiscordPort) -> Report:
            ticker = Ticker(may_act=lambda: self.may_act, note=self.note, now=lambda: self.now)
            ticker._verified_at = self.now if verified else None
            return await ticker.round(port)

        return self.with_port(act)

    def settle(self, *, most: int = 6) -> Report:
        """Rounds until one asks Discord nothing."""
        for _ in range(most):
            before = len(self.fake.requests)
            report = self.round()
            if len(self.fake.requests) - before <= LOGIN:
                return report
        raise AssertionError(f"Still at it after {most} rounds: {report}\n{self.fake.recent()}")

    def requests_of(self, act: Callable[[], Any]) -> list[str]:
        """What Discord was asked meanwhile, the login left out."""
        before = len(self.fake.requests)
        act()
        return [f"{row.method} {row.path}" for row in self.fake.requests[before + LOGIN :]]

    def with_port(self, act: Callable[[DiscordPort], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30) as client:
                await client.login(self.fake.token)
                port = DiscordPort(
                    Forgetful(client.http),  # type: ignore[arg-type]
                    guild_id=self.fake.guild.id,
                    bot_id=self.fake.world.bot.id,
                    may_act=lambda: self.may_act,
                )
                return await act(port)

        with self.fake.redirect():
            return async_to_sync(run)()

    async def note(self, **facts: Any) -> None:
        self.notes |= facts


LOGIN = 2  # requests of every login: who am I, which application

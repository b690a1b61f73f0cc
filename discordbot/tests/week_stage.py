"""A week in any phase with its cards and threads in the local Discord, for tests in which members act."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.cards.parts import button, row
from discordbot.database import in_database
from discordbot.models import Post
from discordbot.tests.fake_discord import FakeDiscord, acts
from discordbot.tests.fake_discord.things import Message
from discordbot.tests.living_bot import LivingBot

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def living_bot(fake: FakeDiscord) -> Iterator[LivingBot]:
    with LivingBot(fake) as bot:
        yield bot
    assert not fake.violations
    assert not fake.ignored_keys


def week_in(phase: Phase, *, n_nominees: int = 0, **given: Any) -> Week:
    """A week that is in the middle of `phase` now."""
    days = {Phase.NOMINATIONS: 1, Phase.POLL: 4, Phase.LISTENING: 8, Phase.DISCUSSION: 15}[phase]
    week = WeekFactory(number=12, phase=phase, opens_at=timezone.now().replace(microsecond=0) - days * DAY, **given)
    for place in range(n_nominees):
        NominationFactory(week=week, album=AlbumFactory(title=f"Album {place + 1}"))
    return week


def card(fake: FakeDiscord, verb: str, week: Week) -> Message:
    """A pinned card's button, as it stands in a thread."""
    body = {"content": "card", "components": [row([button(verb.title(), verb, week.number)])]}
    return fake.on_loop(acts.post_message, fake.world, fake.club, fake.world.bot, body=body)


def thread_of(fake: FakeDiscord, week: Week, key: str) -> Any:
    thread = fake.on_loop(acts.start_thread, fake.world, fake.club, f"{week} - {key}", fake.world.bot)
    Post.objects.create(week=week, kind="thread", key=key, thread_snowflake=thread.id, nonce=key)
    return thread


def busy(bot: LivingBot, seconds: float) -> None:
    """Everybody shares one thread to the database: somebody's slow query is everybody's."""
    asyncio.run_coroutine_threadsafe(in_database(time.sleep, seconds), bot.loop)


def acted(bot: LivingBot, act: Callable[[], object]) -> None:
    """Until the bot has done something about it; asking the database meanwhile would lock the bot out of its tables."""
    before = bot.n_nudges
    act()
    soon(lambda: bot.n_nudges > before)


def soon(claim: Callable[[], bool], seconds: float = 10) -> None:
    """Until a claim about what is shown is true."""
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.02)


def fits_three_seconds(fake: FakeDiscord) -> bool:
    return not fake.failed_interactions and max(fake.answer_seconds) < 3

"""A whole bot on a clock that the test sets, and a week open for nominations: for tests of its failures.

At the end nothing may have been sent that Discord does not take, and nobody may have been left without an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import WeekFactory
from discordbot.tests.agreement import defects
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels

KID_A, BLUE, RED = "Kid A — Radiohead (2000)", "Blue — Joni Mitchell (1971)", "Red — King Crimson (1974)"


@pytest.fixture
def clock(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(fake)
    clock.rule(monkeypatch)
    choose_channels(fake)
    return clock


@pytest.fixture
def bot(fake: FakeDiscord, clock: Clock) -> Iterator[WholeBot]:
    with WholeBot(fake, clock) as bot:
        yield bot
    assert defects(fake) == []
    assert not fake.failed_interactions


@pytest.fixture
def week(bot: WholeBot, clock: Clock) -> Week:
    """Open for nominations, its thread stands."""
    week: Week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    bot.settle()
    return week


def ends(week: Week, clock: Clock, bot: WholeBot) -> Week:
    """The present phase comes to its end, and Discord hears of it."""
    week.refresh_from_db()
    name = {
        Phase.NOMINATIONS: "nominations_close_at",
        Phase.POLL: "poll_close_at",
        Phase.LISTENING: "discussion_at",
        Phase.DISCUSSION: "ratings_close_at",
    }[Phase(week.phase)]
    clock.now = getattr(week, name)
    bot.settle()
    week.refresh_from_db()
    return week

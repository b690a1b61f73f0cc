"""The event of a discussion says when it is, also when moderators end listening early, or take that back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.deadlines import change_deadlines
from club.lifecycle import close_phase_now, reopen_phase
from club.models import Phase, Week
from club.tests.factories import WeekFactory
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot
from social.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def week(clock: Clock, bot: WholeBot) -> Week:
    week: Week = WeekFactory(phase=Phase.LISTENING, opens_at=clock.now - timedelta(days=8))
    bot.settle()
    return week


def test_nobody_is_invited_to_a_discussion_that_began_before(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, mod: User
) -> None:
    [event] = fake.events
    assert event.starts_at == week.discussion_at
    close_phase_now(week=week, by=mod, now=clock.now)
    bot.settle()
    assert fake.events == []
    week.refresh_from_db()
    reopen_phase(week=week, by=mod, now=clock.now, until=clock.now + timedelta(days=2))
    bot.settle()
    [event] = fake.events
    assert event.starts_at == clock.now + timedelta(days=2)


def test_the_event_of_a_discussion_in_its_time_is_left_to_those_who_are_there(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    clock.now = week.discussion_at + timedelta(minutes=1)
    bot.settle()
    assert len(fake.events) == 1


def test_a_discussion_about_to_begin_is_not_moved_in_a_request_that_would_come_too_late(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, mod: User
) -> None:
    [event] = fake.events
    before = event.starts_at
    change_deadlines(week=week, by=mod, now=clock.now, discussion_at=clock.now + timedelta(seconds=5))
    bot.settle()
    assert event.starts_at == before
    clock.now += timedelta(seconds=6)
    bot.settle()
    assert fake.events == [], "it would invite to a moment that is not the discussion's"

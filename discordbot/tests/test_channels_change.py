"""The club moves to another channel while a week runs: from a text channel to a forum, and the old one is deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import WeekFactory
from discordbot.models import DiscordSettings, Post
from discordbot.tests.acting import card, nominate
from discordbot.tests.agreement import disagreements
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels
from discordbot.tests.whole_bot_stage import BLUE, KID_A

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def week(fake: FakeDiscord, bot: WholeBot, clock: Clock) -> Week:
    week: Week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    bot.settle()
    for title in (KID_A, BLUE):
        nominate(fake.person(title[:3]), card(fake, "NOMINATIONS"), title)
    bot.settle()
    return week


def test_what_stands_stays_and_what_follows_comes_to_the_new_place(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week
) -> None:
    choose_channels(fake, forum=True)
    clock.now = week.nominations_close_at
    bot.settle()
    assert fake.thread("- NOMINATIONS").parent_id == fake.club.id
    assert fake.thread("- POLL").parent_id == fake.forum.id
    assert not Post.objects.exclude(problem="").exists()


@pytest.mark.parametrize("was_told_first", [True, False])
def test_the_old_channel_is_deleted_and_everything_stands_in_the_new_one(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, week: Week, was_told_first: bool
) -> None:
    if was_told_first:
        choose_channels(fake, forum=True)
        bot.settle()
    fake.hands.delete(fake.club)
    if not was_told_first:
        for _ in range(3):
            clock.passes(minutes=1)
            bot.round()
        DiscordSettings.objects.update(club_channel_snowflake=fake.forum.id, is_forum=True)
    clock.passes(hours=1)
    bot.settle()
    thread = fake.thread("- NOMINATIONS")
    assert thread.parent_id == fake.forum.id
    assert sum("Kid A" in row.text for row in fake.messages(thread, by_bot=True)) == 1
    assert card(fake, "NOMINATIONS").buttons
    assert len([row for row in fake.messages(fake.moderators) if row.pinged_roles]) == 0
    assert len(fake.messages(fake.moderators)) <= 2
    assert disagreements(fake, clock.now) == []

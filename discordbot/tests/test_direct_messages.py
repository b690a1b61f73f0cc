"""Direct messages carry the same buttons as the thread, and they work there: no server is named in such a press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from club.models import Phase, Vote, Week
from club.tests.factories import WeekFactory
from discordbot.tests.acting import ballot, card, nominate
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels
from social.models import User

pytestmark = pytest.mark.django_db(transaction=True)
KID_A, BLUE = "Kid A — Radiohead (2000)", "Blue — Joni Mitchell (1971)"


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
    assert not fake.violations
    assert not fake.failed_interactions


@pytest.fixture
def ana(fake: FakeDiscord) -> Person:
    return fake.person("Ana")


def reminded_of_the_poll(fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person) -> None:
    """A poll of two albums, a day before its end; whoever nominated hears of it directly."""
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    bot.settle()
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    nominate(fake.person("Ben"), card(fake, "NOMINATIONS"), BLUE)
    User.objects.update(wants_direct_messages=True)
    clock.now = week.nominations_close_at
    bot.settle()
    clock.now = Week.objects.get().poll_close_at - timedelta(hours=23)
    bot.settle()


def test_a_reminded_member_votes_from_the_direct_message(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    reminded_of_the_poll(fake, clock, bot, ana)
    [message] = ana.dms
    asked = ana.press(message, "Vote")
    assert asked.kind == "form", asked.text
    done = ana.submit(asked, ballot(BLUE))
    assert "Your first choice: **Blue**" in done.text
    assert Vote.objects.get().user.display_name == "Ana"
    assert ana.press(done, "Clear").kind == "updated"
    assert not Vote.objects.exists()


def test_the_name_of_this_server_stays_whatever_a_member_is_called_elsewhere(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    ana.member.nick = "Ana of the club"
    reminded_of_the_poll(fake, clock, bot, ana)
    ana.press(ana.submit(ana.press(ana.dms[0], "Vote"), ballot(BLUE)), "Clear")
    assert User.objects.filter(display_name="Ana of the club").count() == 1

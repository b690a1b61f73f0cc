"""What moderators do is told where members read, and what they take back is no longer said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from catalog.tests.factories import AlbumFactory
from club.lifecycle import extend_phase, skip_week
from club.models import Phase, Vote, Week
from club.moderating import override_winner, undo
from club.nominating import withdraw
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot
from social.models import User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[Week, User, datetime], object]


def said(fake: FakeDiscord, place: str) -> list[str]:
    """What stands in the thread without its pinned card and the cards of nominations."""
    rows = fake.messages(fake.thread(f"- {place}"), by_bot=True)
    return [row.content for row in rows if not row.is_pinned and not row.embeds]


def extended(week: Week, mod: User, now: datetime) -> None:
    extend_phase(week=week, delta=timedelta(days=1), by=mod, now=now)


def skipped(week: Week, mod: User, now: datetime) -> None:
    skip_week(week=week, by=mod, now=now, reason="Holidays.")


def withdrawn(week: Week, mod: User, now: datetime) -> None:
    withdraw(nomination=week.nominations.order_by("id")[0], by=mod, now=now)


@pytest.mark.parametrize(
    ("act", "words"),
    [(extended, "The poll now closes"), (skipped, "was cancelled by a moderator"), (withdrawn, "was withdrawn")],
)
def test_a_notice_goes_when_its_act_is_undone(
    act: Act, words: str, fake: FakeDiscord, clock: Clock, bot: WholeBot, mod: User
) -> None:
    week = WeekFactory(phase=Phase.POLL, opens_at=clock.now - timedelta(days=4))
    for title in ("Blue", "Red", "Kid A"):
        NominationFactory(week=week, album=AlbumFactory(title=title))
    bot.settle()
    before = said(fake, "POLL")
    act(week, mod, clock.now)
    bot.settle()
    assert [words in text for text in said(fake, "POLL")[len(before) :]] == [True]
    clock.passes(minutes=5)
    undo(by=mod, now=clock.now)
    bot.settle()
    assert not any(words in text for text in said(fake, "POLL"))


def test_another_winner_is_told_in_the_thread(fake: FakeDiscord, clock: Clock, bot: WholeBot, mod: User) -> None:
    week = WeekFactory(phase=Phase.LISTENING, opens_at=clock.now - timedelta(days=8), winner__album__title="Blue")
    other = NominationFactory(week=week, album=AlbumFactory(title="Red"))
    Vote.objects.create(week=week, user=UserFactory(), nomination=week.winner, rank=1, cast_at=week.opens_at)
    bot.settle()
    override_winner(week=week, nomination=other, by=mod, reason="A mistake.", now=clock.now)
    bot.settle()
    told = [text for text in said(fake, "WINNER") if "chose another winner" in text]
    assert len(told) == 1
    assert "**Red**" in told[0]
    undo(by=mod, now=clock.now + timedelta(minutes=1))
    bot.settle()
    assert not any("chose another winner" in text for text in said(fake, "WINNER"))
    assert "Blue" in fake.thread("- WINNER").name

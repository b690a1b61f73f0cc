"""A bot that starts beside an archive of five hundred weeks posts none of them, and is quick about it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from club.models import Nomination, Phase, Week
from club.rhythm import DEADLINES
from club.tests.factories import WeekFactory
from discordbot.models import Post
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels

pytestmark = pytest.mark.django_db(transaction=True)
N_WEEKS = 500


def test_history_stays_unspoken(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(fake)
    clock.rule(monkeypatch)
    choose_channels(fake)
    first = WeekFactory(number=1, phase=Phase.CLOSED, opens_at=clock.now - timedelta(weeks=N_WEEKS + 4))
    moments = {name: getattr(first, name) for name in DEADLINES}
    weeks = Week.objects.bulk_create(
        Week(
            number=number, phase=Phase.CLOSED, rating_count=6, rating_mean=3.5, rating_sd=0.5,
            **{name: at + timedelta(weeks=number - 1) for name, at in moments.items()},
        )
        for number in range(2, N_WEEKS + 1)
    )  # fmt: skip
    album, member = first.winner.album, first.winner.user
    for week, winner in zip(
        weeks,
        Nomination.objects.bulk_create(
            Nomination(week=week, user=member, album=album, created_at=week.opens_at) for week in weeks
        ),
        strict=True,
    ):
        week.winner = winner
    Week.objects.bulk_update(weeks, ["winner"])
    with WholeBot(fake, clock) as bot:
        began = time.perf_counter()
        bot.settle()
        assert time.perf_counter() - began < 30
        assert not fake.guild.threads
        assert not Post.objects.exists()
        ana = fake.person("Ana")
        assert "500 decided weeks" in ana.slash("stats").text
        assert "WEEK 400" in ana.slash("history", find="week 400").text
    assert not fake.violations
    assert max(fake.answer_seconds) < 3

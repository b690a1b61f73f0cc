"""Rounds of posts on a Discord that remembers no nonce, and a week with nominations: fixtures of tests of failures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from club.voting import cast_ballot
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from social.tests.factories import UserFactory


@pytest.fixture
def rounds(fake: FakeDiscord) -> Rounds:
    fake.world.nonce_memory_s = 0
    return Rounds(fake)


@pytest.fixture
def nominated(rounds: Rounds) -> Week:
    """Open for nominations since an hour, with three of them."""
    week: Week = WeekFactory(opens_at=rounds.now - timedelta(hours=1), phase=Phase.NOMINATIONS)
    for _ in range(3):
        NominationFactory(week=week, created_at=rounds.now)
    return week


def somebody_votes(week: Week, rounds: Rounds) -> None:
    first = week.nominations.order_by("pk")[0]
    cast_ballot(voter=UserFactory(), week=week, first=first, second=None, now=rounds.now)

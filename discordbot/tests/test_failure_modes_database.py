"""Failure mode 17: the database is slow, refuses, or hangs up. Answered in time, nothing half-written, well again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from club import voting
from club.models import Nomination, Phase, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.handlers.vote import ballots
from discordbot.tests.acting import ballot, card, nominate, vote
from discordbot.tests.agreement import defects
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.whole_bot import WholeBot, choose_channels

pytestmark = pytest.mark.django_db(transaction=True)
KID_A, BLUE = "Kid A — Radiohead (2000)", "Blue — Joni Mitchell (1971)"


@pytest.fixture
def poll(fake: FakeDiscord) -> Week:
    choose_channels(fake)
    week: Week = WeekFactory(phase=Phase.POLL, opens_at=timezone.now() - timedelta(days=4))
    for title, artist, year in (("Kid A", "Radiohead", 2000), ("Blue", "Joni Mitchell", 1971)):
        NominationFactory(week=week, album=AlbumFactory(title=title, artist__name=artist, release_year=year))
    return week


@pytest.fixture
def bot(fake: FakeDiscord, poll: Week) -> Iterator[WholeBot]:
    with WholeBot(fake) as bot:
        bot.settle()
        yield bot
    assert defects(fake) == []
    assert not fake.failed_interactions


def test_failure_17_five_slow_seconds_are_acknowledged_in_time_and_the_ballot_counts(
    fake: FakeDiscord, bot: WholeBot, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = ana.press(card(fake, "POLL"), "Vote")
    quick = ballots.cast

    def slow(**arguments: Any) -> Any:
        time.sleep(5)  # the query itself
        return quick(**arguments)

    monkeypatch.setattr(ballots, "cast", slow)
    answer = ana.submit(form, ballot(KID_A))
    assert answer.seconds is not None
    assert answer.seconds < 3
    assert "Your first choice: **Kid A**" in answer.text
    assert Vote.objects.get().rank == 1


def test_failure_17_a_form_opens_though_the_database_is_slow(
    fake: FakeDiscord, bot: WholeBot, ana: Person, poll: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    Week.objects.update(phase=Phase.NOMINATIONS, nominations_close_at=timezone.now() + timedelta(hours=5))
    Week.objects.update(poll_close_at=timezone.now() + timedelta(days=1))
    bot.settle()
    from discordbot.handlers.nominate import nominations

    quick = nominations.opened
    monkeypatch.setattr(nominations, "opened", lambda **given: (time.sleep(2.5), quick(**given))[1])
    answer = nominate(ana, card(fake, "NOMINATIONS"), "Red — King Crimson (1974)")
    assert "is nominated" in answer.text
    assert Nomination.objects.filter(album__title="Red").exists()


def test_failure_17_a_deadlock_leaves_nothing_half_written_and_loses_no_word(
    fake: FakeDiscord, bot: WholeBot, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first choice is written already when the second one is the victim."""
    form = ana.press(card(fake, "POLL"), "Vote")
    written, bump = [], voting.revision.bump

    def victim() -> None:
        written.append(Vote.objects.count())
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(voting.revision, "bump", victim)
    answer = ana.submit(form, ballot(KID_A, BLUE))
    assert written == [2]
    assert answer.message, "the member is told"
    assert "Your first choice" not in answer.text
    assert not Vote.objects.exists()
    monkeypatch.setattr(voting.revision, "bump", bump)
    assert "Your first choice: **Kid A**" in vote(ana, card(fake, "POLL"), KID_A, BLUE).text
    assert Vote.objects.count() == 2


@pytest.mark.postgres
def test_failure_17_a_killed_connection_heals_by_itself(fake: FakeDiscord, bot: WholeBot, ana: Person) -> None:
    form = ana.press(card(fake, "POLL"), "Vote")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    assert "Your first choice: **Kid A**" in ana.submit(form, ballot(KID_A)).text
    bot.settle()
    assert "1 member has voted" in card(fake, "POLL").text


@pytest.mark.postgres
def test_failure_17_two_who_wait_for_each_other_are_both_answered(
    fake: FakeDiscord, bot: WholeBot, ana: Person, poll: Week
) -> None:
    """The week's row is held elsewhere for two seconds, as a long job might."""
    form = ana.press(card(fake, "POLL"), "Vote")
    from django.db import transaction

    with transaction.atomic():
        Week.objects.select_for_update().get(pk=poll.pk)
        sending = fake.begin(ana.submit, form, ballot(KID_A))
        fake.wait_until(lambda: all(row.answer_type is not None for row in fake.world.interactions.values()))
    assert "Your first choice: **Kid A**" in sending.result(20).text

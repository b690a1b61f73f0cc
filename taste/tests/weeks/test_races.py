"""Runs for one member at once, on PostgreSQL, while listens come in: the weeks are those of all listens in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.tests.test_races import at_once
from listening.ingest import ingest
from listening.models import Listener
from listening.plays import Play
from listening.tests.histories import NOW
from social.models import User
from taste.models import TasteProfile, WeeklyTaste
from taste.tests.weeks.slow import slow_weeks
from taste.weeks.aggregating import aggregate

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def evening(days_ago: int) -> list[Play]:
    begin = NOW - timedelta(days=days_ago)
    return [Play(begin + timedelta(minutes=5 * n), f"Artist {n % 4}", f"Song {n % 9}") for n in range(20)]


def test_six_runs_at_once_beside_a_writer_leave_true_weeks(rin: User) -> None:
    ingest(user=rin, source="lastfm", plays=evening(20), now=NOW)

    def listen() -> None:
        for days_ago in range(10, 2, -1):
            ingest(user=rin, source="lastfm", plays=evening(days_ago), now=NOW)

    def run() -> None:
        for _ in range(3):
            aggregate(user=rin, now=NOW)

    for answer in at_once(listen, *[run] * 6):
        if isinstance(answer, Exception):
            raise answer
    aggregate(user=rin, now=NOW)
    slow = slow_weeks(rin)
    rows = {row.starts_on: row for row in WeeklyTaste.objects.filter(user=rin)}
    assert {day: row.n_listens for day, row in rows.items()} == {day: week.n_listens for day, week in slow.items()}
    assert {day: row.n_new_artists for day, row in rows.items()} == {
        day: week.n_new_artists for day, week in slow.items()
    }
    assert TasteProfile.objects.get(user=rin).weeks_revision == Listener.objects.get(user=rin).revision

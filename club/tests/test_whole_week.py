"""One week, played from opening to closing by calling the functions that every face calls."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.tests.factories import AlbumFactory
from club.lifecycle import advance_due_weeks, open_week
from club.models import Phase
from club.nominating import nominate
from club.polls import poll_result
from club.ratings import rate, week_summary
from club.voting import cast_ballot
from social.models import User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_week_goes_from_nominations_to_its_average(rin: User, sol: User, stranger: User, monday: datetime) -> None:
    week, created = open_week(now=monday, theme="Debuts")
    assert created
    assert (week.number, week.phase, week.label) == (1, Phase.NOMINATIONS, "WEEK 001 [2025-11-24]")
    picks = [
        nominate(member=member, week=week, album=AlbumFactory(), now=monday + timedelta(hours=hour)).nomination
        for hour, member in enumerate((rin, sol, stranger))
    ]

    assert advance_due_weeks(week.nominations_close_at) == 1
    voting = week.nominations_close_at + timedelta(hours=1)
    cast_ballot(voter=rin, week=week, first=picks[1], second=picks[2], now=voting)
    cast_ballot(voter=sol, week=week, first=picks[2], second=picks[0], now=voting)
    cast_ballot(voter=stranger, week=week, first=picks[1], second=None, now=voting)

    assert advance_due_weeks(week.poll_close_at) == 1
    week.refresh_from_db()
    assert (week.phase, week.winner, week.tie_break) == (Phase.LISTENING, picks[1], "")
    assert [(entry.nomination_id, entry.points) for entry in poll_result(week).entries] == [
        (picks[1].pk, 4), (picks[2].pk, 3), (picks[0].pk, 1),
    ]  # fmt: skip

    assert advance_due_weeks(week.discussion_at) == 1
    for member, half_stars in ((rin, 8), (sol, 9), (stranger, 4)):
        rate(member=member, week=week, half_stars=half_stars, now=week.discussion_at)
    assert advance_due_weeks(week.ratings_close_at) == 1
    week.refresh_from_db()
    assert week.phase == Phase.CLOSED
    summary = week_summary(week)
    assert (summary.count, summary.mean, summary.histogram) == (3, 3.5, (0, 0, 1, 0, 0, 0, 1, 1, 0))
    assert advance_due_weeks(week.ratings_close_at + timedelta(days=400)) == 0


def test_each_act_is_a_handful_of_queries(
    monday: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    week, _ = open_week(now=monday)
    members, albums = UserFactory.create_batch(24), AlbumFactory.create_batch(24)
    picks = [
        nominate(member=m, week=week, album=a, now=monday).nomination for m, a in zip(members, albums, strict=True)
    ]
    late = UserFactory()
    in_a_savepoint = 2  # what the test's own transaction adds to each call
    fresh = AlbumFactory()
    with django_assert_max_num_queries(7 + in_a_savepoint):
        nominate(member=late, week=week, album=fresh, now=monday)
    with django_assert_max_num_queries(9):
        advance_due_weeks(week.nominations_close_at)
    with django_assert_max_num_queries(7 + in_a_savepoint):
        cast_ballot(voter=late, week=week, first=picks[0], second=picks[1], now=week.nominations_close_at)
    with django_assert_max_num_queries(10):
        advance_due_weeks(week.poll_close_at)
    advance_due_weeks(week.discussion_at)
    with django_assert_max_num_queries(10 + in_a_savepoint):  # two of them take the album off the list of wishes
        rate(member=late, week=week, half_stars=7, review="Fine.", now=week.discussion_at)

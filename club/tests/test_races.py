"""Two at once, on PostgreSQL: real threads, real transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from catalog.tests.factories import AlbumFactory
from club import aggregates
from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, close_phase_now, open_week
from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from club.moderating import override_winner
from club.nominating import nominate
from club.polls import poll_result
from club.ratings import rate
from club.tests.factories import MONDAY
from club.voting import cast_ballot
from social.models import ModerationAction, User
from social.tests.factories import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def week() -> Week:
    ClubSettings.load()
    week, _ = open_week(now=MONDAY)
    for _ in range(2):
        nominate(member=UserFactory(), week=week, album=AlbumFactory(), now=MONDAY)
    return week


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts in threads that start together; each one's answer, or its error."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(position: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            answers[position] = act()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            answers[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def codes(answers: list[Any]) -> list[str]:
    """The codes of the refusals; anything else that went wrong is an error."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, ClubRuleBroken):
            raise answer
    return sorted(answer.code for answer in answers if isinstance(answer, ClubRuleBroken))


def test_two_processes_close_the_poll_once(week: Week) -> None:
    advance_due_weeks(week.nominations_close_at)
    first, second = week.nominations.all()
    cast_ballot(voter=UserFactory(), week=week, first=second, second=first, now=week.nominations_close_at)
    answers = at_once(*(lambda: advance_due_weeks(week.poll_close_at) for _ in range(4)))
    assert codes(answers) == []
    assert sum(answers) == 1
    week.refresh_from_db()
    assert (week.phase, week.winner) == (Phase.LISTENING, second)
    assert week.history.filter(phase=Phase.LISTENING).count() == 1


def test_two_moderators_close_a_phase_once(week: Week, mod: User) -> None:
    now = MONDAY + timedelta(days=1)
    seen = [Week.objects.get(pk=week.pk) for _ in range(3)]
    assert codes(at_once(*(lambda each=each: close_phase_now(week=each, by=mod, now=now) for each in seen))) == []
    assert Week.objects.get(pk=week.pk).phase == Phase.POLL
    assert ModerationAction.objects.count() == 1


def test_a_vote_counts_or_is_refused_but_is_never_lost(week: Week) -> None:
    advance_due_weeks(week.nominations_close_at)
    first, second = week.nominations.all()
    close = week.poll_close_at
    cast_ballot(voter=UserFactory(), week=week, first=first, second=None, now=week.nominations_close_at)
    voters = UserFactory.create_batch(6)
    last = close - timedelta(microseconds=1)

    def vote(voter: User) -> Callable[[], Any]:
        return lambda: cast_ballot(voter=voter, week=week, first=second, second=None, now=last)

    refusals = codes(at_once(lambda: advance_due_weeks(close), *(vote(voter) for voter in voters)))
    week.refresh_from_db()
    assert set(refusals) <= {"wrong_phase"}
    assert Vote.objects.count() == 1 + len(voters) - len(refusals)
    assert week.winner_id == poll_result(week).winner_id, "the winner is the one of the ballots that stand"


def test_two_clicks_are_one_nomination_and_two_members_do_not_share_an_album(week: Week) -> None:
    member, rival, album = UserFactory(), UserFactory(), AlbumFactory()
    results = at_once(*(lambda: nominate(member=member, week=week, album=album, now=MONDAY) for _ in range(4)))
    assert codes(results) == []
    assert sum(result.created for result in results) == 1
    contested = AlbumFactory()
    others = [rival, UserFactory()]
    results = at_once(*(lambda who=who: nominate(member=who, week=week, album=contested, now=MONDAY) for who in others))
    assert codes(results) == ["already_nominated"]
    albums = AlbumFactory.create_batch(3)
    late = UserFactory()
    results = at_once(*(lambda each=each: nominate(member=late, week=week, album=each, now=MONDAY) for each in albums))
    assert codes(results) == ["nomination_limit", "nomination_limit"]
    assert Nomination.objects.count() == 2 + 1 + 1 + 1


def test_two_ballots_of_one_member_leave_one_whole_ballot(week: Week) -> None:
    advance_due_weeks(week.nominations_close_at)
    first, second = week.nominations.all()
    voter, now = UserFactory(), week.nominations_close_at
    answers = at_once(
        *(lambda: cast_ballot(voter=voter, week=week, first=first, second=second, now=now) for _ in range(3)),
        *(lambda: cast_ballot(voter=voter, week=week, first=second, second=first, now=now) for _ in range(3)),
    )
    assert codes(answers) == []
    assert sorted(Vote.objects.values_list("rank", flat=True)) == [1, 2]


def test_figures_hold_while_all_rate_at_once_and_the_winner_changes(week: Week, mod: User) -> None:
    advance_due_weeks(week.discussion_at + timedelta(days=1))
    now = Week.objects.get(pk=week.pk).discussion_at
    other = week.nominations.last()
    raters = UserFactory.create_batch(8)

    def give(rater: User, half_stars: int) -> Callable[[], Any]:
        return lambda: rate(member=rater, week=week, half_stars=half_stars, now=now)

    rating = [give(rater, 3 + position) for position, rater in enumerate(raters)]
    override = lambda: override_winner(week=week, nomination=other, by=mod, reason="miscounted", now=now)  # noqa: E731
    assert codes(at_once(*rating, override, *rating[:3])) == []
    assert aggregates.compare() == []
    album = Week.objects.get(pk=week.pk).winner.album
    assert set(Rating.objects.filter(week=week).values_list("album", flat=True)) <= {album.pk}


def test_weeks_opened_at_once_get_numbers_of_their_own(db: None) -> None:
    assert codes(at_once(*(lambda: open_week(now=MONDAY) for _ in range(5)))) == []
    assert sorted(Week.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_the_next_week_is_planned_once(db: None, monday: datetime) -> None:
    ClubSettings.load()
    ClubSettings.objects.update(auto_open=True)
    assert sum(at_once(*(lambda: advance_due_weeks(monday + timedelta(days=1)) for _ in range(4)))) == 1
    assert Week.objects.count() == 1

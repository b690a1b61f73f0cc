"""Casting a ballot."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, open_week
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.nominating import nominate, withdraw
from club.polls import may_see_poll, n_voters, poll_result
from club.revision import current
from club.tests.factories import NominationFactory, WeekFactory
from club.voting import ballot_of, cast_ballot, cast_choice, clear_ballot
from social.models import User

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def week(monday: datetime) -> Week:
    return open_week(now=monday)[0]


@pytest.fixture
def picks(week: Week, rin: User, sol: User, mod: User, monday: datetime) -> list[Nomination]:
    """Of rin, sol and mod; the poll is open."""
    found = [nominate(member=m, week=week, album=AlbumFactory(), now=monday).nomination for m in (rin, sol, mod)]
    advance_due_weeks(week.nominations_close_at)
    return found


@pytest.fixture
def now(week: Week) -> datetime:
    return week.nominations_close_at + timedelta(hours=1)


def refused(code: str) -> pytest.RaisesExc[ClubRuleBroken]:
    return pytest.RaisesExc(ClubRuleBroken, check=lambda error: error.code == code)


def held(voter: User, week: Week) -> tuple[Nomination | None, Nomination | None]:
    ballot = ballot_of(voter=voter, week=week)
    return ballot.first, ballot.second


def test_a_later_ballot_replaces_and_the_same_changes_nothing(
    week: Week, picks: list[Nomination], stranger: User, now: datetime
) -> None:
    cast_ballot(voter=stranger, week=week, first=picks[0], second=picks[1], now=now)
    before, rows = current(), list(Vote.objects.values_list("pk", "cast_at"))
    cast_ballot(voter=stranger, week=week, first=picks[0], second=picks[1], now=now + SECOND)
    assert (current(), list(Vote.objects.values_list("pk", "cast_at"))) == (before, rows)
    cast_ballot(voter=stranger, week=week, first=picks[1], second=picks[0], now=now + SECOND)
    assert held(stranger, week) == (picks[1], picks[0])
    cast_ballot(voter=stranger, week=week, first=None, second=picks[2], now=now + SECOND)
    assert held(stranger, week) == (None, picks[2])
    assert poll_result(week).total_points == 1


def test_one_choice_at_a_time(week: Week, picks: list[Nomination], stranger: User, now: datetime) -> None:
    cast_choice(voter=stranger, week=week, nomination=picks[0], rank=1, now=now)
    cast_choice(voter=stranger, week=week, nomination=picks[1], rank=2, now=now)
    assert held(stranger, week) == (picks[0], picks[1])
    cast_choice(voter=stranger, week=week, nomination=picks[1], rank=1, now=now)
    assert held(stranger, week) == (picks[1], None), "it moved, and left the other rank empty"
    cast_choice(voter=stranger, week=week, nomination=picks[1], rank=1, now=now)
    assert held(stranger, week) == (picks[1], None)
    with refused("bad_value"):
        cast_choice(voter=stranger, week=week, nomination=picks[1], rank=3, now=now)


def test_taking_a_ballot_back(week: Week, picks: list[Nomination], stranger: User, now: datetime) -> None:
    cast_ballot(voter=stranger, week=week, first=picks[0], second=None, now=now)
    assert clear_ballot(voter=stranger, week=week, now=now).is_empty
    before = current()
    assert clear_ballot(voter=stranger, week=week, now=now).is_empty
    assert (current(), n_voters(week)) == (before, 0)


def test_what_a_ballot_may_not_hold(week: Week, picks: list[Nomination], rin: User, now: datetime) -> None:
    elsewhere = NominationFactory(week=WeekFactory(phase=Phase.POLL))
    with refused("same_twice"):
        cast_ballot(voter=rin, week=week, first=picks[1], second=picks[1], now=now)
    with refused("not_nominated"):
        cast_ballot(voter=rin, week=week, first=elsewhere, second=None, now=now)
    with pytest.raises(ClubRuleBroken, match="Nobody votes for their own nomination"):
        cast_ballot(voter=rin, week=week, first=picks[1], second=picks[0], now=now)
    assert not Vote.objects.exists(), "nothing is half-written"
    ClubSettings.objects.update(allow_self_vote=True)
    cast_ballot(voter=rin, week=week, first=picks[0], second=picks[1], now=now)
    assert held(rin, week) == (picks[0], picks[1])


def test_a_withdrawn_album_cannot_be_chosen(
    week: Week, picks: list[Nomination], stranger: User, mod: User, now: datetime
) -> None:
    withdraw(nomination=picks[0], by=mod, now=now)
    with pytest.raises(ClubRuleBroken, match="is not nominated in WEEK 001"):
        cast_ballot(voter=stranger, week=week, first=picks[0], second=None, now=now)


def test_the_poll_closes_to_the_second(week: Week, picks: list[Nomination], stranger: User) -> None:
    close = week.poll_close_at
    cast_ballot(voter=stranger, week=week, first=picks[1], second=None, now=close - SECOND)
    for late in (close, close + SECOND):  # the job that advances weeks has not run
        with pytest.raises(ClubRuleBroken, match="Voting in WEEK 001 closed on Saturday 20:00"):
            cast_ballot(voter=stranger, week=week, first=picks[2], second=None, now=late)
    advance_due_weeks(close)
    week.refresh_from_db()
    assert week.winner == picks[1]


def test_voting_waits_for_the_nominations_to_close(week: Week, rin: User, stranger: User, monday: datetime) -> None:
    nomination = nominate(member=rin, week=week, album=AlbumFactory(), now=monday).nomination
    with pytest.raises(ClubRuleBroken, match="Voting in WEEK 001 opens on Thursday 20:00"):
        cast_ballot(voter=stranger, week=week, first=nomination, second=None, now=monday)


def test_suspended_members_do_not_vote(week: Week, picks: list[Nomination], stranger: User, now: datetime) -> None:
    stranger.suspended_at = now
    for act in (
        lambda: cast_ballot(voter=stranger, week=week, first=picks[0], second=None, now=now),
        lambda: cast_choice(voter=stranger, week=week, nomination=picks[0], rank=1, now=now),
        lambda: clear_ballot(voter=stranger, week=week, now=now),
    ):
        with refused("suspended"):
            act()


def test_totals_are_secret_until_the_poll_is_over(week: Week, picks: list[Nomination], mod: User, rin: User) -> None:
    week.refresh_from_db()
    assert [may_see_poll(week, viewer) for viewer in (None, rin, mod)] == [False, False, True]
    advance_due_weeks(week.poll_close_at + timedelta(days=1))
    week.refresh_from_db()
    assert [may_see_poll(week, viewer) for viewer in (None, rin, mod)] == [True, True, True]


choices = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([1, 2]), st.booleans()), max_size=12)


@given(choices)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_ballot_never_holds_more_than_one_of_each(
    week: Week, picks: list[Nomination], stranger: User, now: datetime, acts: list[tuple[int, int, bool]]
) -> None:
    Vote.objects.all().delete()
    wanted: dict[int, Nomination] = {}
    for pick, rank, is_clearing in acts:
        if is_clearing:
            clear_ballot(voter=stranger, week=week, now=now)
            wanted = {}
        else:
            cast_choice(voter=stranger, week=week, nomination=picks[pick], rank=rank, now=now)
            wanted = {other: held for other, held in wanted.items() if held != picks[pick]} | {rank: picks[pick]}
    assert held(stranger, week) == (wanted.get(1), wanted.get(2))
    assert poll_result(week).total_points == 2 * (1 in wanted) + (2 in wanted)

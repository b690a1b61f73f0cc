"""Who is reminded, and when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from club.models.week import Phase
from discordbot.facts import ClubState, Member
from discordbot.reminders import due_reminder, is_quiet
from discordbot.tests.club_states import (
    DISCUSSION,
    NOMINATIONS_CLOSE,
    OPENS,
    POLL_CLOSES,
    RATINGS_CLOSE,
    a_member,
    a_state,
    a_week,
)

HOUR = timedelta(hours=1)
EVERYBODY = frozenset(range(1, 6))


def state_of(phase: Phase, *members: Member, **facts: Any) -> ClubState:
    week = a_week(phase, **{"regulars": EVERYBODY} | facts)
    return a_state(week, members=members or tuple(a_member(n) for n in EVERYBODY))


def reminded(state: ClubState, now: datetime) -> set[int]:
    due = due_reminder(state.weeks[0], state, now)
    return {member.member_id for member in due.members} if due else set()


@pytest.mark.parametrize(
    ("phase", "deadline", "place"),
    [
        (Phase.NOMINATIONS, NOMINATIONS_CLOSE, "nominations"),
        (Phase.POLL, POLL_CLOSES, "poll"),
        (Phase.LISTENING, DISCUSSION, "winner"),
        (Phase.DISCUSSION, RATINGS_CLOSE, "ratings"),
    ],
)
def test_each_deadline_is_reminded_of_a_day_and_two_hours_before(phase: Phase, deadline: datetime, place: str) -> None:
    state = state_of(phase)
    week = state.weeks[0]
    assert due_reminder(week, state, deadline - 25 * HOUR) is None
    day = due_reminder(week, state, deadline - 24 * HOUR)
    two = due_reminder(week, state, deadline - 2 * HOUR)
    assert day
    assert two
    assert (day.place, day.lead_hours, day.until) == (place, 24, deadline - 2 * HOUR)
    assert (two.place, two.lead_hours, two.until) == (place, 2, deadline)
    assert day.key != two.key
    assert due_reminder(week, state, deadline) is None


@pytest.mark.parametrize(
    ("phase", "deadline", "acted"),
    [
        (Phase.NOMINATIONS, NOMINATIONS_CLOSE, "nominators"),
        (Phase.POLL, POLL_CLOSES, "voters"),
        (Phase.DISCUSSION, RATINGS_CLOSE, "raters"),
    ],
)
def test_whoever_has_acted_is_left_in_peace(phase: Phase, deadline: datetime, acted: str) -> None:
    state = state_of(phase, **{acted: frozenset({1, 2})})
    assert reminded(state, deadline - 2 * HOUR) == {3, 4, 5}


def test_whoever_was_not_around_lately_is_left_in_peace() -> None:
    assert reminded(state_of(Phase.POLL, regulars=frozenset({4})), POLL_CLOSES - HOUR) == {4}


def test_whoever_opted_out_is_left_in_peace() -> None:
    state = state_of(Phase.POLL, a_member(1), a_member(2, wants_reminders=False))
    assert reminded(state, POLL_CLOSES - HOUR) == {1}


def test_a_phase_that_is_over_is_not_reminded_of() -> None:
    state = state_of(Phase.LISTENING)
    assert reminded(state, POLL_CLOSES - HOUR) == set()


def test_nobody_left_to_remind_is_no_reminder() -> None:
    state = state_of(Phase.POLL, voters=EVERYBODY)
    assert due_reminder(state.weeks[0], state, POLL_CLOSES - HOUR) is None


def test_a_phase_that_has_just_begun_needs_no_reminder() -> None:
    late_start = NOMINATIONS_CLOSE - 24 * HOUR
    state = state_of(Phase.NOMINATIONS, opens_at=late_start)
    assert reminded(state, late_start + HOUR) == set()
    assert reminded(state, NOMINATIONS_CLOSE - 2 * HOUR) == EVERYBODY


def test_the_day_that_nobody_asked_for_brings_no_second_message_at_once() -> None:
    state = state_of(
        Phase.NOMINATIONS, nominations_extended_at=NOMINATIONS_CLOSE, nominations_close_at=NOMINATIONS_CLOSE + 24 * HOUR
    )
    assert reminded(state, NOMINATIONS_CLOSE + HOUR) == set()
    assert reminded(state, NOMINATIONS_CLOSE + 22 * HOUR) == EVERYBODY


def test_an_extended_phase_is_reminded_of_anew() -> None:
    before = state_of(Phase.POLL)
    after = state_of(Phase.POLL, poll_close_at=POLL_CLOSES + 48 * HOUR)
    first = due_reminder(before.weeks[0], before, POLL_CLOSES - HOUR)
    second = due_reminder(after.weeks[0], after, POLL_CLOSES + 47 * HOUR)
    assert first
    assert second
    assert first.key != second.key


def test_quiet_hours_are_kept_on_the_members_own_clock() -> None:
    sleeper = a_member(1, zone="America/New_York", quiet_from=time(22, 0), quiet_until=time(8, 0))
    at_night = datetime(2025, 11, 14, 12, 30, tzinfo=OPENS.tzinfo)  # 07:30 in New York, 13:30 in Berlin
    assert is_quiet(sleeper, at_night)
    assert not is_quiet(sleeper, at_night + HOUR)
    assert not is_quiet(a_member(2, quiet_from=time(9), quiet_until=time(9)), OPENS)
    assert is_quiet(a_member(2, quiet_from=time(7), quiet_until=time(9)), OPENS)


def test_a_sleeper_is_left_out_of_one_reminder_and_in_the_next() -> None:
    sleeper = a_member(1, quiet_from=time(18, 0), quiet_until=time(19, 30))  # the poll closes at 19:00 UTC
    state = state_of(Phase.POLL, sleeper, a_member(2))
    assert reminded(state, POLL_CLOSES - 24 * HOUR) == {2}
    assert reminded(state, POLL_CLOSES - 2 * HOUR) == {1, 2}


def test_before_the_discussion_nobody_is_named_who_has_begun_and_shows_it() -> None:
    state = state_of(Phase.LISTENING, begun=frozenset({2, 5}))
    assert reminded(state, DISCUSSION - 24 * HOUR) == {1, 3, 4}
    everybody = state_of(Phase.LISTENING, begun=EVERYBODY)
    assert due_reminder(everybody.weeks[0], everybody, DISCUSSION - 2 * HOUR) is None

"""How soon an account is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.syncing.pace import LAST_RETRY, Pace, next_look, next_try

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
PACE = Pace(fastest=timedelta(minutes=5), slowest=timedelta(hours=24))
QUIET = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))


@pytest.mark.parametrize(
    ("quiet", "wait"),
    [
        (timedelta(0), timedelta(minutes=5)),
        (timedelta(hours=1), timedelta(minutes=5)),
        (timedelta(hours=6), timedelta(minutes=30)),
        (timedelta(days=1), timedelta(hours=2)),
        (timedelta(days=12), timedelta(hours=24)),
        (timedelta(days=400), timedelta(hours=24)),
    ],
)
def test_the_longer_nothing_new_came_the_later_is_the_next_look(quiet: timedelta, wait: timedelta) -> None:
    assert next_look(PACE, last_new_at=NOW - quiet, now=NOW) - NOW == wait


def test_an_account_that_never_brought_a_play_is_looked_at_each_hour() -> None:
    assert next_look(PACE, last_new_at=None, now=NOW) - NOW == timedelta(hours=1)


@given(QUIET, QUIET)
def test_a_quieter_account_is_never_looked_at_sooner(one: timedelta, other: timedelta) -> None:
    less, more = sorted([one, other])
    assert next_look(PACE, last_new_at=NOW - less, now=NOW) <= next_look(PACE, last_new_at=NOW - more, now=NOW)


def test_each_failure_doubles_the_wait_up_to_a_day() -> None:
    waits = [next_try(n, asked_s=None, now=NOW) - NOW for n in range(1, 12)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes[:9] == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert waits[9:] == [LAST_RETRY, LAST_RETRY]


def test_a_pause_that_the_service_asks_for_is_kept() -> None:
    assert next_try(1, asked_s=7200.0, now=NOW) - NOW == timedelta(hours=2)
    assert next_try(6, asked_s=60.0, now=NOW) - NOW == timedelta(minutes=160)


@given(st.integers(min_value=1, max_value=100_000))
def test_no_number_of_failures_waits_for_ever(n_failures: int) -> None:
    assert next_try(n_failures, asked_s=None, now=NOW) - NOW <= LAST_RETRY

"""Whenever the demo is played, one of its weeks takes nominations and another one takes ratings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from club.rhythm import Rhythm, Step, deadlines_from
from sidetrack.demo.dates import WEEK, opening_days

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia"]
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def usual(zone: str) -> Rhythm:
    eight = time(20, 0)
    return Rhythm(ZoneInfo(zone), 0, time(9, 0), Step(3, eight), Step(5, eight), Step(14, eight), Step(17, eight))


@given(now=MOMENTS, zone=st.sampled_from(ZONES))
def test_nominations_and_a_discussion_are_on_for_hours_before_and_after(now: datetime, zone: str) -> None:
    weeks = [deadlines_from(day, usual(zone)) for day in opening_days(now, usual(zone), 60)]
    some_hours = timedelta(hours=12)
    assert weeks[-1].opens_at + some_hours <= now <= weeks[-1].nominations_close_at - some_hours
    assert any(week.discussion_at + some_hours <= now <= week.ratings_close_at - some_hours for week in weeks)


@given(now=MOMENTS)
def test_weeks_open_a_week_apart(now: datetime) -> None:
    days = opening_days(now, usual("Europe/Berlin"), 60)
    assert all(later - earlier == WEEK for earlier, later in pairwise(days))


def test_a_rhythm_without_such_a_day_still_gets_days() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    short = Rhythm(
        ZoneInfo("UTC"), 0, time(9), Step(0, time(10)), Step(0, time(11)), Step(0, time(12)), Step(0, time(13))
    )
    assert len(opening_days(noon, short, 8)) == 8

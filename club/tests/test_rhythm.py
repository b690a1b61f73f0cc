"""Deadlines by the wall clock, over clock changes in both directions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.rhythm import (
    Deadlines,
    Rhythm,
    Step,
    deadlines_from,
    deadlines_from_now,
    later_by,
    local_moment,
    next_opening,
    shifted,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = [
    BERLIN,
    NEW_YORK,
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Asia/Kathmandu"),
    UTC,
]


def rhythm(zone: ZoneInfo = BERLIN, at: time = time(20)) -> Rhythm:
    return Rhythm(zone, 0, time(9), Step(3, at), Step(5, at), Step(14, at), Step(17, at))


def walls(deadlines: Deadlines, zone: ZoneInfo) -> list[str]:
    return [f"{moment.astimezone(zone):%a %m-%d %H:%M}" for _, moment in deadlines.items()]


@pytest.mark.parametrize(
    ("zone", "monday", "hours_utc"),
    [
        (BERLIN, date(2025, 3, 17), [8, 19, 19, 18, 18]),  # summer time begins on 30 March
        (BERLIN, date(2025, 10, 13), [7, 18, 18, 19, 19]),  # and ends on 26 October
        (NEW_YORK, date(2025, 2, 24), [14, 1, 1, 0, 0]),  # 9 March
        (NEW_YORK, date(2025, 10, 20), [13, 0, 0, 1, 1]),  # 2 November
    ],
)
def test_a_clock_change_keeps_the_hour(zone: ZoneInfo, monday: date, hours_utc: list[int]) -> None:
    deadlines = deadlines_from(monday, rhythm(zone))
    assert [wall[-5:] for wall in walls(deadlines, zone)] == ["09:00", "20:00", "20:00", "20:00", "20:00"]
    assert [wall[:3] for wall in walls(deadlines, zone)] == ["Mon", "Thu", "Sat", "Mon", "Thu"]
    assert [moment.hour for _, moment in deadlines.items()] == hours_utc


def test_a_missing_time_becomes_the_next_valid_minute() -> None:
    assert local_moment(date(2025, 3, 30), time(2, 30), BERLIN) == datetime(2025, 3, 30, 1, 0, tzinfo=UTC)  # 03:00
    assert local_moment(date(2025, 3, 9), time(2, 0, 30), NEW_YORK) == datetime(2025, 3, 9, 7, 0, tzinfo=UTC)
    assert local_moment(date(2025, 3, 30), time(3), BERLIN) == datetime(2025, 3, 30, 1, 0, tzinfo=UTC)


def test_a_day_that_a_country_skipped_becomes_the_next_one() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011
    assert local_moment(date(2011, 12, 30), time(20), apia) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_a_doubled_time_means_the_first() -> None:
    assert local_moment(date(2025, 10, 26), time(2, 30), BERLIN) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert local_moment(date(2025, 11, 2), time(1, 30), NEW_YORK) == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)


def test_two_deadlines_in_a_missing_hour_stay_in_order() -> None:
    close = Rhythm(
        BERLIN, 0, time(9), Step(6, time(2, 10)), Step(6, time(2, 50)), Step(14, time(20)), Step(17, time(20))
    )
    deadlines = deadlines_from(date(2025, 3, 24), close)
    assert walls(deadlines, BERLIN)[1:3] == ["Sun 03-30 03:00", "Sun 03-30 03:01"]
    assert deadlines.in_order()


moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001  (hypothesis wants naive bounds)
    datetime(2037, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(days, times, st.sampled_from(ZONES))
def test_a_local_time_is_itself_or_the_first_that_exists_after_it(day: date, at: time, zone: ZoneInfo) -> None:
    moment = local_moment(day, at, zone)
    wall = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    wanted = datetime.combine(day, at)
    assert wanted <= wall <= wanted + timedelta(hours=1)
    if wall > wanted:
        before = (moment - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wanted, "the minute before lies before the gap"


@given(days, times, st.sampled_from(ZONES))
def test_every_week_is_in_order(day: date, at: time, zone: ZoneInfo) -> None:
    assert deadlines_from(day, rhythm(zone, at)).in_order()


@given(moments, st.sampled_from(ZONES))
def test_a_week_can_open_at_any_moment(now: datetime, zone: ZoneInfo) -> None:
    deadlines = deadlines_from_now(now, rhythm(zone))
    assert deadlines.opens_at == now
    assert deadlines.in_order()
    assert deadlines.nominations_close_at - now <= timedelta(days=4, hours=1)


@given(
    moments,
    st.sampled_from(ZONES),
    st.integers(0, 6),
)
def test_the_next_opening_is_never_past_and_at_most_a_week_away(now: datetime, zone: ZoneInfo, weekday: int) -> None:
    weekly = Rhythm(
        zone, weekday, time(9), Step(3, time(20)), Step(5, time(20)), Step(14, time(20)), Step(17, time(20))
    )
    opening = local_moment(next_opening(now, weekly), time(9), zone)
    assert now <= opening <= now + timedelta(days=7, hours=2)
    assert next_opening(now, weekly).weekday() == weekday


def test_an_opening_now_is_the_next_opening() -> None:
    monday = datetime(2025, 11, 10, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
    assert next_opening(monday, rhythm()) == date(2025, 11, 10)
    assert next_opening(monday + timedelta(microseconds=1), rhythm()) == date(2025, 11, 17)


def test_opening_after_hours_gives_a_whole_first_day() -> None:
    first_day = replace(rhythm(), nominations_close=Step(0, time(20)))
    deadlines = deadlines_from_now(datetime(2025, 11, 10, 20, 0, tzinfo=UTC), first_day)
    assert deadlines.nominations_close_at == datetime(2025, 11, 11, 19, 0, tzinfo=UTC)


def test_days_keep_the_hour_and_hours_are_hours() -> None:
    saturday = local_moment(date(2025, 3, 29), time(20), BERLIN)
    assert later_by(saturday, timedelta(days=1), BERLIN) == saturday + timedelta(hours=23)
    assert later_by(saturday, timedelta(hours=24), BERLIN) == saturday + timedelta(hours=23), "24 hours are a day"
    assert later_by(saturday, timedelta(hours=12), BERLIN) == saturday + timedelta(hours=12)
    doubled = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)  # the second 02:30 in Berlin
    assert later_by(doubled, timedelta(minutes=5), BERLIN) == doubled + timedelta(minutes=5)


@given(days, st.sampled_from(ZONES), st.timedeltas(timedelta(minutes=1), timedelta(days=60)), times)
def test_shifting_keeps_the_order_and_what_is_before(day: date, zone: ZoneInfo, delta: timedelta, at: time) -> None:
    old = deadlines_from(day, rhythm(zone, at))
    new = shifted(old, delta, zone, start="poll_close_at")
    assert new.in_order()
    assert (new.opens_at, new.nominations_close_at) == (old.opens_at, old.nominations_close_at)
    for name in ("poll_close_at", "discussion_at", "ratings_close_at"):
        assert abs(getattr(new, name) - getattr(old, name) - delta) <= timedelta(hours=2)

"""Spans of days: which days, when they begin, what came before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.figures.ranges import CALENDAR, Kind, Range, UnknownRange, begin, finish, midnight, parse

BERLIN, TOKYO, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("UTC")
THURSDAY = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def read(text: str, *, now: datetime = THURSDAY, zone: ZoneInfo = BERLIN) -> Range:
    return parse(text, now=now, zone=zone)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("week", "2025-11-17", "2025-11-23"),
        ("last-week", "2025-11-10", "2025-11-16"),
        ("month", "2025-11-01", "2025-11-30"),
        ("last-month", "2025-10-01", "2025-10-31"),
        ("quarter", "2025-10-01", "2025-12-31"),
        ("last-quarter", "2025-07-01", "2025-09-30"),
        ("year", "2025-01-01", "2025-12-31"),
        ("last-year", "2024-01-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q1", "2025-01-01", "2025-03-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2025-01-30,2025-02-02", "2025-01-30", "2025-02-02"),
        ("2025-01-30,2025-01-30", "2025-01-30", "2025-01-30"),
    ],
)
def test_a_range_has_the_days_that_its_name_says(text: str, first: str, last: str) -> None:
    span = read(text)
    assert (span.first, span.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "weekly", "last-all", "2025-13", "2025-W54", "2021-W53", "2025-Q5", "2025-02-30,2025-03-01", "0001", "9999",
     "2025-03-02,2025-03-01", "2025-1-1,2025-02-01", "1900-01-01,2025-01-01", "2025-01-01,2025-02-01,x", "٢٠٢٥",
     "2025-01-01T00:00:00Z,2025-02-01T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_range_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnknownRange, match=r"\w+ \w+"):
        read(text)


def test_everything_has_no_ends_and_nothing_before_it() -> None:
    span = read("all")
    assert (span.start, span.end, span.before(), span.after(), span.n_days) == (None, None, None, None, None)
    assert span.holds(date(2002, 10, 1))


def test_today_is_the_members_own() -> None:
    new_year = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)  # 01:00 on 1 January in Tokyo
    assert read("year", now=new_year, zone=TOKYO).first == date(2026, 1, 1)
    assert read("year", now=new_year, zone=BERLIN).first == date(2025, 1, 1)


@pytest.mark.parametrize(("day", "hours"), [("2025-03-30", 23), ("2025-10-26", 25), ("2025-06-01", 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: str, hours: int) -> None:
    span = read(f"{day},{day}")
    assert span.start
    assert span.end
    assert span.end - span.start == timedelta(hours=hours)


def test_a_day_whose_midnight_is_left_out_begins_when_the_clocks_change() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 30 March 2025: from 24:00 to 01:00
    begins = midnight(date(2025, 3, 30), beirut)
    assert (begins - timedelta(seconds=1)).astimezone(beirut).date() == date(2025, 3, 29)
    assert begins.astimezone(beirut).isoformat() == "2025-03-30T01:00:00+03:00"


def test_a_day_that_has_its_first_hour_twice_begins_with_the_first() -> None:
    havana = ZoneInfo("America/Havana")  # 2 November 2025: from 01:00 back to 00:00
    assert midnight(date(2025, 11, 2), havana).astimezone(havana).fold == 0
    span = read("2025-11-02,2025-11-02", zone=havana)
    assert span.start
    assert span.end
    assert span.end - span.start == timedelta(hours=25)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("month", "2025-10", "2025-12"),
        ("2025-03", "2025-02", "2025-04"),
        ("2025-Q1", "2024-Q4", "2025-Q2"),
        ("2026-W01", "2025-W52", "2026-W02"),
        ("last-year", "2023", "2025"),
        ("2025-03-01,2025-03-10", "2025-02-19,2025-02-28", "2025-03-11,2025-03-20"),
    ],
)
def test_the_neighbours_of_a_range(text: str, before: str, after: str) -> None:
    span = read(text)
    assert span.before() is not None
    assert span.after() is not None
    assert (span.before().slug, span.after().slug) == (before, after)  # type: ignore[union-attr]


DAYS = st.dates(date(1975, 1, 1), date(2199, 1, 1))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Havana", "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo"])


@given(DAYS, st.sampled_from(CALENDAR))
def test_periods_of_the_calendar_lie_end_to_end(day: date, kind: Kind) -> None:
    first, last = begin(kind, day), finish(kind, day)
    assert first <= day <= last
    assert begin(kind, last) == first
    assert begin(kind, last + timedelta(days=1)) == last + timedelta(days=1)


@given(DAYS, st.sampled_from(CALENDAR), ZONES)
def test_a_slug_is_read_again_as_the_same_days(day: date, kind: Kind, zone: str) -> None:
    here = ZoneInfo(zone)
    written = Range("x", kind, here, begin(kind, day), finish(kind, day)).after()
    assert written is not None
    again = read(written.slug, zone=here)
    assert (again.first, again.last, again.kind) == (written.first, written.last, kind)
    assert again.before().last == finish(kind, day)  # type: ignore[union-attr]


@given(DAYS, ZONES)
def test_days_meet_without_a_gap(day: date, zone: str) -> None:
    here = ZoneInfo(zone)
    ends, begins = read(f"{day},{day}", zone=here).end, midnight(day + timedelta(days=1), here)
    assert ends == begins
    assert begins > midnight(day, here) or zone == "Pacific/Apia"  # which had no 30 December 2011

"""ListenBrainz's ranges of statistics as spans of days in the listener's zone. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from listening.figures import ranges
from listening.figures.ranges import Kind, Range

ALL_TIME, HALF_YEAR = "all_time", "half_yearly"
SLUGS = {
    "this_week": "week",
    "week": "last-week",
    "this_month": "month",
    "month": "last-month",
    "quarter": "last-quarter",
    "this_year": "year",
    "year": "last-year",
    ALL_TIME: "all",
}
NAMES = {*SLUGS, HALF_YEAR}
BY_MONTH = {"this_year", "year", HALF_YEAR}


def span_of(asked: str, *, now: datetime, zone: ZoneInfo) -> Range:
    """`week` and its like are the last whole one, as ListenBrainz counts; `this_week` the one that runs."""
    if asked != HALF_YEAR:
        return ranges.parse(SLUGS[asked], now=now, zone=zone)
    today = now.astimezone(zone).date()
    if today.month > 6:
        return _custom(date(today.year, 1, 1), date(today.year, 6, 30), zone)
    return _custom(date(today.year - 1, 7, 1), date(today.year - 1, 12, 31), zone)


def with_the_one_before(span: Range, asked: str) -> Range:
    if span.first is None or span.last is None:
        return span
    before = span.before()
    first = before.first if before and before.first else span.first
    if asked == HALF_YEAR:  # the halves of a year differ in length
        first = date(span.first.year - 1, 7, 1) if span.first.month == 1 else date(span.first.year, 1, 1)
    return _custom(first, span.last, span.zone)


def steps(asked: str) -> tuple[Callable[[date], date], str]:
    """To the first day of the stretch in which a day lies; and how a stretch is called."""
    if asked == ALL_TIME:
        return lambda day: ranges.begin(Kind.YEAR, day), "%Y"
    if asked in BY_MONTH:
        return lambda day: ranges.begin(Kind.MONTH, day), "%B %Y"
    return lambda day: day, "%A %d %B %Y" if asked.endswith("week") else "%d %B %Y"


def _custom(first: date, last: date, zone: ZoneInfo) -> Range:
    return Range(f"{first},{last}", Kind.CUSTOM, zone, first, last)

"""Windows of whole ISO weeks: the last 12, a year, a quarter, everything. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from listening.figures import ranges
from listening.figures.ranges import Kind, Range, UnknownRange
from taste.iso_weeks import A_WEEK, monday_of

USUAL = "26w"
CHIPS = ("4w", "12w", "26w", "52w", "all")
MOST_WEEKS = 520
LONGEST = 40  # letters of what somebody asks for
_LAST = re.compile(r"(\d{1,3})w", re.ASCII | re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?[wW]?(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Window:
    """From the Monday `first` on, the week of the Monday `last` included. slug: as addresses write it."""

    slug: str
    first: date
    last: date
    zone: ZoneInfo

    @property
    def n_weeks(self) -> int:
        return (self.last - self.first).days // 7 + 1

    @property
    def end(self) -> date:
        """Its last Sunday."""
        return self.last + timedelta(days=6)

    @property
    def span(self) -> Range:
        return Range(f"{self.first},{self.end}", Kind.CUSTOM, self.zone, self.first, self.end)

    def before(self, n_weeks: int) -> Window:
        """So many weeks just before it."""
        return Window("", self.first - n_weeks * A_WEEK, self.first - A_WEEK, self.zone)

    def holds(self, monday: date) -> bool:
        return self.first <= monday <= self.last


def parse(text: str, *, now: datetime, zone: ZoneInfo, first_week: date | None) -> Window:
    """`12w`, `all`, or what listening's ranges are called (`2025`, `2025-Q3`, two days), widened to whole weeks.

    first_week: the first Monday with anything to show, where `all` begins. No window reaches beyond this week.
    UnknownRange, in words for whoever asked, for anything else.
    """
    this_week = monday_of(now.astimezone(zone).date())
    text = text.strip()[:LONGEST]
    if text == ranges.ALL:
        first = max(first_week or this_week, this_week - (MOST_WEEKS - 1) * A_WEEK)
        return Window(text, min(first, this_week), this_week, zone)
    if found := _LAST.fullmatch(text):
        n = int(found[1])
        if not 1 <= n <= MOST_WEEKS:
            raise UnknownRange(f"A window has 1 to {MOST_WEEKS} weeks.")
        return Window(f"{n}w", this_week - (n - 1) * A_WEEK, this_week, zone)
    try:
        span = ranges.parse(text, now=now, zone=zone)
    except UnknownRange:
        raise UnknownRange(
            "A window is 12w (the last 12 weeks) or any other number of weeks, all, 2025, 2025-Q3, 2025-11, or two "
            "days: 2025-01-01,2025-02-14."
        ) from None
    if span.first is None or span.last is None:
        return parse(ranges.ALL, now=now, zone=zone, first_week=first_week)
    last = min(monday_of(span.last), this_week)
    first = monday_of(span.first)
    if first > last:
        raise UnknownRange("These days have not come yet.")
    return Window(span.slug, max(first, last - (MOST_WEEKS - 1) * A_WEEK), last, zone)


def week_of(text: str) -> date:
    """The Monday of `2025-W48` or `2025-48`; ValueError, in words, for what is no week, or none of a range's years."""
    found = _WEEK.fullmatch(text.strip()[:LONGEST])
    if not found:
        raise ValueError("Write a week as 2025-W48.")
    if not ranges.EARLIEST.year < int(found[1]) <= ranges.LATEST.year:  # half a year before it is a date, too
        raise ValueError(f"A week lies in the years {ranges.EARLIEST.year + 1} to {ranges.LATEST.year}.")
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise ValueError(f"There is no week {int(found[2])} in {found[1]}.") from None

"""Spans of whole days in a listener's zone: this and last week, month, quarter, year, everything, and any other.

Pure. Weeks are ISO weeks. A day begins at its first local moment, so the hour that a clock change adds or takes counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ALL = "all"
EARLIEST, LATEST = date(1970, 1, 2), date(2200, 12, 31)  # no zone carries them out of what a datetime can hold
A_DAY = timedelta(days=1)
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{1,2})|(?P<month>\d{1,2})))?", re.ASCII | re.IGNORECASE
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Kind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"
    ALL = "all"


CALENDAR = (Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR)
NAMES = (*(name for kind in CALENDAR for name in (kind.value, f"last-{kind}")), ALL)


class UnknownRange(ValueError):
    """The text may be shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class Range:
    """From the beginning of `first` to the end of `last`, both included; None at both ends: everything.

    slug: as an address writes it, and as `parse` reads it again: week, last-month, 2025-Q3, 2025-01-01,2025-02-14.
    """

    slug: str
    kind: Kind
    zone: ZoneInfo
    first: date | None = None
    last: date | None = None

    @property
    def start(self) -> datetime | None:
        return midnight(self.first, self.zone) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The first moment that is no longer in it."""
        return midnight(self.last + A_DAY, self.zone) if self.last else None

    @property
    def n_days(self) -> int | None:
        return (self.last - self.first).days + 1 if self.first and self.last else None

    def holds(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def before(self) -> Range | None:
        """The period just before: the calendar's where it is one of the calendar, else as many days; None for all."""
        if self.first is None or self.last is None:
            return None
        last = self.first - A_DAY
        first = self.first - (self.last - self.first) - A_DAY if self.kind is Kind.CUSTOM else begin(self.kind, last)
        return _written(self.kind, first, last, self.zone) if first >= EARLIEST else None

    def after(self) -> Range | None:
        """The period just after, by the same rule."""
        if self.first is None or self.last is None:
            return None
        first = self.last + A_DAY
        last = first + (self.last - self.first) if self.kind is Kind.CUSTOM else finish(self.kind, first)
        return _written(self.kind, first, last, self.zone) if last <= LATEST else None

    def cut(self, n_days: int) -> Range:
        """Its first so many days, to compare a period that still runs with as much of the one before."""
        if self.first is None or self.last is None:
            return self
        return _written(Kind.CUSTOM, self.first, min(self.last, self.first + (n_days - 1) * A_DAY), self.zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC; where the clocks leave midnight out, the moment of the change."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def begin(kind: Kind, day: date) -> date:
    """The first day of the week, month, quarter or year in which `day` lies."""
    match kind:
        case Kind.WEEK:
            return day - day.weekday() * A_DAY
        case Kind.MONTH:
            return day.replace(day=1)
        case Kind.QUARTER:
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Kind.YEAR:
            return date(day.year, 1, 1)
    return day


def finish(kind: Kind, day: date) -> date:
    """The last day of the same."""
    match kind:
        case Kind.WEEK:
            return begin(kind, day) + 6 * A_DAY
        case Kind.MONTH:
            return begin(kind, day.replace(day=28) + 4 * A_DAY) - A_DAY
        case Kind.QUARTER:
            return finish(Kind.MONTH, begin(kind, day) + 70 * A_DAY)
        case Kind.YEAR:
            return date(day.year, 12, 31)
    return day


def parse(text: str, *, now: datetime, zone: ZoneInfo) -> Range:
    """A range by its slug: `week`, `last-month`, `all`, `2025`, `2025-Q3`, `2025-11`, `2025-W48`, or two days.

    now: whose day in `zone` is today. UnknownRange, in words for whoever asked, for anything else.
    """
    today = now.astimezone(zone).date()
    text = text.strip()
    if text == ALL:
        return Range(ALL, Kind.ALL, zone)
    if text in NAMES:
        is_last, kind = text.startswith("last-"), Kind(text.removeprefix("last-"))
        day = begin(kind, today) - A_DAY if is_last else today
        return Range(text, kind, zone, begin(kind, day), finish(kind, day))
    if "," in text:
        return between(*text.split(",", 1), zone=zone)
    if found := _WRITTEN.fullmatch(text):
        return _of_calendar(found, zone)
    raise UnknownRange(
        "A range is week, month, quarter, year or all, last-week and so on, 2025, 2025-Q3, 2025-11, 2025-W48, "
        "or two days: 2025-01-01,2025-02-14."
    )


def between(first: str, last: str, *, zone: ZoneInfo) -> Range:
    """Two days as `2025-01-31`, both included."""
    try:
        days = [_read_day(each) for each in (first, last)]
    except ValueError:
        raise UnknownRange("Write both days as 2025-01-31.") from None
    if days[0] > days[1]:
        raise UnknownRange("The first day comes after the last.")
    if days[0] < EARLIEST or days[1] > LATEST:
        raise UnknownRange(f"Days lie between {EARLIEST} and {LATEST}.")
    return Range(f"{days[0]},{days[1]}", Kind.CUSTOM, zone, *days)


def _read_day(text: str) -> date:
    if not _DAY.fullmatch(text.strip()):
        raise ValueError(text)
    return date.fromisoformat(text.strip())


def _of_calendar(found: re.Match[str], zone: ZoneInfo) -> Range:
    year = int(found["year"])
    try:
        if found["quarter"]:
            kind, day = Kind.QUARTER, date(year, int(found["quarter"]) * 3, 1)
        elif found["week"]:
            kind, day = Kind.WEEK, date.fromisocalendar(year, int(found["week"]), 1)
        elif found["month"]:
            kind, day = Kind.MONTH, date(year, int(found["month"]), 1)
        else:
            kind, day = Kind.YEAR, date(year, 1, 1)
    except ValueError:
        raise UnknownRange(f"There is no {found[0]}.") from None
    if not EARLIEST.year < year <= LATEST.year:
        raise UnknownRange(f"Years lie between {EARLIEST.year + 1} and {LATEST.year}.")
    return _written(kind, begin(kind, day), finish(kind, day), zone)


def _written(kind: Kind, first: date, last: date, zone: ZoneInfo) -> Range:
    """With the slug that names these very days whatever today is."""
    match kind:
        case Kind.WEEK:
            iso = first.isocalendar()
            slug = f"{iso.year}-W{iso.week:02}"
        case Kind.MONTH:
            slug = f"{first:%Y-%m}"
        case Kind.QUARTER:
            slug = f"{first.year}-Q{(first.month + 2) // 3}"
        case Kind.YEAR:
            slug = str(first.year)
        case _:
            slug = f"{first},{last}"
    return Range(slug, kind, zone, first, last)

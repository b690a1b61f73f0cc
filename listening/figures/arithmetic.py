"""Days, streaks, sessions and ranks as plain numbers. Pure: no Django, no clients."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby

from listening.figures.ranges import A_DAY, Kind, begin, finish

SESSION_GAP = timedelta(minutes=30)
MILESTONES = (
    100, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
)  # fmt: skip
N_LEVELS = 4  # shades of the calendar


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of a chart: the days from first to last, both included."""

    first: date
    last: date
    n: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row on which something was heard."""

    first: date
    last: date

    @property
    def n_days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Session:
    """Plays with no more than half an hour between one and the next."""

    first_at: datetime
    last_at: datetime
    n: int

    @property
    def length(self) -> timedelta:
        """From the first play's start to the last one's."""
        return self.last_at - self.first_at


@dataclass(frozen=True, slots=True)
class Reached:
    """The `number`th listen was the `place`th (from 0) of this day."""

    number: int
    day: date
    place: int


def buckets(days: Sequence[tuple[date, int]], *, first: date, last: date, unit: Kind) -> list[Bucket]:
    """Plays by day (unit CUSTOM), week, month, quarter or year, from `first` to `last`, empty ones included.

    days: (day, plays), in order; those outside are passed over.
    """
    counted: dict[date, int] = {}
    for day, n in days:
        if first <= day <= last:
            start = begin(unit, day)
            counted[start] = counted.get(start, 0) + n
    found, day = [], begin(unit, first)
    while day <= last:
        end = finish(unit, day)
        found.append(Bucket(max(day, first), min(end, last), counted.get(day, 0)))
        day = end + A_DAY
    return found


def streaks(days: Iterable[date]) -> list[Streak]:
    """Each run of days in a row, in order. days: sorted, each once."""
    runs = groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0])
    found = []
    for _, run in runs:
        row = [day for _, day in run]
        found.append(Streak(row[0], row[-1]))
    return found


def longest(found: Sequence[Streak]) -> Streak | None:
    """The newest of the longest."""
    return max(found, key=lambda each: (each.n_days, each.last), default=None)


def running(found: Sequence[Streak], today: date) -> Streak | None:
    """The one that today, or yesterday while today has no play yet, belongs to."""
    return found[-1] if found and found[-1].last >= today - A_DAY else None


def sessions(starts: Sequence[datetime]) -> list[Session]:
    """starts: when plays began, in order. A play over half an hour after the one before begins a session."""
    found: list[Session] = []
    for at in starts:
        if found and at - found[-1].last_at <= SESSION_GAP:
            found[-1] = Session(found[-1].first_at, at, found[-1].n + 1)
        else:
            found.append(Session(at, at, 1))
    return found


def reached(days: Sequence[tuple[date, int]], numbers: Sequence[int] = MILESTONES) -> list[Reached]:
    """On which day the 1000th listen fell, and so on, as far as they go. days: (day, plays), in order."""
    sums = list(accumulate(n for _, n in days))
    found = []
    for number in numbers:
        at = bisect_left(sums, number)
        if at < len(sums):
            found.append(Reached(number, days[at][0], number - (sums[at] - days[at][1]) - 1))
    return found


def levels(counts: Iterable[int]) -> list[int]:
    """Upper bounds of the calendar's shades: the days that have plays in four groups of about the same size."""
    busy = sorted(n for n in counts if n)
    if not busy:
        return []
    bounds = [busy[max(len(busy) * level // N_LEVELS - 1, 0)] for level in range(1, N_LEVELS + 1)]
    return sorted(set(bounds))


def level(n: int, bounds: Sequence[int]) -> int:
    """0 for no plays, else which shade, the darkest being the last bound's."""
    if not n or not bounds:
        return 0
    return min(bisect_left(bounds, n), len(bounds) - 1) + 1 + N_LEVELS - len(bounds)


def places(counts: Sequence[int]) -> list[int]:
    """Places of numbers that stand in falling order; equal ones share the better: 1, 2, 2, 4."""
    found: list[int] = []
    for at, n in enumerate(counts):
        found.append(found[-1] if at and counts[at - 1] == n else at + 1)
    return found


def change(now: float, before: float) -> float | None:
    """By which share it grew: 0.5 for half as much again, −1 for nothing left; None from nothing."""
    return (now - before) / before if before else None


def clock_grid(rows: Mapping[tuple[int, int], int]) -> list[list[int]]:
    """Seven rows (Monday first) of 24 hours from {(ISO weekday, hour): plays}."""
    return [[rows.get((weekday, hour), 0) for hour in range(24)] for weekday in range(1, 8)]

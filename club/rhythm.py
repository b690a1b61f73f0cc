"""When a week's phases end: wall-clock rules of one place, worked out anew for each week. Pure: no Django.

A clock change keeps the hour. A local time that a change skips becomes the next minute that exists; one that a change
doubles means the first of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of any moment of a club: beyond, a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Step:
    """A wall-clock time, `day` days after the day on which the week opens."""

    day: int
    at: time


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A club's week. `open_weekday`: 0 is Monday."""

    zone: ZoneInfo
    open_weekday: int
    open_time: time
    nominations_close: Step
    poll_close: Step
    discussion: Step
    ratings_close: Step


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The five moments of a week (UTC), each after the one before it."""

    opens_at: datetime
    nominations_close_at: datetime
    poll_close_at: datetime
    discussion_at: datetime
    ratings_close_at: datetime

    def in_order(self) -> bool:
        return all(earlier < later for earlier, later in pairwise(astuple(self)))

    def in_range(self) -> bool:
        return all(is_in_range(moment) for moment in astuple(self))

    def items(self) -> Iterator[tuple[str, datetime]]:
        return ((name, getattr(self, name)) for name in DEADLINES)


DEADLINES = tuple(field.name for field in fields(Deadlines))


def is_in_range(moment: date) -> bool:
    """Within the years in which a club can be: any zone can show such a moment, and any database hold it."""
    return FIRST_YEAR <= moment.year < LAST_YEAR


def local_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks in `zone` show `at` on `day`.

    A missing time gives the next valid minute, a doubled one the first of the two.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    while True:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            return moment
        wall = wall.replace(second=0, microsecond=0) + MINUTE


def deadlines_from(opening_day: date, rhythm: Rhythm) -> Deadlines:
    """The deadlines of a week that opens on `opening_day`, in order even where a clock change would make two one."""
    steps = [
        Step(0, rhythm.open_time),
        rhythm.nominations_close,
        rhythm.poll_close,
        rhythm.discussion,
        rhythm.ratings_close,
    ]
    moments: list[datetime] = []
    for step in steps:
        moment = local_moment(opening_day + timedelta(days=step.day), step.at, rhythm.zone)
        moments.append(max(moment, moments[-1] + MINUTE) if moments else moment)
    return Deadlines(*moments)


def next_opening(now: datetime, rhythm: Rhythm) -> date:
    """The local day on which the next week opens by rhythm; today when that is now or later today."""
    today = now.astimezone(rhythm.zone).date()
    for ahead in range(15):  # two weeks: a skipped local day cannot hide every opening
        day = today + timedelta(days=ahead)
        if day.weekday() == rhythm.open_weekday and local_moment(day, rhythm.open_time, rhythm.zone) >= now:
            return day
    raise ValueError(f"open_weekday must be 0 to 6, not {rhythm.open_weekday}.")


def deadlines_from_now(now: datetime, rhythm: Rhythm) -> Deadlines:
    """The deadlines of a week that opens at once: today is day 0, or tomorrow where nominations closed today."""
    day = now.astimezone(rhythm.zone).date()
    for _ in range(15):
        rest = deadlines_from(day, rhythm)
        if rest.nominations_close_at > now:
            return Deadlines(now, *astuple(rest)[1:])
        day += timedelta(days=1)
    raise ValueError("Nominations close more than two weeks before the week opens: check the rhythm.")


def later_by(moment: datetime, delta: timedelta, zone: ZoneInfo) -> datetime:
    """`moment` moved by `delta`: whole days keep the local hour over a clock change, the rest is elapsed time."""
    days = timedelta(days=delta.days)
    local = moment.astimezone(zone)
    wall = local.replace(tzinfo=None) + days
    if local.fold and not days:
        return moment + delta
    return local_moment(wall.date(), wall.time(), zone) + (delta - days)


def shifted(deadlines: Deadlines, delta: timedelta, zone: ZoneInfo, *, start: str) -> Deadlines:
    """`start` and every deadline after it, moved by as much; the earlier ones stay.

    Falls back to elapsed time where keeping the local hour would put two deadlines out of order.
    """
    kept = DEADLINES.index(start)
    old = astuple(deadlines)
    moved = Deadlines(*old[:kept], *(later_by(moment, delta, zone) for moment in old[kept:]))
    return moved if moved.in_order() else Deadlines(*old[:kept], *(moment + delta for moment in old[kept:]))

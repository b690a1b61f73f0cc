"""A member's weeks as the dashboard reads them: one query a window, without the vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Min

from listening.models import Listener
from social.models import User
from taste.dashboard.levels import N_BASELINE, Axes
from taste.dashboard.windows import Window
from taste.iso_weeks import A_WEEK, monday_of
from taste.models import WeeklyTaste


@dataclass(frozen=True, slots=True)
class Clock:
    """When and where the member is: their zone, the first week with a row, and whether anything was ever heard."""

    now: datetime
    zone: ZoneInfo
    first_week: date | None
    n_listens: int

    @property
    def this_week(self) -> date:
        """The Monday of the week that it is where the member is."""
        return monday_of(self.now.astimezone(self.zone).date())


def newest_week(member: User, clock: Clock, *, placed: bool = False) -> date:
    """The last week with known sound, or with places on the map; this one where there is none."""
    known = {"n_placed__gt": 0} if placed else {"n_sounding__gt": 0}
    rows = WeeklyTaste.objects.filter(user=member, **known).order_by("-starts_on")
    return rows.values_list("starts_on", flat=True).first() or clock.this_week


def clock_of(member: User, *, now: datetime) -> Clock:
    """In two queries."""
    listener = Listener.objects.filter(pk=member.pk).values_list("zone", "n_listens").first()
    zone, n_listens = listener or (member.timezone, 0)
    first = WeeklyTaste.objects.filter(user=member).aggregate(first=Min("starts_on"))["first"]
    return Clock(now, ZoneInfo(zone), first, n_listens)


@dataclass(frozen=True)
class Weeks:
    """rows: of the window, oldest first. before: the rows of the half-year before it, its baseline."""

    window: Window
    rows: list[WeeklyTaste]
    before: list[WeeklyTaste]

    @property
    def n_listens(self) -> int:
        return sum(row.n_listens for row in self.rows)

    @property
    def n_sounding(self) -> int:
        return sum(row.n_sounding for row in self.rows)

    @property
    def n_mooded(self) -> int:
        return sum(row.n_mooded for row in self.rows)

    @property
    def coverage(self) -> float | None:
        """Which share of the plays is of tracks whose sound is known; None without plays."""
        return self.n_sounding / self.n_listens if self.n_listens else None


def weeks_of(member: User, window: Window, *, n_before: int = N_BASELINE) -> Weeks:
    """The window and the weeks before it, in one query."""
    first = window.first - n_before * A_WEEK
    found = list(
        WeeklyTaste.objects.filter(user=member, starts_on__gte=first, starts_on__lte=window.last)
        .defer("centroid")
        .order_by("starts_on")
    )
    return Weeks(
        window,
        [row for row in found if row.starts_on >= window.first],
        [row for row in found if row.starts_on < window.first],
    )


def axes_of(rows: Sequence[WeeklyTaste]) -> list[Axes]:
    return [row.axes for row in rows]

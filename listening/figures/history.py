"""A member's days, read once: what most figures of a page are made of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Expression, Func, IntegerField, Sum, Value
from django.db.models.functions import Cast, ExtractIsoWeekDay

from listening.figures import arithmetic
from listening.figures.ranges import Range
from listening.models import DayTotal, HourTotal, Listener
from social.models import User


@dataclass(frozen=True)
class History:
    """Days are the listener's (`Listener.zone`), in order, each with its plays and milliseconds."""

    member: User
    listener: Listener
    days: list[tuple[date, int, int]]
    now: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.listener.zone)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_empty(self) -> bool:
        return not self.days

    @property
    def is_moving(self) -> bool:
        """The member has moved, and the days are still those of the zone before."""
        return self.listener.zone != self.member.timezone

    @cached_property
    def dates(self) -> list[date]:
        return [day for day, _, _ in self.days]

    @cached_property
    def plays(self) -> list[tuple[date, int]]:
        return [(day, n) for day, n, _ in self.days]

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        return (
            list(accumulate((n for _, n, _ in self.days), initial=0)),
            list(accumulate((ms for _, _, ms in self.days), initial=0)),
        )

    def _ends(self, span: Range) -> tuple[int, int]:
        begin = bisect_left(self.dates, span.first) if span.first else 0
        end = bisect_right(self.dates, span.last) if span.last else len(self.dates)
        return begin, max(begin, end)

    def n_in(self, span: Range) -> int:
        begin, end = self._ends(span)
        return self._sums[0][end] - self._sums[0][begin]

    def ms_in(self, span: Range) -> int:
        begin, end = self._ends(span)
        return self._sums[1][end] - self._sums[1][begin]

    def plays_in(self, span: Range) -> list[tuple[date, int]]:
        begin, end = self._ends(span)
        return self.plays[begin:end]

    def reach(self, span: Range) -> tuple[date, date]:
        """The days that a chart of `span` covers: not after today, and for everything from the first play on."""
        first = span.first or (self.dates[0] if self.dates else self.today)
        last = max(min(span.last, self.today) if span.last else self.today, first)
        if not span.first and self.dates:
            last = max(last, self.dates[-1])
        return first, last

    @cached_property
    def streaks(self) -> list[arithmetic.Streak]:
        return arithmetic.streaks(self.dates)


def history_of(member: User, *, now: datetime) -> History:
    """In two queries, whatever the number of listens; a member without any has an empty one in their own zone."""
    listener = Listener.objects.filter(pk=member.pk).first() or Listener(user=member, zone=member.timezone)
    days = DayTotal.objects.filter(user=member, n_listens__gt=0).order_by("day")
    return History(member, listener, list(days.values_list("day", "n_listens", "ms_played")), now)


def _weekday() -> Expression:
    """1 Monday to 6 Saturday, and Sunday 7 or 0. SQLite's own function: Django's is Python, called for every row."""
    if connection.vendor == "sqlite":
        return Cast(Func(Value("%w"), "day", function="STRFTIME"), IntegerField())
    return ExtractIsoWeekDay("day")


def clock(member: User, span: Range) -> Mapping[tuple[int, int], int]:
    """Plays by (ISO weekday, hour) in the listener's zone; one query over their hours."""
    hours = HourTotal.objects.filter(user=member)
    if span.first and span.last:
        hours = hours.filter(day__range=(span.first, span.last))
    rows = hours.values_list(_weekday(), "hour").annotate(n=Sum("n_listens")).order_by()
    return {(weekday or 7, hour): n for weekday, hour, n in rows if n}

"""A year of one member's listening."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from listening.figures import arithmetic
from listening.figures.arithmetic import Bucket, Streak
from listening.figures.discoveries import by_date
from listening.figures.history import History, clock
from listening.figures.milestones import Milestone, milestones
from listening.figures.overview import Overview, overview
from listening.figures.ranges import A_DAY, Kind, Range, midnight, parse
from listening.figures.tops import musics, plays_in
from listening.models import ListenEvent

N_ROWS = 10


@dataclass(frozen=True, slots=True)
class Busiest:
    """The day with most plays, and what was played most on it."""

    day: date
    n: int
    track: object
    n_of_track: int


@dataclass(frozen=True)
class YearReport:
    """new_by_month: artists first heard, January first. n_days: with music on them, of `of_days` so far."""

    year: int
    span: Range
    found: Overview
    months: list[Bucket]
    new_by_month: list[int]
    hours: dict[tuple[int, int], int]
    streak: Streak | None
    busiest: Busiest | None
    first: ListenEvent | None
    milestones: list[Milestone]
    n_days: int
    of_days: int
    best_month: Bucket


def year_report(history: History, year: int) -> YearReport | None:
    """In a number of queries that is fixed; None for a year in which nothing was heard."""
    span = parse(f"{year:04}", now=history.now, zone=history.zone)
    if not history.n_in(span) or span.first is None or span.last is None:
        return None
    plays = history.plays_in(span)
    months = arithmetic.buckets(plays, first=span.first, last=span.last, unit=Kind.MONTH)
    new = Counter(moment.astimezone(history.zone).month for moment in by_date(history.member, span))
    in_year = arithmetic.streaks(day for day, _ in plays)
    return YearReport(
        year=year,
        span=span,
        found=overview(history, span, n=N_ROWS),
        months=months,
        new_by_month=[new[month] for month in range(1, 13)],
        hours=dict(clock(history.member, span)),
        streak=arithmetic.longest(in_year),
        busiest=_busiest(history, plays),
        first=plays_in(history.member, span).with_music().order_by("played_at", "pk").first(),
        milestones=milestones(history, within=span),
        n_days=len(plays),
        of_days=(min(span.last, history.today) - span.first + timedelta(days=1)).days,
        best_month=max(months, key=lambda each: each.n),
    )


def _busiest(history: History, plays: list[tuple[date, int]]) -> Busiest | None:
    day, n = max(plays, key=lambda pair: (pair[1], pair[0]))
    within = Q(played_at__gte=midnight(day, history.zone), played_at__lt=midnight(day + A_DAY, history.zone))
    tracks = ListenEvent.objects.counted().filter(within, user=history.member).values_list("track_id", flat=True)
    most = Counter(tracks).most_common(1)
    if not most:
        return None
    track_id, n_of_track = most[0]
    return Busiest(day, n, musics("track", [track_id], member=history.member).get(track_id), n_of_track)

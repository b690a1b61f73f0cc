"""Everything that the page of a member's listening says about one range, read in a number of queries that is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache

from listening.figures import genres, tops
from listening.figures.arithmetic import Bucket, buckets
from listening.figures.discoveries import Discovery, discovered
from listening.figures.genres import GenrePlays
from listening.figures.history import History
from listening.figures.ranges import Kind, Range
from listening.figures.tops import Top

MOST_COLUMNS = 120
UNITS = (Kind.CUSTOM, Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR)  # a day, …
DAYS_A_UNIT = {Kind.CUSTOM: 1, Kind.WEEK: 7, Kind.MONTH: 30, Kind.QUARTER: 91, Kind.YEAR: 365}
BY_DAY, BY_WEEK = 62, 400  # days up to which a chart has a column a day, a week
KEEP_S = 900
A_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Plays and their milliseconds, beside the same stretch of the period before (None: there is none).

    As long as a period runs, it is compared with as many days of the one before.
    """

    n: int
    ms: int
    n_before: int | None
    ms_before: int | None
    than: Range | None


@dataclass(frozen=True, slots=True)
class Overview:
    span: Range
    amounts: Amounts
    artists: Top
    albums: Top
    tracks: Top
    genres: list[GenrePlays]
    discovered: list[Discovery]
    n_discovered: int


def amounts(history: History, span: Range) -> Amounts:
    """No query."""
    before = span.before()
    if before is not None and span.first and span.last and span.last > history.today >= span.first:
        before = before.cut((history.today - span.first).days + 1)
    return Amounts(
        history.n_in(span),
        history.ms_in(span),
        history.n_in(before) if before else None,
        history.ms_in(before) if before else None,
        before,
    )


def overview(history: History, span: Range, *, n: int = 10, with_discoveries: bool = True) -> Overview:
    """Sixteen queries at most; the artists of the range are grouped once for their list and for the genres."""
    member = history.member
    artists = tops.counts_of_all(member, "artist", span, n=max(n, genres.N_ARTISTS))
    were = {kind: places_before(history, kind, span) for kind in tops.TOTALS}
    found, n_discovered = discovered(member, span, n=n) if span.first and with_discoveries else ([], 0)
    return Overview(
        span=span,
        amounts=amounts(history, span),
        artists=tops.top(member, "artist", span, n=n, counted=artists, were=were["artist"]),
        albums=tops.top(member, "album", span, n=n, were=were["album"]),
        tracks=tops.top(member, "track", span, n=n, were=were["track"]),
        genres=genres.top_genres(member, span, n=n, plays=dict(artists[0][: genres.N_ARTISTS])),
        discovered=found,
        n_discovered=n_discovered,
    )


def places_before(history: History, kind: str, span: Range) -> dict[int, int]:
    """Places in the period before, which a new listen does not move: kept a while, as long as its amounts stay."""
    before = span.before()
    if before is None or not history.n_in(span):
        return {}
    state = f"{before.first}:{before.last}:{before.zone}:{history.n_in(before)}:{history.ms_in(before)}"
    key = f"places:{history.member.pk}:{kind}:{state}"
    found: dict[int, int] | None = cache.get(key)
    if found is None:
        found = tops.places_in(history.member, kind, before) if history.n_in(before) else {}
        cache.set(key, found, KEEP_S)
    return found


def units_for(first: date, last: date) -> list[Kind]:
    """By what a chart of these days may count: not one column alone, and not more than there is room for."""
    n_days = (last - first).days + 1
    return [unit for unit in UNITS if 1 < n_days / DAYS_A_UNIT[unit] <= MOST_COLUMNS] or [Kind.CUSTOM]


def usual_unit(first: date, last: date) -> Kind:
    n_days = (last - first).days + 1
    usual = Kind.CUSTOM if n_days <= BY_DAY else Kind.WEEK if n_days <= BY_WEEK else Kind.MONTH
    allowed = units_for(first, last)
    return usual if usual in allowed else next((unit for unit in allowed if unit is not Kind.CUSTOM), allowed[0])


def activity(history: History, span: Range, unit: Kind | None = None) -> tuple[list[Bucket], Kind, list[Kind]]:
    """Columns of plays, by what they count, and by what they may; no query."""
    first, last = history.reach(span)
    allowed = units_for(first, last)
    chosen = unit if unit in allowed else usual_unit(first, last)
    return buckets(history.plays, first=first, last=last, unit=chosen), chosen, allowed


def calendar_days(history: History, span: Range) -> tuple[date, date]:
    """A year of days that ends with the range."""
    _, last = history.reach(span)
    if span.kind is Kind.YEAR and span.first and span.last:
        return span.first, span.last
    return last - A_YEAR, last

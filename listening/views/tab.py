"""The tab “Listening” of a member's page: one range of their history in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from listening.figures import words
from listening.figures.arithmetic import clock_grid, longest, running
from listening.figures.completeness import albums_heard
from listening.figures.history import History, clock, history_of
from listening.figures.milestones import milestones, sessions
from listening.figures.obscurity import obscurity
from listening.figures.overview import Amounts, activity, calendar_days, overview
from listening.figures.ranges import Kind, Range
from listening.figures.staleness import stale_sources
from listening.models import NowPlaying
from listening.views.access import Reading, address, asked_range, may_read, reading_of
from social.models import User
from social.tabs import Tab
from social.visibility import Viewer

N_ROWS = 10
CHIPS = ("week", "month", "quarter", "year", "all")
LAST = ("last-week", "last-month", "last-quarter", "last-year")
UNITS: dict[Kind, str | Promise] = {
    Kind.CUSTOM: _("Day"),
    Kind.WEEK: _("Week"),
    Kind.MONTH: _("Month"),
    Kind.QUARTER: _("Quarter"),
    Kind.YEAR: _("Year"),
}
BY = {"day": Kind.CUSTOM, "week": Kind.WEEK, "month": Kind.MONTH, "quarter": Kind.QUARTER, "year": Kind.YEAR}
NAMES_OF_UNITS = {unit: name for name, unit in BY.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to the same page with something else chosen."""

    label: str | Promise
    address: str
    is_chosen: bool = False


def listening_tab(member: User, viewer: Viewer) -> Tab | None:
    return Tab("listening", _("Listening"), draw) if may_read(member, viewer) else None


def draw(request: HttpRequest, member: User, viewer: Viewer) -> str:
    now = timezone.now()
    reading = reading_of(request, member)
    history = history_of(member, now=now)
    context: dict[str, Any] = {"reading": reading, "member": member, "history": history, "zone": history.zone}
    if reading.is_own:
        context["stale"] = stale_sources(member, now=now)
    if history.is_empty:
        return render_to_string("listening/_empty.html", context, request)
    context["playing"] = NowPlaying.objects.filter(user=member).at(now).first()
    asked = asked_range(request, history)
    context |= {"asked": asked, "span": asked.span, "now": now, **range_links(history, asked.span, reading)}
    if history.n_in(asked.span):
        context |= figures(history, asked.span, reading, BY.get(request.GET.get("by", "")))
    return render_to_string("listening/_tab.html", context, request)


def range_links(history: History, span: Range, reading: Reading) -> dict[str, Any]:
    """To the usual ranges, the neighbours of this one, and the years that have a report."""
    path = reverse("social:profile_tab", args=[reading.member.handle, "listening"])

    def to(slug: str, label: str | Promise) -> Choice:
        return Choice(label, address(path, range=slug, **{"as": reading.seen_as}), is_chosen=slug == span.slug)

    before, after = span.before(), span.after()
    first = history.dates[0]
    return {
        "path": path,
        "title": words.title(span),
        "chips": [to(slug, words.RANGES[slug]) for slug in CHIPS],
        "last_chips": [to(slug, words.RANGES[slug]) for slug in LAST],
        "earlier": to(before.slug, words.title(before)) if before and before.last and before.last >= first else None,
        "later": to(after.slug, words.title(after)) if after and after.first and after.first <= history.today else None,
        "years": range(history.dates[-1].year, first.year - 1, -1),
        "csv": address("", range=span.slug, **{"as": reading.seen_as}),
    }


def figures(history: History, span: Range, reading: Reading, by: Kind | None) -> dict[str, Any]:
    """What the page shows of a range in which something was heard."""
    path = reverse("social:profile_tab", args=[reading.member.handle, "listening"])
    found = overview(history, span, n=N_ROWS)
    buckets, unit, allowed = activity(history, span, by)
    hours = clock(history.member, span)
    first, last = calendar_days(history, span)
    in_year = [(day, n) for day, n in history.plays if first <= day <= last]
    than = than_words(found.amounts, span)
    ms_before = found.amounts.ms_before if than else None
    found_sessions = sessions(history.member, span)
    return {
        "found": found,
        "amounts": found.amounts,
        "change": words.compared(found.amounts.n, found.amounts.n_before or 0, than) if than else "",
        "change_of_time": words.compared(found.amounts.ms, ms_before, than) if ms_before else "",
        "length": words.length(found.amounts.ms) if found.amounts.ms else "",
        "buckets": [(each, words.bucket_name(each, unit)) for each in buckets],
        "activity_says": words.of_activity(buckets, unit),
        "units": [
            Choice(
                UNITS[each],
                address(path, range=span.slug, by=NAMES_OF_UNITS[each], **{"as": reading.seen_as}),
                is_chosen=each is unit,
            )
            for each in allowed
        ],
        "clock": clock_grid(hours),
        "clock_rows": hour_rows(clock_grid(hours)),
        "clock_says": words.of_clock(hours),
        "calendar": (in_year, first, last),
        "calendar_says": words.of_calendar(len(in_year), (min(last, history.today) - first).days + 1),
        "calendar_days": words.days(first, last),
        "sessions": found_sessions,
        "longest_session": words.span_of(found_sessions.longest.length) if found_sessions.longest else "",
        "longest": longest(history.streaks),
        "running": running(history.streaks, history.today),
        "milestones": milestones(history, n=3),
        "albums_heard": albums_heard(history.member),
        "obscurity": obscurity(history.member, reading.viewer, now=history.now) if _is_member(reading.viewer) else None,
    }


def than_words(amounts: Amounts, span: Range) -> str:
    """What its amounts are compared with; empty where nothing is."""
    whole = span.before()
    return words.before(amounts.than, whole) if amounts.than and whole else ""


def _is_member(viewer: Viewer) -> bool:
    return viewer is not None and viewer.is_authenticated


def hour_rows(grid: list[list[int]]) -> list[tuple[str, tuple[int, ...]]]:
    """The clock as a table: an hour a row, a weekday a column."""
    return [(f"{hour:02}:00", row) for hour, row in enumerate(zip(*grid, strict=True))]

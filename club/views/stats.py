"""The club in figures: every list with its rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from club.drawing.svg import STARS
from club.figures import findings
from club.figures.numbers import REGULAR_WEEKS, club_numbers
from club.figures.statistics import DIVIDED_AT_LEAST, RATER_AT_LEAST, GroupFigures
from club.figures.whole_club import ClubFigures, Rater, named
from sidetrack.kept_copies import fresh_for_visitors, kept

N_ROWS = 10
N_SHORT = 6
N_RATERS = 6
N_GROUPS = 12
N_WEEKS = 104  # of attendance: two years of weeks


@dataclass(frozen=True, slots=True)
class Group:
    """Genres, decades or countries, as far as the page shows them; most is the longest bar's nominations."""

    slug: str
    name: str | Promise
    rows: tuple[GroupFigures, ...]
    most: int
    n_more: int
    finding: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The sentence above each chart; empty where there is no chart."""

    ratings: str
    raters: str
    attendance: str
    streaks: str


@require_safe
@fresh_for_visitors(seconds=600)
def stats_page(request: HttpRequest) -> HttpResponse:
    numbers = kept(request, ["club numbers"], lambda: club_numbers(timezone.now()))
    figures = named(numbers, request.user)
    attendance = figures.attendance[-N_WEEKS:]
    members_by_week = [row.members for row in attendance]
    context = {
        "figures": figures,
        "findings": _findings(figures, members_by_week),
        "numbers": [row.week.number for row in (*figures.attendance[:1], *figures.attendance[-1:])],
        "ranking": figures.ranking[:N_ROWS],
        "divided": figures.divided[:N_SHORT],
        "closest": figures.closest[:N_SHORT],
        "kind": _kind(figures),
        "hard": _hard(figures),
        "widest": max((abs(rater.leaning.offset) for rater in figures.raters), default=0.0),
        "nominators": figures.nominators[:N_ROWS],
        "groups": _groups(figures),
        "attendance": attendance[::-1],
        "first_number": attendance[0].week.number if attendance else None,
        "shown_numbers": [row.week.number for row in (*attendance[:1], *attendance[-1:])],
        "members_by_week": members_by_week,
        "most_members": max(members_by_week, default=0),
        "n_raters": len(figures.raters),
        "histogram_rows": list(zip(STARS, figures.overall.histogram, strict=True)),
        "streaks": [row for row in figures.streaks if row.streak.longest > 1][:N_ROWS],
        "divided_at_least": DIVIDED_AT_LEAST,
        "rater_at_least": RATER_AT_LEAST,
        "regular_weeks": REGULAR_WEEKS,
    }
    return render(request, "club/stats.html", context)


def _findings(figures: ClubFigures, members_by_week: list[int]) -> Findings:
    kindest = figures.kindest.leaning.offset if figures.kindest else None
    hardest = figures.hardest.leaning.offset if figures.hardest else None
    longest = figures.streaks[0].streak.longest if figures.streaks else 0
    holders = [str(row.member) for row in figures.streaks if row.streak.longest == longest]
    return Findings(
        ratings=findings.of_ratings(figures.overall) if figures.overall.count else "",
        raters="" if kindest is None and hardest is None else findings.of_raters(kindest, hardest),
        attendance=findings.of_attendance(members_by_week) if members_by_week else "",
        streaks=findings.of_streaks(holders, longest) if longest > 1 else "",
    )


def _kind(figures: ClubFigures) -> list[Rater]:
    """Above the others on average, the kindest first."""
    return [rater for rater in figures.raters if rater.leaning.offset > 0][:N_RATERS]


def _hard(figures: ClubFigures) -> list[Rater]:
    """Below the others on average, the hardest first."""
    return [rater for rater in reversed(figures.raters) if rater.leaning.offset < 0][:N_RATERS]


def _groups(figures: ClubFigures) -> list[Group]:
    found = [
        ("genres", _("Genres"), figures.genres),
        ("decades", _("Decades"), figures.decades),
        ("countries", _("Countries"), figures.countries),
    ]
    return [
        Group(
            slug,
            name,
            rows[:N_GROUPS],
            most=max((row.nominations for row in rows[:N_GROUPS]), default=0),
            n_more=max(len(rows) - N_GROUPS, 0),
            finding=findings.of_groups(rows),
        )
        for slug, name, rows in found
    ]

"""Every week that has a winner: as sleeves along the rail, or as a table; searched, filtered and sorted by address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from club.archive import archive
from club.clock import club_zone
from club.models import ClubSettings, Week
from club.templatetags.moments import zone_for
from club.views.archive_parts import Facets, facets_of
from sidetrack.kept_copies import fresh_for_visitors, htmx_part

PER_PAGE = 60
SORTS: dict[str, str | Promise] = {
    "newest": _("Newest first"),
    "score": _("Highest score"),
    "ratings": _("Most ratings"),
    "divided": _("Most divided"),
    "closest": _("Closest vote"),
}
VIEWS: dict[str, str | Promise] = {"covers": _("Covers"), "table": _("Table")}
FILTERS = ("q", "genre", "decade", "country", "nominator", "year")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; anything unknown falls back to its default."""

    q: str = ""
    genre: str = ""
    decade: str = ""
    country: str = ""
    nominator: str = ""
    year: str = ""
    sort: str = "newest"
    view: str = "covers"

    @classmethod
    def from_query(cls, query: QueryDict) -> Asked:
        given = {name: query.get(name, "").strip()[:100] for name in FILTERS}
        sort, view = query.get("sort", ""), query.get("view", "")
        return cls(**given, sort=sort if sort in SORTS else "newest", view=view if view in VIEWS else "covers")

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    def address(self, *, page: int = 1, anchor: str = "") -> str:
        """The page's address with only what differs from the defaults."""
        parts: dict[str, Any] = dict(self.filters)
        if self.sort != "newest":
            parts["sort"] = self.sort
        if self.view != "covers":
            parts["view"] = self.view
        if page > 1:
            parts["page"] = page
        query = f"?{urlencode(parts)}" if parts else ""
        return f"{reverse('club:weeks')}{query}{anchor}"


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on; following `without` takes it off."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Weeks that stand together; they are read when a template asks, since most pages have them kept already."""

    year: str
    ids: list[int]

    def weeks(self) -> list[Week]:
        found = Week.objects.with_winner().in_bulk(self.ids)
        return [found[pk] for pk in self.ids if pk in found]


@require_safe
@fresh_for_visitors(seconds=3600, reads=(*FILTERS, "sort", "view", "page"), parts=("results",), free=("q",))
def archive_page(request: HttpRequest) -> HttpResponse:
    asked = Asked.from_query(request.GET)
    found = facets_of(request, asked.filters)
    weeks = archive(**asked.filters, sort=asked.sort, viewer=request.user)
    pages = Paginator(weeks.values_list("pk", "discussion_at"), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    in_years = asked.sort == "newest" and asked.view == "covers"
    context = {
        "asked": asked,
        "chips": _chips(asked, found),
        "total": pages.count,
        "page": page,
        "zone": str(zone_for(request)),
        "stops": _by_year(page) if in_years else [Stop("", [pk for pk, _at in page])],
        "jumps": _jumps(asked, found.weeks_a_year) if in_years and not asked.filters else [],
        "newer": asked.address(page=page.previous_page_number()) if page.has_previous() else "",
        "older": asked.address(page=page.next_page_number()) if page.has_next() else "",
        "views": [(name, words, replace(asked, view=name).address()) for name, words in VIEWS.items()],
        "minimum": ClubSettings.load().minimum_ratings,
    }
    if htmx_part(request) == "results":
        return render(request, "club/_results.html", context)
    return render(request, "club/archive.html", context | {"facets": found.all, "sorts": SORTS.items()})


def _chips(asked: Asked, found: Facets) -> list[Chip]:
    return [
        Chip(found.words(name, value), replace(asked, **{name: ""}).address()) for name, value in asked.filters.items()
    ]


def _by_year(page: Page[tuple[int, datetime]]) -> list[Stop]:
    """The weeks of a page under the years of their discussions: the stops of the rail."""
    zone = club_zone()
    years = groupby(page, key=lambda row: row[1].astimezone(zone).year)
    return [Stop(str(year), [pk for pk, _at in rows]) for year, rows in years]


def _jumps(asked: Asked, weeks_a_year: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """Each year, and the address of the page and place where it begins."""
    jumps, before = [], 0
    for year, n_weeks in weeks_a_year:
        jumps.append((year, asked.address(page=before // PER_PAGE + 1, anchor=f"#y{year}")))
        before += n_weeks
    return jumps

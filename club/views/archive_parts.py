"""What the archive can be filtered by: only values that some winner really has, with how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from club.archive import facet_rows
from sidetrack.kept_copies import kept
from social.models import User
from social.visibility import visible_q

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: the values that lead somewhere, as (value, words)."""

    name: str
    label: str | Promise
    options: list[Option]
    chosen: str

    def words(self, value: str) -> str:
        """How a chosen value reads on its chip; a value that leads nowhere reads as it was typed."""
        found = next((words for option, words in self.options if option.casefold() == value.casefold()), value)
        return found.rsplit(" (", 1)[0]


@dataclass(frozen=True, slots=True)
class Facets:
    all: list[Facet]
    weeks_a_year: list[tuple[int, int]]  # newest first

    def words(self, name: str, value: str) -> str:
        facet = next((facet for facet in self.all if facet.name == name), None)
        return facet.words(value) if facet else f"“{value}”"


@dataclass(frozen=True, slots=True)
class Values:
    """What the winners have, whoever asks; picks counts the winners of each nominator."""

    genres: list[Option]
    decades: list[Option]
    countries: list[Option]
    years: list[tuple[int, int]]  # newest first
    picks: dict[int, int]


def facets_of(request: HttpRequest, chosen: dict[str, str]) -> Facets:
    """All filters, for whoever asks: a nominator is offered only where the name may be read."""
    known = kept(request, ["values of the archive"], _values)
    visible = visible_q(request.user, levels=["club_visibility"], owner="")
    people = User.objects.filter(visible, pk__in=known.picks, deleted_at__isnull=True).only(
        "handle", "display_name", "deleted_at"
    )
    nominators = [(user.handle, f"{user} ({known.picks[user.pk]})") for user in people]
    nominators.sort(key=lambda option: option[1].casefold())
    options: list[tuple[str, str | Promise, list[Option]]] = [
        ("genre", _("Genre"), known.genres),
        ("decade", _("Decade"), known.decades),
        ("country", _("Country"), known.countries),
        ("nominator", _("Nominated by"), nominators),
        ("year", _("Year"), [(str(year), f"{year} ({n})") for year, n in known.years]),
    ]
    facets = [Facet(name, label, values, _meant(values, chosen.get(name, ""))) for name, label, values in options]
    return Facets(facets, known.years)


def _values() -> Values:
    """From one reading of the winners, however many weeks there are."""
    rows = facet_rows()
    return Values(
        _counted(row.genre for row in rows),
        _counted(row.decade for row in rows),
        _counted(row.country for row in rows),
        sorted(Counter(row.year for row in rows).items(), reverse=True),
        dict(Counter(row.nominator_id for row in rows)),
    )


def _counted(values: Iterable[str]) -> list[Option]:
    """Each value once, whatever its capitals, by name, with how many winners have it."""
    spelling: dict[str, str] = {}
    n_of: Counter[str] = Counter()
    for value in values:
        if value:
            n_of[spelling.setdefault(value.casefold(), value)] += 1
    return sorted(((value, f"{value} ({n})") for value, n in n_of.items()), key=lambda each: each[1].casefold())


def _meant(options: list[Option], value: str) -> str:
    """The option that is meant, whatever its capitals; "" when there is none."""
    return next((option for option, _words in options if option.casefold() == value.casefold()), "")

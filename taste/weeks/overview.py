"""Four figures of a period beside the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Count

from listening.figures.history import history_of
from listening.figures.overview import amounts
from listening.figures.ranges import Range
from listening.figures.tops import plays_in
from listening.models import ArtistTotal
from social.models import User
from taste.models import WeeklyTaste
from taste.weeks.sums import effective_number, paired

LEAST_WEEKS = 8  # with a momentum: the spread of fewer says nothing


@dataclass(frozen=True, slots=True)
class Kpi:
    """key: listens, diversity, momentum, new_artists. value, before: None where too little is known.

    n: what the value is made of, `n_of` names it (plays, weeks). method: the anchor of its paragraph in the methods.
    """

    key: str
    label: str
    value: float | None
    before: float | None
    n: int
    n_of: str
    method: str
    how: str


@dataclass(frozen=True, slots=True)
class Overview:
    """than: what the period was compared with; as long as it runs, as many days of the one before. None: nothing."""

    span: Range
    than: Range | None
    kpis: tuple[Kpi, ...]


def overview_of(user: User, span: Range, *, now: datetime) -> Overview:
    """The figures of a span of the listener's days; seven queries at most, whatever the number of listens."""
    counted = amounts(history_of(user, now=now), span)
    than = counted.than
    varied, varied_before = _diversity(user, span), _diversity(user, than) if than else None
    moved, moved_before, n_weeks = _momentum(user, span, than)
    return Overview(
        span,
        than,
        (
            Kpi(
                "listens", "Listens", counted.n, counted.n_before, counted.n, "plays", "listens",
                "Plays, each once however many sources told it.",
            ),
            Kpi(
                "diversity", "Diversity", varied, varied_before, counted.n, "plays", "diversity",
                "As varied as this many artists heard equally often: exp of the entropy of their shares.",
            ),
            Kpi(
                "momentum", "Momentum", moved, moved_before, n_weeks, "weeks", "momentum",
                "How far the last week lies from the weeks before it, over how much such distances vary.",
            ),
            Kpi(
                "new_artists", "New artists", _new_artists(user, span), _new_artists(user, than) if than else None,
                counted.n, "plays", "new-artists", "Artists heard for the first time ever.",
            ),
        ),
    )  # fmt: skip


def _diversity(user: User, span: Range) -> float | None:
    """Effective number of artists; None without plays."""
    counts = np.array(list(plays_in(user, span).values("artist").annotate(n=Count("*")).values_list("n", flat=True)))
    if not len(counts):
        return None
    artists = np.arange(len(counts))
    return float(effective_number(paired(np.zeros_like(artists), artists, counts), 1)[0])


def _new_artists(user: User, span: Range) -> int:
    found = ArtistTotal.objects.filter(user=user, n_listens__gt=0)
    if span.start and span.end:
        found = found.filter(first_at__gte=span.start, first_at__lt=span.end)
    return found.count()


def _momentum(user: User, span: Range, than: Range | None) -> tuple[float | None, float | None, int]:
    """The index of the last week of each span, and of how many weeks' momentum the spread is taken."""
    rows = WeeklyTaste.objects.filter(user=user, momentum__isnull=False).order_by("starts_on")
    norms = list(rows.values_list("starts_on", "momentum"))
    spread = float(np.std([norm for _, norm in norms])) if len(norms) >= LEAST_WEEKS else 0.0
    if spread <= 0:
        return None, None, len(norms)

    def last_of(part: Range | None) -> float | None:
        inside = [norm for monday, norm in norms if part is not None and part.holds(monday)]
        return inside[-1] / spread if inside else None

    return last_of(span), last_of(than), len(norms)

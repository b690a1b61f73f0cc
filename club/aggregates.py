"""Proving the figures that are kept on weeks: counted anew from the rows, compared, repaired."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from club import revision
from club.models import Rating, Week
from club.phases import locked
from club.polls import poll_result, poll_results
from club.ratings import kept_figures, recompute


@dataclass(frozen=True, slots=True)
class Wrong:
    """A week whose kept figures are not what its rows say; by field: kept, counted."""

    week: Week
    fields: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        return f"{self.week}: " + "; ".join(
            f"{name} is {kept}, rows say {counted}" for name, (kept, counted) in self.fields.items()
        )


def compare() -> list[Wrong]:
    """Every week whose count, mean, spread, histogram or poll margin is off, in a constant number of queries."""
    weeks = list(Week.objects.order_by("number"))
    half_stars: dict[int, list[int]] = defaultdict(list)
    ratings = Rating.objects.standing().filter(week__isnull=False).order_by()
    for week_id, value in ratings.values_list("week_id", "half_stars"):
        half_stars[week_id].append(value)
    polls = poll_results([week for week in weeks if week.winner_id is not None])
    wrong = []
    for week in weeks:
        counted = kept_figures(half_stars[week.pk])
        counted["poll_margin"] = polls[week.pk].margin if week.pk in polls else None
        off = {name: (getattr(week, name), value) for name, value in counted.items() if getattr(week, name) != value}
        if off:
            wrong.append(Wrong(week, off))
    return wrong


@transaction.atomic
def repair(week: Week) -> bool:
    """Count one week anew under its lock; whether it was off still."""
    week = locked(week)
    margin = poll_result(week).margin if week.winner_id is not None else None
    is_off = recompute(week)
    if week.poll_margin != margin:
        is_off = bool(Week.objects.filter(pk=week.pk).update(poll_margin=margin))
    if is_off:
        revision.bump()
    return is_off

"""Predictions as they may be seen: one's own before, all beside the truth afterwards, and how far off they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from club.models import Rating, Week
from social.models import User
from social.visibility import Viewer, present_q, visible_q
from taste.models import PredictedRating

TASTE_LEVELS = ["user__visibility", "user__taste_visibility"]
LEAST_FOR_A_RECORD = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One member's prediction beside what they rated, in stars."""

    row: PredictedRating
    member: User
    truth: float

    @property
    def is_held(self) -> bool:
        """The interval holds the truth; ratings come in halves, so touching it by a rounding counts."""
        return self.row.low - 1e-6 <= self.truth <= self.row.high + 1e-6

    @property
    def off(self) -> float:
        return abs(self.truth - self.row.stars)


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """mean_error: absolute, in stars; coverage: share of intervals that held the truth, 0 to 1."""

    n: int
    mean_error: float
    coverage: float


def record_of(lines: Sequence[Line]) -> ErrorRecord | None:
    """None below three predictions: the error of one says little, and would name its member's rating."""
    n = len(lines)
    if n < LEAST_FOR_A_RECORD:
        return None
    return ErrorRecord(n, sum(each.off for each in lines) / n, sum(each.is_held for each in lines) / n)


def lines_of(week: Week, viewer: Viewer) -> list[Line]:
    """Of the week's winner, the nearest predictions first; those whose member's taste and rating `viewer` may read."""
    if week.winner is None:
        return []
    rows = _readable(viewer).filter(album=week.winner.album_id, user__ratings__week=week)
    return sorted(_lines(rows), key=lambda each: (each.off, each.member.handle))


def lines_of_all(viewer: Viewer) -> list[Line]:
    """The same of every album ever predicted; one query."""
    return _lines(_readable(viewer))


def own_of(member: User, album_ids: Sequence[int]) -> dict[int, PredictedRating]:
    """What the member was told of these albums; nobody else may be shown it."""
    return {row.album_id: row for row in PredictedRating.objects.filter(user=member, album__in=album_ids)}


def _readable(viewer: Viewer) -> QuerySet[PredictedRating, Any]:
    rating = Rating.objects.standing().filter(user=OuterRef("user"), album=OuterRef("album"))
    shown = visible_q(viewer, levels=TASTE_LEVELS, owner="user")
    settled = PredictedRating.objects.filter(shown, present_q(owner="user", to=viewer), half_stars__isnull=False)
    return settled.filter(Exists(rating.visible_to(viewer).filter(half_stars=OuterRef("half_stars"))))


def _lines(rows: QuerySet[PredictedRating, Any]) -> list[Line]:
    return [Line(row, row.user, (row.half_stars or 0) / 2) for row in rows.select_related("user").distinct()]

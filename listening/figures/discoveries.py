"""What a member heard for the first time, and which of it stayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from catalog.models import Album
from listening.figures.ranges import Range
from listening.figures.tops import TOTALS, musics, sleeve_of
from social.models import User


@dataclass(frozen=True, slots=True)
class Discovery:
    """An artist or album first heard in a range; n: plays since then."""

    music: Any
    first_at: datetime
    n: int
    sleeve: Album | None = None


def _first_heard_in(member: User, kind: str, span: Range) -> QuerySet[Any]:
    found = TOTALS[kind].objects.filter(user=member, n_listens__gt=0)
    if span.start and span.end:
        found = found.filter(first_at__gte=span.start, first_at__lt=span.end)
    return found  # type: ignore[no-any-return]


def discovered(member: User, span: Range, *, kind: str = "artist", n: int = 10) -> tuple[list[Discovery], int]:
    """Those first heard in the range that were played most since, and how many there are; three queries."""
    found = _first_heard_in(member, kind, span)
    rows = list(found.order_by("-n_listens", f"{kind}_id").values_list(f"{kind}_id", "first_at", "n_listens")[:n])
    music = musics(kind, [pk for pk, _, _ in rows])
    shown = [Discovery(music[pk], at, plays, sleeve_of(music[pk])) for pk, at, plays in rows if pk in music]
    return shown, found.count() if len(rows) == n else len(rows)


def by_date(member: User, span: Range) -> list[datetime]:
    """When each artist that is new in the range was first heard, in order. For ranges of a year or so."""
    return list(_first_heard_in(member, "artist", span).order_by("first_at").values_list("first_at", flat=True))

"""Everybody's nearest members, worked out every night, and where each score stands among the club's pairs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from social.models import User
from taste.matching.everybody import rows_of_scores
from taste.matching.judging import judge
from taste.matching.pairs import most_played_albums, row_of, write
from taste.matching.tastes import Taste, rarities, scales, tastes_of
from taste.models import Compatibility

N_NEAREST = 50
FORGET_AFTER = timedelta(days=60)  # a pair that nobody asked for since and that is nobody's nearest
N_STEPS = 1001  # of the percentile: scores in tenths
A_WRITE = 500


def renew(*, now: datetime) -> str:
    """Score every pair of members who have anything to compare; keep each one's nearest, and all percentiles.

    Whoever is not to be compared is in no pair, and what was kept of them goes.
    """
    compared = User.objects.filter(is_active=True, shows_matches=True)
    with_plays = compared.filter(listener__n_listens__gt=0).values_list("pk", flat=True)
    with_ratings = compared.filter(ratings__isnull=False).values_list("pk", flat=True)
    member_ids = sorted({*with_plays, *with_ratings})
    tastes = list(tastes_of(member_ids).values())
    weights = rarities({artist for each in tastes for artist in each.artists})
    spread = scales()
    counts = np.zeros(N_STEPS, np.int64)
    chosen: set[tuple[int, int]] = set()
    for place, found in enumerate(rows_of_scores(tastes, weights, spread)):
        known = np.flatnonzero(~np.isnan(found))
        counts += np.bincount(np.rint(found[known[known > place]] * 10).astype(np.int64), minlength=N_STEPS)
        nearest = known[np.argsort(-found[known], kind="stable")][:N_NEAREST]
        chosen |= {(min(place, int(other)), max(place, int(other))) for other in nearest}
    percentiles = percentiles_of(counts)
    by_id = {each.member_id: each for each in tastes}
    albums = most_played_albums(by_id)
    n_written = 0
    for pairs in _in_parts(sorted(chosen), A_WRITE):
        rows = [_row(tastes[a], tastes[b], weights, spread, albums, percentiles, now) for a, b in pairs]
        write(rows, also=("percentile",))
        n_written += len(rows)
    _place_the_rest(percentiles, now=now)
    apart = User.objects.filter(Q(is_active=False) | Q(shows_matches=False)).values("pk")
    old = Q(computed_at__lt=now - FORGET_AFTER) | Q(user_a__in=apart) | Q(user_b__in=apart)
    forgotten, _ = Compatibility.objects.filter(old).delete()
    return f"{int(counts.sum())} pairs scored, {n_written} kept, {forgotten} forgotten"


def percentiles_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of pairs below each tenth of a score, 0 to 100, equal ones counted half. counts: pairs by tenth."""
    whole = counts.sum()
    if not whole:
        return np.full(len(counts), np.nan)
    found: NDArray[np.float64] = (np.cumsum(counts) - counts / 2) / whole * 100
    return found


def _row(
    a: Taste,
    b: Taste,
    weights: dict[int, float],
    spread: dict[str, NDArray[np.float32]],
    albums: dict[int, dict[int, int]],
    percentiles: NDArray[np.float64],
    now: datetime,
) -> Compatibility:
    row = row_of(a, b, judge(a, b, weights, spread), albums, now=now)
    row.percentile = _percentile(row.score, percentiles)
    return row


def _percentile(score: float | None, percentiles: NDArray[np.float64]) -> float | None:
    if score is None or np.isnan(at := float(percentiles[round(score * 10)])):
        return None
    return round(at, 1)


def _place_the_rest(percentiles: NDArray[np.float64], *, now: datetime) -> None:
    """Pairs that were asked for keep their score; their place among all pairs moves with the others."""
    moved = []
    for row in Compatibility.objects.exclude(computed_at=now).only("score", "percentile").iterator():
        at = _percentile(row.score, percentiles)
        if at != row.percentile:
            row.percentile = at
            moved.append(row)
    Compatibility.objects.bulk_update(moved, ["percentile"], batch_size=A_WRITE)


def _in_parts(pairs: list[tuple[int, int]], size: int) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]

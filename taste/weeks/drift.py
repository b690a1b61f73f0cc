"""Which artists, or record labels, moved a member's axis between two periods.

The mean of an axis is the sum over artists of their share of the plays times the mean of their plays. The difference of
two such sums is taken apart without a rest, as Kitagawa 1955 (https://doi.org/10.2307/2281213) does it: how much a
share changed, times how far the artist lies from the middle of both periods; and how much the artist's own mean
changed, times the mean of its two shares. An artist that one period lacks is taken there as it is in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce, NullIf

from catalog.models import Artist
from listening.figures.ranges import Range
from listening.figures.tops import plays_in
from social.models import User
from taste.weeks.material import MEASURED, values_for
from taste.weeks.sums import Floats

UNKNOWN = "No record label known"


@dataclass(frozen=True, slots=True)
class Part:
    """One artist or record label. Shares are of the plays that have a value; means are None where it was not heard.

    by_share: how far the axis moved because it was heard more or less. by_sound: because other tracks of it were heard.
    """

    id: int | None
    name: str
    share_before: float
    share_after: float
    mean_before: float | None
    mean_after: float | None
    by_share: float
    by_sound: float

    @property
    def effect(self) -> float:
        return self.by_share + self.by_sound


@dataclass(frozen=True, slots=True)
class Drift:
    """`after - before` is the sum of the effects of all parts, the rest included."""

    axis: str
    before: float
    after: float
    n_before: int
    n_after: int
    parts: tuple[Part, ...]
    rest: float


def drift_of(
    user: User,
    *,
    axis: str,
    before: Range,
    after: Range,
    by: Literal["artist", "label"] = "artist",
    n: int = 10,
    as_heard: bool = True,
) -> Drift | None:
    """The `n` strongest parts; None where either period has no play with a value.

    as_heard: with what the member's own labels say, for that member alone.
    """
    rows = [_counted(user, span, by) for span in (before, after)]
    tracks = np.unique(np.array([track for period in rows for _, track, _ in period], np.int64))
    values = values_for(user, tracks, as_heard=as_heard)[:, MEASURED.index(axis)]
    keys = sorted({key for period in rows for key, _, _ in period}, key=str)
    place = {key: at for at, key in enumerate(keys)}
    plays, totals = np.zeros((2, len(keys))), np.zeros((2, len(keys)))
    for turn, period in enumerate(rows):
        if not period:
            return None
        at = np.array([place[key] for key, _, _ in period], np.int64)
        counts = np.array([n_plays for _, _, n_plays in period], np.float64)
        given = values[np.searchsorted(tracks, np.array([track for _, track, _ in period], np.int64))]
        known = ~np.isnan(given)
        plays[turn] = np.bincount(at[known], counts[known], len(keys))
        totals[turn] = np.bincount(at[known], counts[known] * given[known], len(keys))
    if not plays.sum(axis=1).all():
        return None
    by_share, by_sound = decompose(plays, totals)
    effects = by_share + by_sound
    best = [at for at in np.argsort(-np.abs(effects), kind="stable")[:n].tolist() if plays[:, at].any()]
    names = _names([keys[at] for at in best], by)
    shares = plays / plays.sum(axis=1, keepdims=True)
    means = np.divide(totals, plays, out=np.full_like(totals, np.nan), where=plays > 0)
    start, end = (totals.sum(axis=1) / plays.sum(axis=1)).tolist()
    parts = tuple(
        Part(
            id=keys[at] if isinstance(keys[at], int) else None,
            name=names[keys[at]],
            share_before=float(shares[0, at]),
            share_after=float(shares[1, at]),
            mean_before=float(means[0, at]) if plays[0, at] else None,
            mean_after=float(means[1, at]) if plays[1, at] else None,
            by_share=float(by_share[at]),
            by_sound=float(by_sound[at]),
        )
        for at in best
    )
    rest = end - start - sum(part.effect for part in parts)
    return Drift(axis, start, end, int(plays[0].sum()), int(plays[1].sum()), parts, rest)


def decompose(plays: Floats, totals: Floats) -> tuple[Floats, Floats]:
    """By share and by sound, each of shape (n,); both together sum to the difference of the two means.

    plays, totals: shape (2, n), plays with a value and the sum of their values, before and after; no row all zeros.
    """
    shares = plays / plays.sum(axis=1, keepdims=True)
    means = np.divide(totals, plays, out=np.full_like(totals, np.nan), where=plays > 0)
    first, second = np.where(np.isnan(means[0]), means[1], means[0]), np.where(np.isnan(means[1]), means[0], means[1])
    first, second = np.nan_to_num(first), np.nan_to_num(second)  # in neither period: both shares are 0
    middle = (totals.sum(axis=1) / plays.sum(axis=1)).mean()
    by_share = (shares[1] - shares[0]) * ((first + second) / 2 - middle)
    by_sound = (shares[1] + shares[0]) / 2 * (second - first)
    return by_share, by_sound


def _counted(user: User, span: Range, by: str) -> list[tuple[int | str, int, int]]:
    """(artist id or record label, track, plays); one query."""
    plays = plays_in(user, span)
    if by == "artist":
        return list(plays.values_list("artist_id", "track_id").annotate(n=Count("*")))
    label = Coalesce(NullIf("album__label", Value("")), NullIf("track__album__label", Value("")), Value(""))
    return list(plays.annotate(by=label).values_list(F("by"), F("track_id")).annotate(n=Count("*")))


def _names(keys: list[int | str], by: str) -> dict[int | str, str]:
    if by == "artist":
        known = dict(Artist.objects.filter(pk__in=keys).values_list("pk", "name"))
        return {key: known.get(int(key), "") for key in keys}
    return {key: str(key) or UNKNOWN for key in keys}

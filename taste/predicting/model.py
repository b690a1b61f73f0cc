"""What somebody will rate, from what they and others rated: ridge on a few features, with an interval. Pure.

A rating is the member's mean (drawn towards everybody's) and a little more for each of `FEATURES`. All errors are of
ratings that were left out when they were predicted, so that the interval is what it says: it holds the truth in four
cases of five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VERSION = "pred-1"
FEATURES = ("genres", "sound", "artist", "plays", "taste")
PULLS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, np.inf)  # of the ridge; infinite: the mean alone
HALF_TRUST = 4  # ratings as many as which a member's own mean counts half
COVERAGE = 0.8
OWN_ERRORS = 10  # everybody's errors together weigh as much as this many of the member's own
LOWEST, HIGHEST = 1.0, 5.0
Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One rating. mean: of the member's other ratings, drawn towards everybody's; features: as `FEATURES`.

    is_shared: every member may read it; others are used for their member alone, and teach nothing.
    """

    member: int
    stars: float
    mean: float
    features: tuple[float, ...]
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Predicted:
    """Stars, 1.0 to 5.0. parts: what each feature added to the mean, in stars."""

    stars: float
    low: float
    high: float
    mean: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Fitted:
    """weights: stars for one standard deviation of each feature. errors: truth − prediction, by member, left out."""

    scale: Rows
    weights: Rows
    pull: float
    errors: Mapping[int, tuple[float, ...]]
    shared_errors: tuple[float, ...]

    def predict(self, member: int, mean: float, features: Sequence[float]) -> Predicted:
        """mean: of the member's ratings, drawn towards everybody's. A feature of 0 says nothing."""
        added = self.weights * np.array(features, np.float64) / self.scale
        stars = float(np.clip(mean + added.sum(), LOWEST, HIGHEST))
        reach = half_width(self.errors.get(member, ()), self.shared_errors)
        low, high = max(LOWEST, stars - reach), min(HIGHEST, stars + reach)
        parts = dict(zip(FEATURES, (float(each) for each in added), strict=True))
        return Predicted(stars, low, high, mean, parts)


def drawn_mean(stars: Sequence[float], everybody: float) -> float:
    """A member's mean, drawn towards everybody's by n / (n + HALF_TRUST); without ratings it is everybody's."""
    n = len(stars)
    return (sum(stars) + HALF_TRUST * everybody) / (n + HALF_TRUST)


def fit(samples: Sequence[Sample]) -> Fitted:
    """Weights by ridge regression on what a mean leaves over, the pull chosen by the least error of ratings left out.

    Never worse than the mean by that error. Without shared samples the weights are 0 and the errors empty.
    Source: leave-one-out errors from the hat matrix, Allen 1974 (PRESS).
    """
    shared = [each for each in samples if each.is_shared]
    n_features = len(FEATURES)
    if not shared:
        empty = np.zeros(n_features)
        return Fitted(np.ones(n_features), empty, np.inf, *_errors(samples, [], empty, np.ones(n_features)))
    raw = np.array([each.features for each in shared], np.float64)
    scale = np.maximum(np.sqrt(np.mean(raw * raw, axis=0)), 1e-9)  # around 0, which means “nothing known”
    columns = raw / scale
    left = np.array([each.stars - each.mean for each in shared])
    best = (float(np.mean(left * left)), np.inf, np.zeros(n_features), left)
    for pull in PULLS[:-1]:
        gram = columns.T @ columns + pull * np.eye(n_features)
        solved = np.linalg.solve(gram, columns.T)
        weights = solved @ left
        leverage = np.einsum("ij,ji->i", columns, solved)
        errors = (left - columns @ weights) / (1 - leverage)
        loss = float(np.mean(errors * errors))
        if loss < best[0]:
            best = (loss, pull, weights, errors)
    _, pull, weights, errors = best
    return Fitted(scale, weights, float(pull), *_errors(samples, errors.tolist(), weights, scale))


def _errors(
    samples: Sequence[Sample], of_shared: Sequence[float], weights: Rows, scale: Rows
) -> tuple[dict[int, tuple[float, ...]], tuple[float, ...]]:
    """By member, and the shared ones together; what was not shared was not learned from, so its error is honest too."""
    found: dict[int, list[float]] = {}
    left = iter(of_shared)
    for each in samples:
        if each.is_shared:
            error = next(left)
        else:
            error = each.stars - each.mean - float(weights @ (np.array(each.features) / scale))
        found.setdefault(each.member, []).append(error)
    return {member: tuple(errors) for member, errors in found.items()}, tuple(of_shared)


def half_width(own: Sequence[float], everybody: Sequence[float]) -> float:
    """How far an interval reaches to either side so that four of five errors lie within; stars, at most 4.

    The member's own errors count one each; everybody's together `OWN_ERRORS`. As split conformal prediction has it, one
    error without bound is counted too, so that few errors make a wide interval; none at all give 4.
    Source: weighted conformal quantile, Vovk et al. 2005; Tibshirani et al. 2019.
    """
    errors = np.abs(np.array([*own, *everybody], np.float64))
    weights = np.array([1.0] * len(own) + [OWN_ERRORS / max(len(everybody), 1)] * len(everybody))
    order = np.argsort(errors, kind="stable")
    reached = np.cumsum(weights[order]) / (weights.sum() + 1)
    at = int(np.searchsorted(reached, COVERAGE - 1e-12))
    return float(min(errors[order][at], HIGHEST - LOWEST)) if at < len(errors) else HIGHEST - LOWEST

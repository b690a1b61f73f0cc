"""How far a member's ear differs from the common value of an axis, learnt from few labels. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_COMPONENTS = 32
SHRINK = 8  # labels at which half of what was learnt is believed
LAMBDAS = np.logspace(-1, 3, 17)
LEAST = 3  # labels: with fewer, leaving one out says nothing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Basis:
    """The directions in which tracks differ most: standardise by mean and scale (d,), project on components (d, k)."""

    mean: Floats
    scale: Floats
    components: Floats

    def project(self, vectors: NDArray[np.floating]) -> Floats:
        """vectors: (n, d). Returns (n, k + 1), the last a constant: some hear all music a bit apart."""
        scores = ((np.asarray(vectors, dtype=np.float64) - self.mean) / self.scale) @ self.components
        return np.column_stack([scores, np.ones(len(scores))])


@dataclass(frozen=True, slots=True)
class Correction:
    """What to add to the common value: weights (k + 1,), zero where nothing better was learnt.

    error, error_before: root mean square of what is missed when each label is left out in turn, with and without the
    correction; None below LEAST labels. strength: the lambda that won.
    """

    weights: Floats
    n: int
    error: float | None
    error_before: float | None
    strength: float | None

    @property
    def helps(self) -> bool:
        return bool(self.weights.any())


def basis_of(vectors: NDArray[np.floating]) -> Basis:
    """PCA of vectors (n, d), n >= 1, to at most N_COMPONENTS; the scores of a track have a mean square sum of 1.

    A column that never changes is ignored. Signs are fixed, so that the same vectors give the same basis.
    """
    given = np.asarray(vectors, dtype=np.float64)
    mean, spread = given.mean(axis=0), given.std(axis=0)
    scale = np.where(spread > 1e-9, spread, np.inf)
    _, lengths, directions = np.linalg.svd((given - mean) / scale, full_matrices=False)
    k = min(N_COMPONENTS, int(np.count_nonzero(lengths > 1e-9)))
    directions = directions[:k]
    tips = directions[np.arange(k), np.abs(directions).argmax(axis=1)]
    size = np.sqrt((lengths[:k] ** 2).sum() / len(given)) or 1.0
    return Basis(mean, scale, (directions * np.sign(tips)[:, None]).T / size)


def learn(scores: NDArray[np.floating], base: NDArray[np.floating], labels: NDArray[np.floating]) -> Correction:
    """Ridge of label − base on the scores, with a prior of zero.

    scores: (n, k + 1). base, labels: (n,), 0 to 1. The strength is the one with the least leave-one-out error, from the
    hat matrix; what was learnt counts n / (n + SHRINK). It is dropped unless it misses less than the base, and by more
    than one standard error of what it gains label by label: of many strengths one is always a little lucky.
    Source: Allen 1974 (PRESS); Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 3.4.1 and 7.10.
    """
    n, width = scores.shape
    nothing = np.zeros(width)
    if n < LEAST:
        return Correction(nothing, n, None, None, None)
    residual = np.asarray(labels - base, dtype=np.float64)
    before = _rms(residual)
    left, lengths, right = np.linalg.svd(np.asarray(scores, dtype=np.float64), full_matrices=False)
    shrink = n / (n + SHRINK)
    best, strength, missed = before, None, residual
    for each in LAMBDAS:
        kept = lengths**2 / (lengths**2 + each)
        fitted = (left * kept) @ (left.T @ residual)
        leverage = np.minimum((left**2 * kept).sum(axis=1), 1 - 1e-9)
        without_it = residual - (residual - fitted) / (1 - leverage)  # what the other labels say of this one
        left_over = labels - np.clip(base + shrink * without_it, 0, 1)
        if (error := _rms(left_over)) < best - 1e-9:
            best, strength, missed = error, float(each), left_over
    gains = residual**2 - missed**2
    if strength is None or gains.mean() <= gains.std(ddof=1) / np.sqrt(n):
        return Correction(nothing, n, before, before, None)
    weights = right.T @ (lengths / (lengths**2 + strength) * (left.T @ residual))
    return Correction(shrink * weights, n, best, before, strength)


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))

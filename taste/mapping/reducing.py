"""A few dozen dimensions instead of hundreds, for distances and clusters. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taste.mapping.projecting import Floats, Standard, standard_of

N_KEPT = 32
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reduced:
    """A standardiser and main axes (d, k): vectors (n, d) become (n, k)."""

    standard: Standard
    axes: Doubles

    def __call__(self, vectors: Floats) -> Doubles:
        rows: Doubles = self.standard(vectors).astype(np.float64) @ self.axes
        return rows


def reduced_by(vectors: Floats) -> Reduced:
    """Standardised, then the at most 32 main axes of these vectors (n, d), n >= 1; fewer where n or d is smaller.

    Distances between what it answers are those between the standardised vectors, less what the dropped axes held.
    Source: Pearson 1901.
    """
    standard = standard_of(vectors)
    axes = np.linalg.svd(standard(vectors).astype(np.float64), full_matrices=False)[2][:N_KEPT].T
    return Reduced(standard, axes)


def distances_from_centre(rows: Doubles, weights: Doubles) -> Doubles:
    """How far each row lies from the weighted centre, in standard deviations of the rows' own spread: (n,).

    rows: (n, k), n >= 2. weights: (n,), >= 0, not all 0. Mahalanobis distance; the covariance is shrunk towards a ball,
    since n is seldom many times k. Rows that are all alike give zeros. About sqrt(k) is usual.
    Source: Ledoit and Wolf 2004, “A well-conditioned estimator for large-dimensional covariance matrices”.
    """
    from sklearn.covariance import ledoit_wolf

    beyond = rows - np.average(rows, axis=0, weights=weights)
    if not np.abs(rows - rows[0]).max() > 1e-9:
        return np.zeros(len(rows))
    covariance, _ = ledoit_wolf(rows)
    squares = np.einsum("nk,kn->n", beyond, np.linalg.solve(covariance, beyond.T))
    found: Doubles = np.sqrt(np.maximum(squares, 0))
    return found

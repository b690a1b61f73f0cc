"""One map is turned onto another. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Similarity:
    """places -> size * places @ turn + shift: nothing is bent, every shape stays itself. turn: (2, 2), orthogonal."""

    size: float
    turn: NDArray[np.float64]
    shift: NDArray[np.float64]

    def __call__(self, places: Places) -> NDArray[np.float64]:
        """places: (n, 2); (0, 2) stays empty."""
        return self.size * np.asarray(places, np.float64) @ self.turn + self.shift


SAME = Similarity(1.0, np.eye(2), np.zeros(2))


def similarity_onto(moving: Places, still: Places, *, keeps_size: bool = False) -> Similarity:
    """The turn, mirroring, size and shift that bring `moving` onto `still`, row by row.

    moving, still: (n, 2), the same tracks in the same order. Turn and shift are those of least squares; the size makes
    both spread alike, since the one of least squares shrinks whatever does not fit, and a map that is refitted often
    would dwindle. keeps_size: leaves it at 1, for maps that are drawn to different scales. Fewer than three rows, or
    all on one spot, fix no turn: `SAME`. Raises ValueError when the shapes differ.
    Source: Schönemann and Carroll 1970; the closed form of the turn is Kabsch's, 1976, with mirroring allowed.
    """
    if moving.shape != still.shape:
        raise ValueError(f"{moving.shape} cannot be laid onto {still.shape}.")
    if len(moving) < 3:
        return SAME
    a, b = np.asarray(moving, np.float64), np.asarray(still, np.float64)
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    spread_a, spread_b = ((a - mean_a) ** 2).sum(), ((b - mean_b) ** 2).sum()
    if min(spread_a, spread_b) < 1e-12:
        return SAME
    left, _, right = np.linalg.svd((a - mean_a).T @ (b - mean_b))
    turn = left @ right
    size = 1.0 if keeps_size else float(np.sqrt(spread_b / spread_a))
    return Similarity(size, turn, mean_b - size * mean_a @ turn)


def mean_move(before: Places, after: Places) -> float | None:
    """How far the tracks moved on average, in standard deviations of the map before (mean of its two axes).

    before, after: (n, 2), the same tracks in the same order. None without tracks, or when all lay on one spot.
    """
    if not len(before):
        return None
    sd = float(np.sqrt(np.asarray(before, np.float64).var(axis=0).mean()))
    return float(np.linalg.norm(np.asarray(after, np.float64) - before, axis=1).mean()) / sd if sd > 1e-9 else None

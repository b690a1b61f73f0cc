"""Exact nearest neighbours, and how much each of them counts. Pure.

Exact rather than approximate: 20,000 tracks of 200 numbers take seconds on one core, need no compiled index, and give
the same map twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

N_BLOCK_NUMBERS = 8_000_000  # of distances held at once: 32 MB
N_HALVINGS = 48
LEAST_SHARE = 1e-3  # of the mean distance: UMAP's floor for the width of a neighbourhood


def nearest(queries: Floats, references: Floats, k: int, *, are_same: bool = False) -> tuple[Indices, Floats]:
    """For each query the k nearest references by Euclidean distance, nearest first.

    queries: (n, d). references: (m, d), m >= k >= 1. are_same: both are the same rows; each then has itself first, at
    distance 0, as UMAP wants its neighbours. Returns indices (n, k) and distances (n, k). n = 0 gives empty arrays;
    k > m raises ValueError.
    """
    if k > len(references):
        raise ValueError(f"{k} neighbours of {len(references)} rows.")
    indices = np.zeros((len(queries), k), np.int64)
    distances = np.zeros((len(queries), k), np.float32)
    lengths = np.einsum("ij,ij->i", references, references)
    n_rows = max(1, N_BLOCK_NUMBERS // max(1, len(references)))
    for start in range(0, len(queries), n_rows):
        block = queries[start : start + n_rows]
        rows = np.arange(len(block))[:, None]
        squares = block @ references.T
        squares *= -2
        squares += lengths
        if are_same:
            squares[rows[:, 0], start + rows[:, 0]] = -np.inf
        near = np.argpartition(squares, k - 1, axis=1)[:, :k] if k < len(references) else _everybody(squares)
        # Equal distances go by row number, so that the answer does not depend on how the blocks were cut.
        order = np.lexsort((near, squares[rows, near]))
        near = near[rows, order]
        own = np.einsum("ij,ij->i", block, block)[:, None]
        indices[start : start + n_rows] = near
        distances[start : start + n_rows] = np.sqrt(np.maximum(squares[rows, near] + own, 0))
    return indices, distances


def _everybody(squares: NDArray[Any]) -> Indices:
    return np.broadcast_to(np.arange(squares.shape[1]), squares.shape).copy()


def memberships(distances: Floats) -> Floats:
    """How strongly each neighbour belongs to a query's neighbourhood: (n, k), 1 for the nearest, falling towards 0.

    distances: (n, k), k >= 1, rising along each row. exp(-(d - nearest) / width), the width chosen so that a row sums
    to log2(k): a neighbourhood counts the same in dense and in thin places. k = 1 gives ones.
    Source: McInnes, Healy and Melville 2018, “UMAP”, section 3.1 (arXiv 1802.03426).
    """
    n, k = distances.shape
    beyond = (distances - distances[:, :1]).astype(np.float64)
    target = np.log2(max(k, 2))
    low, high = np.zeros(n), np.full(n, np.inf)
    width = np.ones(n)
    for _ in range(N_HALVINGS):
        total = np.exp(-beyond / width[:, None]).sum(axis=1)
        is_wide = total > target
        high = np.where(is_wide, width, high)
        low = np.where(is_wide, low, width)
        width = np.where(np.isinf(high), width * 2, (low + np.where(np.isinf(high), 0, high)) / 2)
    floor = LEAST_SHARE * np.maximum(distances.mean(axis=1), 1e-12)
    strengths: Floats = np.exp(-beyond / np.maximum(width, floor)[:, None]).astype(np.float32)
    return strengths

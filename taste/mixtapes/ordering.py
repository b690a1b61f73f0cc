"""An order in which each track leads to the next. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from taste.mapping.reducing import Doubles

SAME_ARTIST_COSTS = 1.0  # of the median distance, for two neighbours by one artist


def smooth_order(rows: Doubles, artists: NDArray[np.int64], rise: Doubles) -> list[int]:
    """Indices in playing order: a short way through all rows, beginning at its end with less of `rise`.

    rows: (n, k). artists: (n,), ids. rise: (n,), such as energy; NaN is unknown. The way from each row to its nearest
    unvisited one, tried from every row, then freed of crossings (2-opt, Croes 1958) until none is left. [] for no rows.
    """
    n = len(rows)
    if n < 2:
        return list(range(n))
    apart = np.sqrt(((rows[:, None, :] - rows[None]) ** 2).sum(axis=2))
    usual = float(np.median(apart[np.triu_indices(n, 1)]))
    apart = apart + SAME_ARTIST_COSTS * max(usual, 1e-9) * (artists[:, None] == artists[None])
    ways = [_uncrossed(_from(start, apart), apart) for start in range(n)]
    way = min(ways, key=lambda each: (round(_length(each, apart), 9), each))
    first, last = _end(rise[way[: max(1, n // 3)]]), _end(rise[way[-max(1, n // 3) :]])
    return way[::-1] if last < first else way


def _end(rise: Doubles) -> float:
    known = rise[np.isfinite(rise)]
    return float(known.mean()) if len(known) else 0.0


def _from(start: int, apart: Doubles) -> list[int]:
    way = [start]
    left = np.ones(len(apart), bool)
    left[start] = False
    while left.any():
        way.append(int(np.where(left, apart[way[-1]], np.inf).argmin()))
        left[way[-1]] = False
    return way


def _length(way: list[int], apart: Doubles) -> float:
    return float(apart[way[:-1], way[1:]].sum())


def _uncrossed(way: list[int], apart: Doubles) -> list[int]:
    """Turn stretches of the way around while that shortens it."""
    n = len(way)
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for i in range(n - 1):
            for j in range(i + 1, n):
                before = apart[way[i - 1], way[i]] if i else 0.0
                after = apart[way[j], way[j + 1]] if j + 1 < n else 0.0
                new_before = apart[way[i - 1], way[j]] if i else 0.0
                new_after = apart[way[i], way[j + 1]] if j + 1 < n else 0.0
                if new_before + new_after < before + after - 1e-9:
                    way[i : j + 1] = way[i : j + 1][::-1]
                    is_shorter = True
    return way

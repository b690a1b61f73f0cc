"""Few tracks that stand for many, without saying the same twice, in sixty to ninety minutes. Pure.

Facility location: a track stands for those it is like; the chosen ones together should stand for all. Taken greedily,
that is within 63 % of the best (Nemhauser, Wolsey and Fisher 1978); swaps then do better. From each track's gain goes a
penalty for its likeness to what is chosen, and for another track of the same artist or album.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from taste.mapping.reducing import Doubles

Ints = NDArray[np.int64]

LEAST_S, AIM_S, MOST_S = 60 * 60.0, 75 * 60.0, 90 * 60.0
LIKENESS_COSTS = 0.15  # of the whole week's worth, for a track that is the twin of a chosen one
ARTIST_COSTS, ALBUM_COSTS = 0.06, 0.03
ROUNDS_OF_SWAPS = 2


@dataclass(frozen=True, slots=True)
class Candidates:
    """likeness: (n, n), 0 to 1, to each other. worth: (n,), how much each wants to be stood for (0: not at all).

    seconds: (n,), > 0. artists, albums: (n,), ids; 0 is unknown.
    """

    likeness: Doubles
    worth: Doubles
    seconds: Doubles
    artists: Ints
    albums: Ints

    def value(self, chosen: Sequence[int]) -> float:
        """How well these stand for all, less what they repeat: what swaps make larger."""
        return float(self.values_with(chosen[1:])[chosen[0]])

    def values_with(self, others: Sequence[int]) -> Doubles:
        """The value of these and one more, for each that the one more may be: (n,)."""
        some = list(others)
        like = self.likeness[:, some]  # (n, m)
        base = like.max(axis=1, initial=0.0)
        covered = self.worth @ np.maximum(base[:, None], self.likeness) / max(float(self.worth.sum()), 1e-12)
        among = self.likeness[np.ix_(some, some)].copy()
        np.fill_diagonal(among, 0)
        twins = np.maximum(among.max(axis=1, initial=0.0), like).sum(axis=1) + base
        repeated = LIKENESS_COSTS * twins
        repeated += ARTIST_COSTS * _again(self.artists, some) + ALBUM_COSTS * _again(self.albums, some)
        values: Doubles = covered - repeated / (len(some) + 1)
        return values


def _again(of: Ints, some: list[int]) -> Ints:
    """How many of these and one more share it with another of them, for each that the one more may be; 0 is unknown."""
    known = of[some][of[some] > 0]
    already = len(known) - len(np.unique(known))
    again: Ints = already + (np.isin(of, known) & (of > 0)).astype(np.int64)
    return again


def likeness_of(rows: Doubles) -> Doubles:
    """exp(-d² / 2w²) of the distances between rows (n, k), w their median: (n, n), 1 on the diagonal."""
    squares = ((rows[:, None, :] - rows[None]) ** 2).sum(axis=2)
    apart = np.sqrt(squares[np.triu_indices(len(rows), 1)])
    width = float(np.median(apart)) if len(apart) else 1.0
    found: Doubles = np.exp(-squares / (2 * max(width, 1e-9) ** 2))
    return found


def choose(all_: Candidates, *, least: float = LEAST_S, aim: float = AIM_S, most: float = MOST_S) -> list[int]:
    """Indices of the chosen tracks, in the order in which they were taken; [] where no choice lasts `least` to `most`.

    Greedy up to `aim` seconds, then swaps. Where long tracks leave a gap that nothing fits, the greedy way is begun
    with each other track in turn. Ties go to the lower index, so that the same input gives the same answer.
    """
    if float(all_.seconds.sum()) < least:
        return []
    begun: Iterable[list[int]] = chain([[]], ([first] for first in range(len(all_.seconds))))
    tapes = (_greedy(all_, start, aim=aim, most=most) for start in begun)
    chosen = next((tape for tape in tapes if least <= float(all_.seconds[tape].sum()) <= most), None)
    if chosen is None:
        return []
    for _ in range(ROUNDS_OF_SWAPS):
        if not _swapped(all_, chosen, least=least, most=most):
            break
    return chosen


def _greedy(all_: Candidates, start: list[int], *, aim: float, most: float) -> list[int]:
    chosen = list(start)
    total = float(all_.seconds[chosen].sum())
    whole = max(float(all_.worth.sum()), 1e-12)
    covered = all_.likeness[:, chosen].max(axis=1, initial=0.0)
    is_free = np.ones(len(all_.worth), bool)
    is_free[chosen] = False
    while total < aim:
        gain = all_.worth @ np.maximum(all_.likeness - covered[:, None], 0) / whole
        gain -= LIKENESS_COSTS * covered
        gain -= ARTIST_COSTS * np.isin(all_.artists, all_.artists[chosen])
        gain -= ALBUM_COSTS * (np.isin(all_.albums, all_.albums[chosen]) & (all_.albums > 0))
        gain[~is_free | (total + all_.seconds > most)] = -np.inf
        best = int(gain.argmax())
        if not np.isfinite(gain[best]):
            break
        chosen.append(best)
        is_free[best] = False
        total += float(all_.seconds[best])
        covered = np.maximum(covered, all_.likeness[:, best])
    return chosen


def _swapped(all_: Candidates, chosen: list[int], *, least: float, most: float) -> bool:
    """For each chosen track the swap that helps most, if one does; whether any did."""
    did = False
    for place in range(len(chosen)):
        others = [*chosen[:place], *chosen[place + 1 :]]
        values = all_.values_with(others)
        seconds = float(all_.seconds[others].sum()) + all_.seconds
        values[(seconds < least) | (seconds > most)] = -np.inf
        values[others] = -np.inf
        best = int(values.argmax())
        if values[best] > values[chosen[place]] + 1e-9:
            chosen[place] = best
            did = True
    return did

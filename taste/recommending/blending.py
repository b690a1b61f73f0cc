"""One list from several: ranks are added, not scores, which have no common scale; then neighbours must differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEIGHTS = {
    "together": 1.0, "factors": 1.0, "sound": 1.0, "tags": 1.0, "artists": 0.7, "club": 0.8, "friends": 1.2,
}  # fmt: skip
HALF_RANK = 60  # the constant of reciprocal rank fusion
LAMBDA = 0.75  # of relevance against difference
MOST_OF_ONE_ARTIST = 2


@dataclass(frozen=True, slots=True)
class Blended:
    """score: the sum over parts; part: the one that gave most of it; shares: each part's, summing to the score."""

    album: int
    score: float
    part: str
    shares: tuple[tuple[str, float], ...]


def blend(parts: Mapping[str, Sequence[int]], weights: Mapping[str, float]) -> list[Blended]:
    """Albums by the sum over the parts of weight / (60 + rank), the best first, then by id.

    parts: ranked albums, each once; a part without a weight counts 1. Nothing in, nothing out.
    Source: reciprocal rank fusion, Cormack, Clarke and Büttcher 2009.
    """
    shares: dict[int, dict[str, float]] = {}
    for part in sorted(parts):
        for rank, album in enumerate(parts[part], 1):
            shares.setdefault(album, {})[part] = weights.get(part, 1.0) / (HALF_RANK + rank)
    found = [
        Blended(album, sum(each.values()), max(each, key=lambda part: (each[part], part)), tuple(sorted(each.items())))
        for album, each in shares.items()
    ]
    return sorted(found, key=lambda each: (-each.score, each.album))


def diversified(
    ranked: Sequence[Blended], n: int, *, artists: NDArray[np.int64], alike: NDArray[np.float32]
) -> list[Blended]:
    """Up to `n` of them: each next one is the best of λ × its score against the best − (1 − λ) × the nearest chosen.

    artists: shape (n_ranked,), whose albums they are; at most two of one are taken, and the second counts as wholly
    alike. alike: shape (n_ranked, n_ranked), 0 to 1. At a tie the one that is ranked higher.
    Source: maximal marginal relevance, Carbonell and Goldstein 1998.
    """
    if not ranked:
        return []
    worth = np.array([each.score for each in ranked]) / ranked[0].score * LAMBDA
    nearest, is_left = np.zeros(len(ranked)), np.ones(len(ranked), bool)
    chosen: list[int] = []
    while is_left.any() and len(chosen) < n:
        at = int(np.argmax(np.where(is_left, worth - (1 - LAMBDA) * nearest, -np.inf)))
        chosen.append(at)
        is_left[at] = False
        same = artists == artists[at]
        if sum(bool(same[each]) for each in chosen) >= MOST_OF_ONE_ARTIST:
            is_left &= ~same
        nearest = np.maximum(nearest, np.where(same, 1.0, alike[at]))
    return [ranked[at] for at in chosen]

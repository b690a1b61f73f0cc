"""Features of a member and an album: what the member's other ratings, the club's and their plays say of it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

DRAWN = 1.0  # weight of “nothing known” beside the likeness of rated albums
DRAWN_ARTIST = 2.0  # the same beside ratings of an artist
LEAST_ALIKE = 0.05  # of two albums, before one says something of the other


def by_likeness(alike: NDArray[np.float32], left_over: NDArray[np.float64]) -> float:
    """How much above their mean the member rated what is like the album, in stars, drawn towards 0.

    alike: shape (n_rated,), cosine of each rated album to this one; left_over: stars − the member's mean.
    """
    weights = np.where(alike >= LEAST_ALIKE, alike, 0).astype(np.float64)
    return float(weights @ left_over / (weights.sum() + DRAWN))


def by_artist(left_over: Sequence[float]) -> float:
    """The same of ratings of the artist's other albums, whoever gave them, each against its giver's mean."""
    return sum(left_over) / (len(left_over) + DRAWN_ARTIST)


def by_plays(n_plays: int) -> float:
    """Plays of the artist before the rating, by their logarithm: 0 for none, 1 for about 20."""
    return math.log1p(n_plays) / 3


def by_taste(genres: Mapping[str, float], plays: Mapping[str, float]) -> float:
    """Cosine of the album's genres to the member's mix of genres played; 0 where either is unknown."""
    lengths = math.sqrt(sum(each * each for each in genres.values()) * sum(each * each for each in plays.values()))
    return sum(weight * plays.get(name, 0.0) for name, weight in genres.items()) / lengths if lengths else 0.0

"""How alike two tastes are, term by term. Pure: plain values in, shares out, the same whichever way round."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

AXES = ("energy", "valence", "danceability", "acousticness", "instrumentalness")
LEAST_AXES = 3  # before a distance on them says something
SD_BETWEEN_LISTENERS = 0.15  # of a listener's mean on one axis; chosen, not fitted
# Loud music is rarely acoustic, and what can be danced to is brighter: rounded from what is known of Spotify's fields.
CORRELATIONS = (
    (1.0, 0.3, 0.2, -0.6, -0.1),
    (0.3, 1.0, 0.5, -0.2, -0.2),
    (0.2, 0.5, 1.0, -0.2, -0.1),
    (-0.6, -0.2, -0.2, 1.0, 0.2),
    (-0.1, -0.2, -0.1, 0.2, 1.0),
)
EMBEDDING_SPREAD = 0.35  # of listeners' mean vectors, in standard deviations of single tracks


def rarity(n_listeners: int, n_members: int) -> float:
    """What sharing an artist weighs: ln(1 + members / listeners), so that one whom everybody plays says little.

    n_listeners: of the artist, at least 1 is assumed; n_members: at least n_listeners is assumed. Above 0.
    Source: inverse document frequency, Spärck Jones 1972, smoothed so that it never reaches 0.
    """
    listeners = max(n_listeners, 1)
    return math.log1p(max(n_members, listeners) / listeners)


def artists_shared(a: Mapping[int, int], b: Mapping[int, int], weights: Mapping[int, float]) -> float:
    """Weighted Jaccard of two sets of artists: 0 none in common, 1 the same ones.

    a, b: artist → plays, each member's most played; an artist weighs `weights` × the root of its share of the plays,
    so that the sets do not hang on the hundredth artist. An artist without a weight counts 1. Nothing on a side: 0.0.
    Source: Ružička similarity, sum of minima over sum of maxima.
    """
    in_a, in_b = root_shares(a), root_shares(b)
    both = every = 0.0
    for artist in sorted(in_a.keys() | in_b.keys()):
        left, right, weight = in_a.get(artist, 0.0), in_b.get(artist, 0.0), weights.get(artist, 1.0)
        both += weight * min(left, right)
        every += weight * max(left, right)
    return both / every if every else 0.0


def share_of_each(a: Mapping[int, int], b: Mapping[int, int], weights: Mapping[int, float]) -> list[tuple[int, float]]:
    """What each shared artist contributes to `artists_shared`, the most first, then by id; the sum is its value."""
    in_a, in_b = root_shares(a), root_shares(b)
    every = sum(
        weights.get(each, 1.0) * max(in_a.get(each, 0.0), in_b.get(each, 0.0))
        for each in sorted(in_a.keys() | in_b.keys())
    )
    found = [(each, weights.get(each, 1.0) * min(in_a[each], in_b[each]) / every) for each in in_a.keys() & in_b.keys()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def root_shares(plays: Mapping[int, int]) -> dict[int, float]:
    """The root of each artist's share of the plays; nothing of nothing."""
    whole = sum(plays.values())
    return {artist: math.sqrt(n / whole) for artist, n in plays.items()} if whole else {}


def genres_alike(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Cosine of two genre mixes: 0 nothing shared, 1 the same mix. Scale does not matter; an empty side gives 0.0.

    Source: cosine measure, Salton and McGill 1983.
    """
    lengths = math.sqrt(math.fsum(each * each for each in a.values()) * math.fsum(each * each for each in b.values()))
    product = math.fsum(a[name] * b[name] for name in sorted(a.keys() & b.keys()))
    return min(max(product / lengths, 0.0), 1.0) if lengths else 0.0


def axes_distance(a: Mapping[str, float], b: Mapping[str, float]) -> float | None:
    """Mahalanobis distance of two listeners' means on the axes that both have, over the root of their number.

    a, b: axis → mean, 0 to 1. The covariance is fixed (`SD_BETWEEN_LISTENERS`, `CORRELATIONS`): it depends on nobody
    else. 1.4 is what two random listeners have. None below `LEAST_AXES`.
    Source: Mahalanobis 1936.
    """
    places = [place for place, axis in enumerate(AXES) if axis in a and axis in b]
    if len(places) < LEAST_AXES:
        return None
    apart = np.array([a[AXES[place]] - b[AXES[place]] for place in places])
    return math.sqrt(max(float(apart @ np.linalg.solve(covariance(places), apart)), 0.0) / len(places))


def covariance(places: Sequence[int]) -> NDArray[np.float64]:
    """Of listeners' means on some of the axes, shape (n, n). places: which, as they stand in `AXES`."""
    chosen: NDArray[np.float64] = np.array(CORRELATIONS)[np.ix_(places, places)] * SD_BETWEEN_LISTENERS**2
    return chosen


def sound_distance(a: NDArray[np.float32], b: NDArray[np.float32], scale: NDArray[np.float32]) -> float:
    """The same between mean vectors of an embedding, with a diagonal covariance.

    a, b, scale: shape (n_dimensions,); scale is the standard deviation of single tracks, > 0. In units of what
    listeners differ by (`EMBEDDING_SPREAD`): 1.4 is what two random listeners have. Empty vectors give 0.0.
    """
    if not a.size:
        return 0.0
    apart = (a.astype(np.float64) - b) / (scale * EMBEDDING_SPREAD)
    return float(np.sqrt(np.mean(apart * apart)))


def profiles_alike(distances: Sequence[float]) -> float:
    """exp(−mean distance): 1 for the same profile, falling to 0. Source: Shepard 1987, generalisation over distance."""
    return math.exp(-math.fsum(distances) / len(distances)) if distances else 0.0


def ratings_agree(a: Mapping[int, int], b: Mapping[int, int]) -> float:
    """How alike two members rate: 1 − mean difference / 4 stars, over the albums that both rated.

    a, b: album → half stars, 2 to 10. Nothing in common gives 0.0.
    """
    both = a.keys() & b.keys()
    return 1 - sum(abs(a[album] - b[album]) for album in both) / (8 * len(both)) if both else 0.0

"""From measures to a score: each measure by its own fixed curve, then one fixed curve for the whole. Pure.

The tables are part of `VERSION` and depend on nobody's data, so that a score moves only when one of the two members
does. 50 is what two random listeners have: artists and genres were measured over 60,000 random pairs of 1,282 members
of Last.fm (HetRec 2011: 50 artists each, tags as genres; the two measures correlate at 0.66). Profile: two listeners
whose five means differ by chance alone. Ratings: two who rate independently, with a standard deviation of 0.8 stars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

VERSION = "match-1"
WEIGHTS = {"artists": 0.35, "genres": 0.25, "profile": 0.25, "ratings": 0.15}
Curve: TypeAlias = Sequence[tuple[float, float]]

# measure → share of random pairs below it. 45 of 100 random pairs have no artist in common: 0 is their middle, 0.22.
TERM_CURVES: Mapping[str, Curve] = {
    "artists": (
        (0, 0.22), (0.0033, 0.5), (0.0059, 0.6), (0.0103, 0.7), (0.0181, 0.8), (0.036, 0.9), (0.0593, 0.95),
        (0.1177, 0.99), (0.31, 1), (1, 1),
    ),
    "genres": (
        (0, 0), (0.023, 0.05), (0.05, 0.1), (0.104, 0.2), (0.159, 0.3), (0.218, 0.4), (0.283, 0.5), (0.36, 0.6),
        (0.45, 0.7), (0.566, 0.8), (0.712, 0.9), (0.81, 0.95), (0.913, 0.99), (1, 1),
    ),
    "profile": (
        (0, 0), (0.086, 0.01), (0.122, 0.05), (0.146, 0.1), (0.181, 0.2), (0.212, 0.3), (0.239, 0.4), (0.267, 0.5),
        (0.298, 0.6), (0.334, 0.7), (0.379, 0.8), (0.448, 0.9), (0.506, 0.95), (0.623, 0.99), (1, 1),
    ),
    "ratings": ((0, 0), (0.5, 0.05), (0.65, 0.2), (0.775, 0.5), (0.85, 0.75), (0.9, 0.88), (0.95, 0.96), (1, 1)),
}  # fmt: skip
MEDIAN = 0.462  # of the weighted mean over those pairs: what little evidence is drawn towards
HALF_TRUST = 10  # as much evidence as counts half
SCORES: Curve = (
    (0, 0), (0.185, 1), (0.202, 5), (0.221, 10), (0.265, 20), (0.319, 30), (0.384, 40), (MEDIAN, 50), (0.552, 60),
    (0.635, 70), (0.718, 80), (0.807, 90), (0.857, 95), (0.896, 99), (0.95, 100), (1, 100),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One measure of a pair. standing: 0 to 1, the share of random pairs that have less of it."""

    name: str
    value: float
    n: int
    standing: float
    weight: float


def along(curve: Curve, value: float) -> float:
    """The curve's height at `value`, straight between its points; its ends go on level."""
    places, heights = zip(*curve, strict=True)
    return float(np.interp(value, places, heights))


def term(name: str, value: float, n: int) -> Term:
    """name: of `WEIGHTS`; value: 0 to 1, as `taste.matching.measures` answers; n: what it rests on."""
    return Term(name, value, n, along(TERM_CURVES[name], value), WEIGHTS[name])


def score(terms: Sequence[Term], n_evidence: int) -> float:
    """0 to 100, rounded to a tenth; 50 is a random pair. Without terms: 50.

    The standings' mean by weight, over the terms that exist, drawn towards `MEDIAN` by n / (n + HALF_TRUST), and read
    off `SCORES`. The same taste with n_evidence of 100 or more gives 100. n_evidence: artists and ratings, at least 0.
    """
    whole = sum(each.weight for each in terms)
    if not whole:
        return 50.0
    mean = sum(each.weight * each.standing for each in terms) / whole
    trust = max(n_evidence, 0) / (max(n_evidence, 0) + HALF_TRUST)
    return round(along(SCORES, MEDIAN + (mean - MEDIAN) * trust), 1)

"""The plane of energy and valence, and the moods that lie on it. Pure.

Each mood has a place; a track belongs to all of them, the more the nearer it lies: a Gaussian of the distance, scaled
so that the memberships of a track sum to 1. What lies between two moods is half of each, and nothing jumps when a value
moves a little. The two axes are those of Russell's circumplex (https://doi.org/10.1037/h0077714); the names are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
WIDTH = 0.18  # half the distance of neighbours: midway between two moods a track is half of each


@dataclass(frozen=True, slots=True)
class Mood:
    """key: as rows and addresses write it. words: what it means, for a legend."""

    key: str
    label: str
    energy: float
    valence: float
    words: str


MOODS = (
    Mood("calm", "Calm", 0.15, 0.50, "little energy, neither glad nor sad"),
    Mood("tender", "Tender", 0.22, 0.80, "little energy, glad"),
    Mood("sunny", "Sunny", 0.55, 0.85, "some energy, glad"),
    Mood("elated", "Elated", 0.88, 0.82, "much energy, glad"),
    Mood("driving", "Driving", 0.90, 0.50, "much energy, neither glad nor dark"),
    Mood("fierce", "Fierce", 0.85, 0.18, "much energy, dark"),
    Mood("brooding", "Brooding", 0.30, 0.18, "little energy, dark"),
    Mood("even", "Even", 0.50, 0.50, "in the middle of both"),
)
KEYS = tuple(mood.key for mood in MOODS)
_PLACES = np.array([(mood.energy, mood.valence) for mood in MOODS])


def memberships(energy: Floats, valence: Floats) -> Floats:
    """How much of each mood each track has.

    energy, valence: shape (n,), 0 to 1. Returns shape (n, 8) in the order of MOODS, each row summing to 1; a row of
    NaN where either value is NaN. No tracks give shape (0, 8).
    """
    places = np.stack([energy, valence], axis=1)
    squares = ((places[:, None, :] - _PLACES[None]) ** 2).sum(axis=2)
    near = np.exp(-squares / (2 * WIDTH**2))
    return near / near.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]

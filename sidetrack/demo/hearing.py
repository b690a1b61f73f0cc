"""How the demo's music would sound: invented values and vectors, alike within a family, an artist, an album. Pure."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sidetrack.demo.albums import DemoAlbum
from sidetrack.demo.members import SEED, dice

DIMENSIONS = 24
SHARES = ("energy", "valence", "danceability", "acousticness")
INSTRUMENTAL = {"none": 0.88, "sung": 0.06, "rapped": 0.03}
SPOKEN = {"none": 0.03, "sung": 0.04, "rapped": 0.31}
STRAYS = {"artist": 0.09, "album": 0.05, "track": 0.07}  # standard deviations on the axes
SCATTER = {"artist": 0.55, "album": 0.3, "track": 0.35}  # and in the space of vectors, where families lie 1 apart


@dataclass(frozen=True)
class Heard:
    """axes: every one of a track, in its unit. vector: shape (DIMENSIONS,), float32; families lie apart in it."""

    axes: Mapping[str, float]
    vector: NDArray[np.float32]


@lru_cache(maxsize=1)
def middles() -> dict[str, dict[str, float]]:
    """Each family's middle on the axes."""
    text = (Path(__file__).parent / "sound.toml").read_text(encoding="utf-8")
    return {family: {axis: float(value) for axis, value in row.items()} for family, row in tomllib.loads(text).items()}


def hear(album: DemoAlbum, title: str) -> Heard:
    """The same track always sounds the same."""
    middle = middles()[album.family]
    names = {"artist": album.artist, "album": album.name, "track": f"{album.name}/{title}"}
    shares = {
        axis: middle[axis] + sum(dice("sound", axis, names[each]).gauss(0, sd) for each, sd in STRAYS.items())
        for axis in SHARES
    }
    chance = dice("sound", "rest", names["track"])
    tempo = middle["tempo"] * 2 ** (dice("tempo", names["album"]).gauss(0, 0.12) + chance.gauss(0, 0.14))
    axes = {
        **shares,
        "instrumentalness": INSTRUMENTAL[album.voice] + chance.gauss(0, 0.05),
        "speechiness": SPOKEN[album.voice] + chance.gauss(0, 0.02),
    }
    return Heard(
        axes={axis: min(max(value, 0.01), 0.99) for axis, value in axes.items()}
        | {
            "tempo": min(max(tempo, 50), 210),
            "loudness": -19 + 13 * min(max(shares["energy"], 0), 1) + chance.gauss(0, 1.2),
            "key": chance.randrange(12),
            "mode": int(chance.random() < 0.35 + 0.5 * min(max(shares["valence"], 0), 1)),
        },
        vector=_direction("family", album.family) * 3
        + sum((_direction(each, names[each]) * scatter for each, scatter in SCATTER.items()), np.float32(0))
        + np.float32(1.5) * _along(shares),
    )


@lru_cache(maxsize=4096)
def _direction(*about: str) -> NDArray[np.float32]:
    """A direction of its own for each subject, about as long as one; numpy's chances, seeded by the subject."""
    chance = np.random.default_rng(zlib.crc32(f"{SEED}/{'/'.join(about)}".encode()))
    drawn: NDArray[np.float32] = (chance.standard_normal(DIMENSIONS) / np.sqrt(DIMENSIONS)).astype(np.float32)
    return drawn


def _along(shares: Mapping[str, float]) -> NDArray[np.float32]:
    """What the axes say shows in the vector too: the first places lean with them."""
    leaning = np.zeros(DIMENSIONS, np.float32)
    leaning[: len(SHARES)] = [shares[axis] - 0.5 for axis in SHARES]
    return leaning

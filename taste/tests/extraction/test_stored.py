"""Figures of four sounds as they were when the version was named: who changes one changes VERSION, and renews them.

python -m taste.tests.extraction.test_stored
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from taste.audio.extraction import VERSION, extract
from taste.tests.extraction.sounds import MINOR, Sound, band, clicks, noise, scale, written

STORED = Path(__file__).with_name("stored.json")
SOUNDS: dict[str, tuple[Callable[[], Sound], int]] = {
    "band": (band, 44_100),
    "scale": (lambda: scale(9, MINOR), 22_050),
    "clicks": (lambda: clicks(104, 6) + noise(6, level=1e-3), 22_050),
    "hiss": (lambda: noise(4, rate=48_000, channels=2), 48_000),
}
LOOSER = {"mfcc_mean": 0.5, "mfcc_sd": 0.2, "contour": 0.05, "beats": 0.012, "sections": 0.5}  # absolute


def figures(name: str, folder: Path) -> dict[str, Any]:
    make, rate = SOUNDS[name]
    return extract(written(folder / f"{name}.wav", make(), rate)).measured.as_json()


def flat(value: Any) -> list[float]:
    return [float(each) for each in np.ravel(value)] if isinstance(value, list) else [float(value)]


def test_the_stored_figures_are_of_this_version() -> None:
    assert json.loads(STORED.read_text())["version"] == VERSION


@pytest.mark.parametrize("name", SOUNDS)
def test_figures_are_as_they_were(name: str, tmp_path: Path) -> None:
    now, then = figures(name, tmp_path), json.loads(STORED.read_text())[name]
    assert now.keys() == then.keys()
    for field, value in then.items():
        assert flat(now[field]) == pytest.approx(flat(value), rel=0.005, abs=LOOSER.get(field, 0.005)), field


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        found = {name: figures(name, Path(place)) for name in SOUNDS}
    STORED.write_text(json.dumps({"version": VERSION, **found}, indent=1) + "\n")

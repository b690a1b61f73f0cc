from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from taste.audio.extraction import Measured, extract
from taste.tests.extraction.sounds import RATE, Sound, band, written

Measure = Callable[..., Measured]


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    """What the extractor finds in a sound, by way of a file."""

    def of(sound: Sound, rate: int = RATE, *, suffix: str = ".wav") -> Measured:
        return extract(written(tmp_path / f"sound{suffix}", np.asarray(sound), rate)).measured

    return of


@pytest.fixture(scope="session")
def played() -> Sound:
    """Eight seconds of a band, stereo at 44.1 kHz."""
    return band()


@pytest.fixture(scope="session")
def played_measured(played: Sound, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return extract(written(tmp_path_factory.mktemp("sounds") / "band.wav", played, 44_100)).measured

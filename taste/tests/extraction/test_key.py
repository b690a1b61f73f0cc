"""Key and mode: 24 keys, instruments off pitch, and sounds that have none."""

from __future__ import annotations

import numpy as np
import pytest

from taste.audio.extraction.keys import key
from taste.audio.extraction.pitch import tuning
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import MAJOR, MINOR, cadence, clicks, noise, scale, swelling


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", [1, 0], ids=["major", "minor"])
def test_scales_and_cadences_have_their_key(tonic: int, mode: int, measure: Measure) -> None:
    for sound in (scale(tonic, MAJOR if mode else MINOR), cadence(tonic, 4 if mode else 3)):
        measured = measure(sound)
        assert (measured.key, measured.mode) == (tonic, mode)
        assert measured.key_confidence > 0.3
        assert (measured.mode_strength > 0) == bool(mode)


@pytest.mark.parametrize("cents", [-40, 25, 45])
def test_an_instrument_off_pitch_is_in_the_key_nearest(cents: float, measure: Measure) -> None:
    measured = measure(scale(2, MAJOR, cents=cents))
    assert (measured.key, measured.mode) == (2, 1)


def test_noise_drums_and_silence_have_no_key(measure: Measure) -> None:
    brown = np.cumsum(noise(5, level=0.01))
    for sound in (noise(5), swelling(noise(5), 4), brown, clicks(120, 5), np.zeros(50_000)):
        measured = measure(sound)
        assert (measured.key, measured.key_confidence, measured.mode_strength) == (-1, 0, 0)


def test_all_classes_alike_are_no_key() -> None:
    even = np.ones((20, 120), np.float32)
    assert key(even, 4.0).tonic == -1


def test_tuning_is_told_in_tenths_of_a_semitone() -> None:
    classes = np.zeros(120)
    classes[3::10] = 1
    assert tuning(classes) == pytest.approx(3)
    assert tuning(np.zeros(120)) == 0
    assert tuning(np.ones(120)) == 0

"""dsp-v1: a space made of the measured figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.audio.extraction import VERSION
from taste.embeddings.dsp import FURTHEST, Dsp, figures, harmony, standardised
from taste.embeddings.dsp_reference import MEASURED_BY, REFERENCE
from taste.tests.embeddings.sounds import heard, some_measured

chromas = st.lists(st.floats(0.01, 1), min_size=12, max_size=12)


def test_it_needs_nothing_and_is_always_ready() -> None:
    dsp = Dsp()
    assert dsp.why_off() == ""
    assert dsp.patches is None
    (answer,) = dsp.embed([heard(None)])
    assert answer.vector.shape == (dsp.dimensions,)
    assert answer.vector.dtype == np.float32
    assert answer.heads == {}


def test_every_figure_has_its_reference_and_the_other_way_round() -> None:
    assert set(figures(some_measured())) == set(REFERENCE)
    assert all(scale > 0 for _, scale in REFERENCE.values())


def test_the_reference_was_measured_by_the_extractor_of_today() -> None:
    """Another extractor has other figures: with it, measure the reference anew."""
    assert MEASURED_BY == VERSION


def test_music_as_it_mostly_is_lies_near_the_middle() -> None:
    assert float(np.abs(standardised(some_measured())).mean()) < 1.5


def test_silence_lies_nowhere() -> None:
    loud, silent = Dsp().embed([heard(None), heard(None, loudness_lufs=-70.0)])
    assert not loud.is_empty
    assert silent.is_empty


@pytest.mark.parametrize(
    ("figure", "low", "high", "name"),
    [
        ("loudness_lufs", -30.0, -6.0, "loudness"),
        ("tempo_bpm", 70.0, 170.0, "tempo"),
        ("onset_rate", 0.5, 6.0, "onset_rate"),
        ("centroid_hz", 600.0, 4000.0, "centroid"),
        ("dfa_danceability", 0.7, 1.6, "danceability"),
    ],
)
def test_more_of_a_figure_is_further_along_its_own_direction_alone(
    figure: str, low: float, high: float, name: str
) -> None:
    less, more = (standardised(some_measured(**{figure: value})) for value in (low, high))
    place = list(REFERENCE).index(name)
    assert more[place] - less[place] > 1
    assert np.delete(more, place) == pytest.approx(np.delete(less, place))


def test_what_has_no_pulse_lies_in_the_middle_of_tempo() -> None:
    assert standardised(some_measured(tempo_bpm=0.0))[list(REFERENCE).index("tempo")] == 0


@given(st.floats(-69, 0), st.floats(0, 1e6), st.floats(0, 500))
def test_one_odd_figure_cannot_outweigh_the_others(loudness: float, flux: float, tempo: float) -> None:
    vector = standardised(some_measured(loudness_lufs=loudness, flux=flux, tempo_bpm=tempo))
    assert np.isfinite(vector).all()
    assert np.abs(vector).max() <= FURTHEST


@given(chromas, st.integers(0, 11), st.floats(0.1, 10))
def test_the_same_harmony_in_another_key_is_the_same(chroma: list[float], steps: int, gain: float) -> None:
    moved = [gain * each for each in np.roll(chroma, steps)]
    assert harmony(moved) == pytest.approx(harmony(chroma), abs=1e-9)
    assert all(0 <= each <= 1 + 1e-9 for each in harmony(chroma))


def test_harmony_of_known_chords() -> None:
    """A whole-tone scale is all sixth coefficient; a diminished seventh all fourth; a chromatic cluster nothing."""
    whole_tones, diminished = [1.0, 0.0] * 6, [1.0, 0.0, 0.0] * 4
    assert harmony(whole_tones) == pytest.approx([0, 0, 0, 0, 0, 1], abs=1e-12)
    assert harmony(diminished) == pytest.approx([0, 0, 0, 1, 0, 0], abs=1e-12)
    assert harmony([1.0] * 12) == pytest.approx([0] * 6, abs=1e-12)
    assert harmony([0.0] * 12) == [0.0] * 6

"""Tempo, beats, onsets and danceability on sounds that were made to a clock."""

from __future__ import annotations

import numpy as np
import pytest

from taste.audio.extraction.beats import beat_times
from taste.audio.extraction.danceability import danceability
from taste.audio.extraction.tempo import tempo
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import RATE, clicks, noise, sine, swelling


@pytest.mark.parametrize("bpm", [71, 84, 93, 108, 120, 141, 163, 180, 195])
def test_clicks_have_their_tempo_and_beats(bpm: int, measure: Measure) -> None:
    measured = measure(clicks(bpm, 8))
    assert measured.tempo_bpm == pytest.approx(bpm, rel=0.02)
    true = 0.25 + 60 / bpm * np.arange(40)
    assert len(measured.beats) >= 0.9 * 7.7 * bpm / 60
    assert max(np.abs(true - each).min() for each in measured.beats) < 0.02
    assert measured.tempo_confidence > 0.6
    assert measured.pulse_clarity > 0.6


@pytest.mark.parametrize("bpm", [50, 60])
def test_a_slow_tempo_is_among_the_candidates(bpm: int, measure: Measure) -> None:
    found = measure(clicks(bpm, 8)).tempo_candidates
    assert any(each == pytest.approx(bpm, rel=0.02) for each, _ in found)
    assert sum(weight for _, weight in found) == pytest.approx(1)
    assert [weight for _, weight in found] == sorted((weight for _, weight in found), reverse=True)


def test_played_faster_the_tempo_rises_as_much(measure: Measure) -> None:
    sound = clicks(100, 8)
    faster = np.interp(np.arange(0, len(sound) - 1, 1.1), np.arange(len(sound)), sound)
    assert measure(faster).tempo_bpm == pytest.approx(measure(sound).tempo_bpm * 1.1, rel=0.02)


@pytest.mark.parametrize("rate", [3, 5, 8])
@pytest.mark.parametrize("carrier", [noise(6, level=0.2), sine(600, 6, peak=0.3)], ids=["noise", "tone"])
@pytest.mark.parametrize("depth", [1.0, 0.7])
def test_swells_are_counted(rate: int, carrier: np.ndarray, depth: float, measure: Measure) -> None:
    assert measure(swelling(carrier, rate, depth=depth)).onset_rate == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("rate", [1, 2, 4, 6])
@pytest.mark.parametrize("carrier", [noise(6, level=0.2), sine(600, 6, peak=0.3)], ids=["noise", "tone"])
def test_notes_are_counted_where_they_begin_and_not_where_they_are_cut_off(
    rate: int, carrier: np.ndarray, measure: Measure
) -> None:
    chopped = carrier * (np.sin(2 * np.pi * rate * np.arange(len(carrier)) / RATE - 0.5) > 0)
    assert measure(chopped).onset_rate == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("bpm", [60, 120, 300])
def test_clicks_are_counted(bpm: int, measure: Measure) -> None:
    assert measure(clicks(bpm, 8)).onset_rate == pytest.approx(bpm / 60, rel=0.05)


def test_noise_has_no_pulse_and_next_to_no_onsets(measure: Measure) -> None:
    measured = measure(noise(8))
    assert measured.pulse_clarity < 0.1
    assert measured.tempo_confidence < 0.2
    assert measured.onset_rate < 0.5


def test_without_onsets_there_is_no_tempo_and_no_beat() -> None:
    nothing = tempo(np.zeros(400, np.float32))
    assert (nothing.bpm, nothing.confidence, nothing.candidates) == (0, 0, ())
    assert beat_times(np.zeros(400, np.float32), 120) == ()
    assert beat_times(np.ones(400, np.float32), 0) == ()
    assert beat_times(np.ones(3, np.float32), 120) == ()


def test_a_steady_beat_dances_better_than_a_wandering_level(measure: Measure) -> None:
    """White noise has an exponent of a half, whose inverse is 2; its level's running sum about 1.5, whose is 0.67."""
    white = 0.5 + 0.1 * np.random.default_rng(1).standard_normal(6_000).astype(np.float32)
    walk = np.abs(np.cumsum(white - 0.5)) + 0.1
    assert danceability(np.abs(white)) == pytest.approx(2.0, abs=0.25)
    assert danceability(walk) == pytest.approx(0.67, abs=0.15)
    assert measure(clicks(120, 8)).dfa_danceability > 2 > danceability(walk)


def test_danceability_of_next_to_nothing_is_zero() -> None:
    assert danceability(np.zeros(0, np.float32)) == 0
    assert danceability(np.zeros(3_000, np.float32)) == 0
    assert danceability(np.ones(40, np.float32)) == 0

"""Integrated loudness against BS.1770's own filters, sample by sample, and against another implementation."""

from __future__ import annotations

import math

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import lfilter

from taste.audio.extraction.k_weighting import STRIDE, KWeighting
from taste.audio.extraction.loudness import FLOOR, integrated, loudness_range
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import Sound, clicks, noise, sine

EVERY_OTHER = np.arange(6 * 44_100) // 44_100 % 2 == 0
BURSTS = np.arange(6 * 48_000) // 4800 % 5 == 0
SIDES = noise(5, rate=44_100, channels=2)
FIXTURES: dict[str, tuple[Sound, int]] = {
    "sine 997 Hz": (sine(997, 5, rate=48_000), 48_000),
    "sine 33 Hz": (sine(33, 5, rate=44_100), 44_100),
    "sine 10 kHz": (sine(10_000, 5, rate=44_100), 44_100),
    "white noise": (noise(5, rate=44_100), 44_100),
    "at 8 kHz": (noise(5, rate=8_000), 8_000),
    "at 22.05 kHz": (noise(5), 22_050),
    "at 96 kHz": (noise(5, rate=96_000), 96_000),
    "stereo": (SIDES, 44_100),
    "left is minus right": (np.stack([SIDES[:, 0], -SIDES[:, 0]], axis=1), 44_100),
    "left alone": (SIDES * (1, 0), 44_100),
    "gated mono": (noise(6, rate=44_100) * EVERY_OTHER, 44_100),
    "bursts of a slice": (sine(997, 6, rate=48_000, peak=0.5) * BURSTS, 48_000),
    "drums on the slices": (clicks(120, 6, rate=44_100, first=0.5), 44_100),
    "on a constant": (sine(997, 5, rate=44_100) + 0.3, 44_100),
    "drifting": (np.cumsum(noise(5, rate=48_000, level=0.01)) * 0.02, 48_000),
}


def weighted(sound: Sound, rate: int) -> Sound:
    """The standard's filters sample by sample; those for 48 kHz, brought to other rates by the bilinear transform."""
    channels = np.atleast_2d(sound.T)
    k, q, high = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band, a0 = high**0.4996667741545416, 1 + k / q + k * k
    shelf = np.array([high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]) / a0
    channels = lfilter(shelf, np.array([a0, 2 * (k * k - 1), 1 - k / q + k * k]) / a0, channels)
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0, a0_at_48 = 1 + k / q + k * k, 1.004994898
    high_pass = np.array([1, -2, 1]) * a0_at_48 / a0
    filtered: Sound = lfilter(high_pass, [1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0], channels)
    return filtered


def truth(sound: Sound, rate: int) -> float:
    """The standard word by word."""
    filtered = weighted(sound, rate)
    step = round(rate / 10)
    starts = range(0, filtered.shape[1] - 4 * step + 1, step)
    blocks = np.array([np.square(filtered[:, at : at + 4 * step]).mean(axis=1).sum() for at in starts])
    levels = -0.691 + 10 * np.log10(np.maximum(blocks, 1e-12))
    gate = -0.691 + 10 * np.log10(blocks[levels > -70].mean()) - 10
    return float(-0.691 + 10 * np.log10(blocks[(levels > -70) & (levels > gate)].mean()))


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_sound_is_weighted_as_by_the_standards_filters_however_it_comes(rate: int) -> None:
    sound = (noise(1, rate=48_000, channels=2)[: 9 * STRIDE] + np.array([0.5, -0.5])).astype(np.float32)
    meter = KWeighting(rate, 2)
    pieces = [meter.filtered(sound[first * STRIDE : last * STRIDE].T) for first, last in ((0, 1), (1, 6), (6, 9))]
    assert np.concatenate(pieces, axis=1) == pytest.approx(weighted(sound, rate), abs=1e-6)


@pytest.mark.parametrize("name", FIXTURES)
def test_integrated_loudness_is_the_standards(name: str, measure: Measure) -> None:
    sound, rate = FIXTURES[name]
    assert measure(sound, rate).loudness_lufs == pytest.approx(truth(sound, rate), abs=0.01)


def test_a_full_sine_in_one_channel_reads_three_under_full_scale(measure: Measure) -> None:
    """The standard's own example: 997 Hz at 0 dBFS gives −3.01 LUFS."""
    assert measure(sine(997, 3, rate=48_000, peak=1.0), 48_000).loudness_lufs == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize("name", ["sine 997 Hz", "white noise", "stereo", "left is minus right", "gated mono"])
def test_a_second_implementation_agrees(name: str, measure: Measure) -> None:
    sound, rate = FIXTURES[name]
    other = pyloudnorm.Meter(rate).integrated_loudness(sound)
    assert measure(sound, rate).loudness_lufs == pytest.approx(other, abs=0.1)


def test_channels_behind_weigh_more_and_the_lowest_one_nothing(measure: Measure) -> None:
    """Left, right, centre, LFE and two surrounds, each alone; 1.41 is 1.49 dB."""
    sounding = [sine(997, 2, rate=48_000)[:, None] * np.eye(6)[channel] for channel in range(6)]
    front, _, _, lowest, left, right = (measure(sound, 48_000).loudness_lufs for sound in sounding)
    assert lowest == -70
    assert left == right == pytest.approx(front + 1.49, abs=0.02)


def test_what_is_shorter_than_a_gating_block_is_measured_whole(measure: Measure) -> None:
    assert measure(sine(997, 0.25, rate=48_000), 48_000).loudness_lufs == pytest.approx(-23.0, abs=0.2)


def test_silence_has_no_loudness_and_no_range() -> None:
    assert integrated(np.zeros(50)) == -70
    assert loudness_range(np.zeros(50)) == 0


def test_range_tells_soft_from_loud_parts_and_passes_over_silence() -> None:
    """Half at −20 LUFS, half at −30: EBU Tech 3342's first case, 10 LU."""
    soft, loud = (10 ** ((level + 0.691) / 10) for level in (-30, -20))
    powers = np.concatenate([np.full(200, loud), np.full(200, soft), np.full(300, FLOOR / 10)])
    assert loudness_range(powers) == pytest.approx(10, abs=0.5)

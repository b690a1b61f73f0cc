"""Brightness, noisiness, harmonics and syllables: pairs in their order, the truth where there is one, and librosa."""

from __future__ import annotations

import numpy as np
import pytest

from taste.audio.extraction.harmonics import medians_of_nine
from taste.audio.extraction.spectra import RATE as ANALYSED_AT
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import Sound, chord, clicks, noise, seconds, sine, swelling


@pytest.fixture(scope="module")
def held() -> Sound:
    """A chord that stays."""
    return np.sum([sine(hertz, 5) for hertz in (220, 660, 1100, 2200)], axis=0)


def test_pairs_stand_in_their_order(held: Sound, measure: Measure) -> None:
    tone, hiss, hits, low = (measure(sound) for sound in (held, noise(5), clicks(120, 5), sine(110, 5)))
    assert hiss.flatness > 0.5 > 0.01 > tone.flatness
    assert hiss.entropy > 0.9 > 0.5 > tone.entropy
    assert hiss.centroid_hz > tone.centroid_hz > low.centroid_hz
    assert hiss.bandwidth_hz > tone.bandwidth_hz
    assert tone.harmonic_ratio > 0.95 > 0.6 > hiss.harmonic_ratio > 0.3 > 0.05 > hits.harmonic_ratio
    assert tone.contrast_db[1] > hiss.contrast_db[1]
    assert hits.flux > hiss.flux > tone.flux
    assert min(hiss.contrast_db) >= 0


def test_a_tone_is_as_bright_as_it_is_high(measure: Measure) -> None:
    for hertz in (500, 1000, 4000):
        assert measure(sine(hertz, 3)).centroid_hz == pytest.approx(hertz, rel=0.05)


def test_half_the_spectrum_of_white_noise_lies_on_either_side(measure: Measure) -> None:
    measured = measure(noise(5))
    assert measured.centroid_hz == pytest.approx(ANALYSED_AT / 4, rel=0.02)
    assert measured.bandwidth_hz == pytest.approx(ANALYSED_AT / 2 / np.sqrt(12), rel=0.02)
    assert measured.flatness == pytest.approx(np.exp(-np.euler_gamma), abs=0.02)


@pytest.mark.parametrize(("hertz", "is_speech"), [(1, False), (4, True), (6, True), (14, False)])
def test_syllables_are_told_from_slower_and_faster_swells(hertz: float, is_speech: bool, measure: Measure) -> None:
    share = measure(swelling(noise(6), hertz)).speech_modulation
    assert share > 0.85 if is_speech else share < 0.3


def test_the_voice_is_looked_for_where_voices_are(measure: Measure) -> None:
    rumble = swelling(sine(60, 6, peak=0.5), 4) + swelling(sine(1000, 6), 1)
    assert measure(rumble).speech_modulation < 0.3


def test_borders_are_where_the_sound_turns(measure: Measure) -> None:
    parts = [
        np.sum([sine(hertz, 20, rate=8_000) for hertz in each], axis=0) for each in ((220, 330), (900, 1400, 2000))
    ]
    found = measure(np.concatenate([*parts, parts[0]]), 8_000).sections
    assert found == pytest.approx((20, 40), abs=1)


def test_what_never_turns_has_no_borders(measure: Measure) -> None:
    assert measure(noise(40, rate=8_000), 8_000).sections == ()
    assert measure(np.tile(chord(0, 4, 0.5), 80)).sections == ()


def test_the_contour_follows_the_level(measure: Measure) -> None:
    rising = noise(70, rate=8_000) * 10 ** (-2 + seconds(70, 8_000) / 35)
    contour = measure(rising, 8_000).contour
    assert len(contour) == 60
    assert list(contour) == sorted(contour)
    assert contour[-1] - contour[0] == pytest.approx(40 * 59 / 60, abs=1)


@pytest.mark.parametrize("stride", [1, 3])
def test_medians_are_of_each_cell_and_the_eight_behind_it(stride: int) -> None:
    rows = np.random.default_rng(3).standard_normal((40, 20)).astype(np.float32)
    rows[5:30, :4] = 0.25  # equal ones, too
    expected = [np.median(rows[at : at + 8 * stride + 1 : stride], axis=0) for at in range(40 - 8 * stride)]
    assert np.array_equal(medians_of_nine(rows, stride), expected)


def test_librosa_finds_the_same(played: Sound, measure: Measure) -> None:
    """The reference implementations, on the same mono sound; contrast there is of magnitudes, in half as many dB.

    Some hiss stands in for a room: without it the valleys between partials are as deep as the arithmetic.
    """
    import librosa
    import soxr

    mono = soxr.resample(played.mean(axis=1), 44_100, ANALYSED_AT).astype(np.float32)
    mono += noise(8, level=1e-2).astype(np.float32)[: len(mono)]
    measured = measure(mono)
    heights = np.abs(librosa.stft(mono))
    mel = librosa.feature.melspectrogram(S=heights**2, sr=ANALYSED_AT, n_mels=96)
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(mel, ref=np.max), n_mfcc=13)
    assert measured.mfcc_mean == pytest.approx(mfcc.mean(axis=1), abs=1.0)
    assert measured.mfcc_sd == pytest.approx(mfcc.std(axis=1), rel=0.05)
    for name, theirs in {
        "centroid_hz": librosa.feature.spectral_centroid(S=heights, sr=ANALYSED_AT),
        "bandwidth_hz": librosa.feature.spectral_bandwidth(S=heights, sr=ANALYSED_AT),
        "flatness": librosa.feature.spectral_flatness(S=heights),
    }.items():
        assert getattr(measured, name) == pytest.approx(theirs.mean(), rel=0.1), name
    contrast = 2 * librosa.feature.spectral_contrast(S=heights, sr=ANALYSED_AT).mean(axis=1)
    assert measured.contrast_db[1:6] == pytest.approx(contrast[1:6], abs=3)

"""What must not change when the same sound comes louder, in stereo, longer or in another format, and what must."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from taste.audio.extraction import Measured, extract
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import Sound, written

RATE = 44_100
HZ, SHARE = {"centroid_hz", "bandwidth_hz"}, {"flatness", "entropy", "harmonic_ratio", "speech_modulation"}


def assert_alike(one: Measured, other: Measured, *, within: float) -> None:
    """The figures that do not depend on level or length. within: of their own size; shares: of 1."""
    assert (one.key, one.mode) == (other.key, other.mode)
    for name in ("tempo_bpm", "onset_rate", "dfa_danceability", "flux", *HZ):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=within), name
    for name in SHARE:
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=within), name
    assert one.chroma == pytest.approx(other.chroma, abs=within)
    assert one.mfcc_mean == pytest.approx(other.mfcc_mean, abs=100 * within)
    assert one.contrast_db[:6] == pytest.approx(other.contrast_db[:6], abs=60 * within)


def test_twice_the_level_is_six_more_and_nothing_else(
    played: Sound, played_measured: Measured, measure: Measure
) -> None:
    louder = measure(played * 2, RATE)
    assert louder.loudness_lufs == pytest.approx(played_measured.loudness_lufs + 6.02, abs=0.01)
    assert louder.peak_db == pytest.approx(played_measured.peak_db + 6.02, abs=0.01)
    assert louder.dynamics_db == pytest.approx(played_measured.dynamics_db, abs=0.01)
    assert_alike(louder, played_measured, within=1e-3)


def test_mono_in_two_channels_is_three_louder_and_nothing_else(played: Sound, measure: Measure) -> None:
    mono = played.mean(axis=1)
    one, two = measure(mono, RATE), measure(np.stack([mono, mono], axis=1), RATE)
    assert two.loudness_lufs == pytest.approx(one.loudness_lufs + 3.01, abs=0.01)
    assert (one.side_share, two.side_share) == (0, 0)
    assert_alike(one, two, within=1e-4)


def test_opposite_channels_are_heard_though_their_mean_is_silent(played: Sound, measure: Measure) -> None:
    mono = played.mean(axis=1)
    opposite = measure(np.stack([mono, -mono], axis=1), RATE)
    assert opposite.side_share == pytest.approx(1)
    assert_alike(opposite, measure(mono, RATE), within=1e-4)


def test_silence_around_a_piece_changes_little(played: Sound, played_measured: Measured, measure: Measure) -> None:
    quiet = np.zeros((5 * RATE, 2))
    longer = measure(np.concatenate([quiet, played, quiet]), RATE)
    assert longer.seconds == pytest.approx(played_measured.seconds + 10)
    assert longer.loudness_lufs == pytest.approx(played_measured.loudness_lufs, abs=0.15)
    assert longer.dfa_danceability == pytest.approx(played_measured.dfa_danceability, rel=0.01)
    assert_alike(longer, played_measured, within=0.03)
    assert longer.beats[0] > 4.9


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".mp3", ".opus"])
def test_another_format_sounds_the_same(
    suffix: str, played: Sound, played_measured: Measured, tmp_path: Path, measure: Measure
) -> None:
    rate, sound, original = RATE, played, played_measured
    if suffix == ".opus":  # knows 48 kHz alone
        from soxr import resample

        rate, sound = 48_000, resample(played, RATE, 48_000)
        original = measure(sound, rate)
    other = measure(sound, rate, suffix=suffix)
    assert other.seconds == pytest.approx(original.seconds, abs=0.1)
    assert other.loudness_lufs == pytest.approx(original.loudness_lufs, abs=0.15)
    assert_alike(other, original, within=0.01 if suffix == ".flac" else 0.08)


def test_the_rate_of_a_file_does_not_matter(played: Sound, played_measured: Measured, measure: Measure) -> None:
    from soxr import resample

    for rate in (32_000, 48_000, 96_000):
        other = measure(resample(played, RATE, rate), rate)
        assert other.sample_rate == rate
        assert other.loudness_lufs == pytest.approx(played_measured.loudness_lufs, abs=0.1)
        assert_alike(other, played_measured, within=0.02)


def test_the_same_file_gives_the_same_figures_bit_by_bit(played: Sound, tmp_path: Path) -> None:
    path = written(tmp_path / "band.ogg", played, RATE)
    one, two = extract(path), extract(path)
    assert astuple(one.measured) == astuple(two.measured)


def test_what_is_stored_comes_back(played_measured: Measured) -> None:
    import json

    stored = json.loads(json.dumps(played_measured.as_json(), allow_nan=False))
    back = Measured.from_json(stored)
    assert back.as_json() == played_measured.as_json()
    assert back.tempo_candidates[0][0] == pytest.approx(played_measured.tempo_bpm, rel=1e-5)
    assert len(json.dumps(stored)) < 5_000
    with pytest.raises(KeyError):
        Measured.from_json({"seconds": 1.0})

"""Files as people have them: any rate and number of channels, cut off, damaged, empty, not what their name says."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taste.audio.extraction import Measured, Unreadable, extract
from taste.tests.extraction.conftest import Measure
from taste.tests.extraction.sounds import Sound, clicks, noise, sine, written


def assert_plain(measured: Measured) -> None:
    """Every figure is a number; those with bounds keep them."""

    def numbers(value: object) -> list[float]:
        return [each for part in value for each in numbers(part)] if isinstance(value, tuple) else [value]  # type: ignore[list-item]

    for field in fields(measured):
        assert all(math.isfinite(each) for each in numbers(getattr(measured, field.name))), field.name
    for name in ("flatness", "entropy", "harmonic_ratio", "speech_modulation", "side_share", "pulse_clarity"):
        assert 0 <= getattr(measured, name) <= 1, name
    assert measured.loudness_lufs >= -70
    assert -1 <= measured.key <= 11
    assert -1 <= measured.mode_strength <= 1
    assert 0 <= measured.dfa_danceability <= 3
    assert 0 < len(measured.contour) <= 60
    assert list(measured.beats) == sorted(measured.beats)
    assert all(0 <= each <= measured.seconds for each in (*measured.beats, *measured.sections))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 32_000, 48_000, 88_200, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 3, 6])
def test_any_rate_and_number_of_channels(rate: int, channels: int, measure: Measure) -> None:
    measured = measure(noise(1.5, rate=rate, channels=channels), rate)
    assert_plain(measured)
    assert (measured.sample_rate, measured.n_channels) == (rate, channels)
    assert measured.seconds == pytest.approx(1.5, abs=1e-3)


@pytest.mark.parametrize("n", [1, 2, 100, 511, 2047, 2049, 5_000])
def test_a_few_samples_are_a_file_too(n: int, measure: Measure) -> None:
    assert_plain(measure(noise(1)[:n]))


@pytest.mark.parametrize("sound", [np.zeros(40_000), np.full(40_000, 0.5), np.full(40_000, 1e-6)])
def test_silence_is_measured_as_silence(sound: Sound, measure: Measure) -> None:
    measured = measure(sound)
    assert_plain(measured)
    assert (measured.key, measured.tempo_bpm, measured.beats) == (-1, 0, ())


def test_broken_values_in_a_float_file_are_passed_over(measure: Measure) -> None:
    sound = sine(440, 3)
    sound[[100, 20_000, 30_000]] = np.nan, np.inf, -1e30
    measured = measure(sound)
    assert_plain(measured)
    assert measured.peak_db < 40


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.floats(-2, 2, width=32) | st.just(math.nan) | st.just(math.inf), min_size=1, max_size=60),
    times=st.integers(1, 4_000),
)
def test_whatever_is_in_it_the_figures_are_numbers(values: list[float], times: int, measure: Measure) -> None:
    assert_plain(measure(np.repeat(np.array(values), times)[:60_000]))


@pytest.mark.parametrize("name", ["empty.mp3", "text.mp3", "playlist.mp3", "head.flac", "zeros.ogg", "folder.wav"])
def test_what_holds_no_sound_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    inside = written(tmp_path / "inside.mp3", noise(1))
    contents = {
        "empty.mp3": b"",
        "text.mp3": b"Dear diary, " * 400,
        "playlist.mp3": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{inside}\n#EXT-X-ENDLIST\n".encode(),
        "head.flac": b"fLaC" + bytes(60),
        "zeros.ogg": bytes(9_000),
    }
    if name == "folder.wav":
        path.mkdir()
    else:
        path.write_bytes(contents[name])
    with pytest.raises(Unreadable, match=name):
        extract(path)
    with pytest.raises(Unreadable, match=r"missing\.ogg cannot be opened"):
        extract(tmp_path / "missing.ogg")


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_a_file_that_was_cut_off_is_measured_as_far_as_it_goes_or_refused(suffix: str, tmp_path: Path) -> None:
    whole = written(tmp_path / f"whole{suffix}", noise(8)).read_bytes()
    for share in (0.9, 0.2):
        path = tmp_path / f"cut{suffix}"
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            assert_plain(extract(path).measured)
        except Unreadable as refusal:
            assert path.name in str(refusal)  # noqa: PT017


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".mp3", ".opus"])
def test_spoilt_bytes_cost_themselves_alone_or_are_told(suffix: str, tmp_path: Path) -> None:
    rate = 48_000 if suffix == ".opus" else 44_100
    whole = written(tmp_path / f"whole{suffix}", noise(4, rate=rate), rate).read_bytes()
    chance = np.random.default_rng(3)
    for _ in range(8):
        spoilt = bytearray(whole)
        for at in chance.integers(0, len(whole), 20):
            spoilt[at] = int(chance.integers(256))
        path = tmp_path / f"spoilt{suffix}"
        path.write_bytes(spoilt)
        try:
            assert_plain(extract(path).measured)
        except Unreadable as refusal:
            assert path.name in str(refusal)  # noqa: PT017


@pytest.mark.parametrize(("codec", "kind"), [("aac", "fltp"), ("alac", "s16p")])
def test_what_libsndfile_does_not_know_is_read_too(codec: str, kind: str, tmp_path: Path) -> None:
    sound = (clicks(120, 6, rate=44_100) + sine(440, 6, rate=44_100))[None, :]
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=44_100, layout="mono", format=kind)
        samples = (sound * 32_767).astype(np.int16) if kind == "s16p" else sound.astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format=kind, layout="mono")
        frame.sample_rate = 44_100
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    measured = extract(path).measured
    assert_plain(measured)
    assert measured.seconds == pytest.approx(6, abs=0.1)
    assert measured.tempo_bpm == pytest.approx(120, rel=0.02)
    assert measured.peak_db == pytest.approx(20 * np.log10(np.abs(sound).max()), abs=1)


@pytest.mark.parametrize(
    ("suffix", "rate", "channels"), [(".ogg", 44_100, 1), (".mp3", 44_100, 1), (".mp3", 32_000, 2)]
)
def test_streams_one_after_another_are_one_sound(suffix: str, rate: int, channels: int, tmp_path: Path) -> None:
    """As recordings of internet radio are; MP3 may change its rate and channels on the way."""
    first = written(tmp_path / f"first{suffix}", sine(440, 3, rate=44_100, peak=0.2), 44_100)
    then = np.stack([sine(880, 3, rate=rate, peak=0.2)] * channels, axis=1)
    second = written(tmp_path / f"second{suffix}", then, rate)
    path = tmp_path / f"radio{suffix}"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    measured = extract(path).measured
    assert_plain(measured)
    assert measured.seconds == pytest.approx(6, abs=0.2)
    assert (measured.sample_rate, measured.n_channels) == (44_100, 1)
    assert measured.chroma[9] == 1


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_an_excerpt_is_the_middle(suffix: str, tmp_path: Path) -> None:
    """Hiss, then a tone of 880 Hz from 8 to 14 seconds, then hiss."""
    parts = [noise(8, rate=44_100), sine(880, 6, rate=44_100, peak=0.3), noise(8, rate=44_100)]
    path = written(tmp_path / f"long{suffix}", np.concatenate(parts), 44_100)
    measured = extract(path, excerpt_seconds=4).measured
    assert measured.seconds == pytest.approx(22, abs=0.2)
    assert measured.heard_seconds == pytest.approx(4, abs=0.1)
    assert measured.centroid_hz == pytest.approx(880, rel=0.1)
    assert extract(path, excerpt_seconds=60).measured.heard_seconds == pytest.approx(22, abs=0.2)


def test_beats_of_an_excerpt_are_told_from_the_start_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "long.wav", clicks(120, 30))
    beats = extract(path, excerpt_seconds=10).measured.beats
    assert 9.9 < beats[0] < 11
    assert max(abs((each - 0.25) * 2 - round((each - 0.25) * 2)) for each in beats) < 0.05

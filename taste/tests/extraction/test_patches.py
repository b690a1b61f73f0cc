"""Pieces of the sound for the embeddings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from taste.audio.extraction import PatchWish, extract
from taste.tests.extraction.sounds import RATE, noise, seconds, sine, written


def pieces(path: Path, wish: PatchWish, *, excerpt_seconds: float = 0) -> NDArray[np.float32]:
    return extract(path, excerpt_seconds=excerpt_seconds, patches=[wish]).patches[wish]


def test_pieces_are_evenly_spaced(tmp_path: Path) -> None:
    """A tone that climbs tells by its pitch where a piece is from: 500 Hz at the start, 2500 Hz at 20 s."""
    at = seconds(20)
    climbing = 0.3 * np.sin(2 * np.pi * (500 * at + 50 * at**2))
    found = pieces(written(tmp_path / "climb.wav", climbing), PatchWish(n=4, seconds=1, rate=16_000))
    assert found.shape == (4, 16_000)
    assert found.dtype == np.float32
    crossings = [np.count_nonzero(np.diff(np.signbit(piece))) / 2 for piece in found]
    assert crossings == pytest.approx([500 + 100 * middle for middle in (2.5, 7.5, 12.5, 17.5)], rel=0.01)


def test_pieces_are_the_sound_itself_at_the_wished_rate(tmp_path: Path) -> None:
    path = written(tmp_path / "stereo.wav", np.stack([sine(440, 3), np.zeros(3 * RATE)], axis=1))
    (piece,) = pieces(path, PatchWish(n=1, seconds=1, rate=RATE))
    assert np.allclose(piece, sine(440, 3)[RATE : 2 * RATE] / 2, atol=1e-6)
    (other,) = pieces(path, PatchWish(n=1, seconds=1, rate=48_000))
    assert np.std(other) == pytest.approx(np.std(piece), rel=0.01)


@pytest.mark.parametrize(("length", "n"), [(0.5, 1), (2.0, 1), (6.5, 3), (30, 5)])
def test_a_short_file_gives_fewer_and_one_is_filled_with_silence(length: float, n: int, tmp_path: Path) -> None:
    found = pieces(written(tmp_path / "a.wav", noise(length)), PatchWish(n=5, seconds=2, rate=16_000))
    assert found.shape == (n, 32_000)
    assert np.std(found[0, : int(16_000 * min(length, 2))]) > 0.05
    if length < 2:
        assert np.abs(found[0, int(16_000 * length) + 100 :]).max() < 1e-4


def test_of_an_excerpt_the_pieces_are_of_it(tmp_path: Path) -> None:
    parts = [noise(5), sine(440, 4), noise(5)]
    path = written(tmp_path / "a.flac", np.concatenate(parts))
    found = pieces(path, PatchWish(n=2, seconds=1, rate=RATE), excerpt_seconds=3)
    assert np.abs(found).max() < 0.11
    assert len(found) == 2


def test_without_a_wish_there_are_none(tmp_path: Path) -> None:
    assert extract(written(tmp_path / "a.wav", noise(1))).patches == {}


def test_every_wish_has_what_it_would_have_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.flac", noise(12, rate=44_100, channels=2), 44_100)
    wishes = [PatchWish(n=3, seconds=2, rate=16_000), PatchWish(n=2, seconds=5, rate=48_000)]
    together = extract(path, patches=[*wishes, wishes[0]])
    assert list(together.patches) == wishes
    assert together.measured == extract(path).measured
    for wish in wishes:
        assert np.array_equal(together.patches[wish], pieces(path, wish))

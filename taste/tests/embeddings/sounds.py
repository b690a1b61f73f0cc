"""Sounds and figures that tests of embeddings hear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import Measured, PatchWish
from taste.embeddings.hearing import Sounding

PLAIN = Measured(
    seconds=200.0,
    heard_seconds=200.0,
    sample_rate=44_100,
    n_channels=2,
    side_share=0.1,
    loudness_lufs=-12.0,
    peak_db=-0.5,
    dynamics_db=6.0,
    tempo_bpm=120.0,
    tempo_confidence=0.8,
    tempo_candidates=((120.0, 0.8), (60.0, 0.2)),
    beats=(0.5, 1.0),
    pulse_clarity=0.5,
    key=0,
    mode=1,
    key_confidence=0.6,
    mode_strength=0.4,
    onset_rate=3.0,
    dfa_danceability=1.2,
    centroid_hz=1800.0,
    bandwidth_hz=1900.0,
    contrast_db=(20.0, 18.0, 19.0, 20.0, 18.0, 17.0, 30.0),
    flatness=0.02,
    entropy=0.6,
    flux=1.0,
    mfcc_mean=(-100.0, *(10.0,) * 12),
    mfcc_sd=(40.0, *(10.0,) * 12),
    chroma=(1.0, 0.1, 0.5, 0.1, 0.8, 0.4, 0.1, 0.9, 0.1, 0.5, 0.1, 0.3),
    harmonic_ratio=0.6,
    speech_modulation=0.3,
    contour=(-20.0, -18.0, -15.0),
    sections=(0.0, 60.0),
)


def some_measured(**changes: Any) -> Measured:
    return replace(PLAIN, **changes)


def noise(wish: PatchWish, n: int | None = None, *, seed: int = 0) -> NDArray[np.float32]:
    """Patches of noise that comes and goes, as many as are wished for unless `n` says."""
    chance = np.random.default_rng(seed)
    shape = (wish.n if n is None else n, wish.n_samples)
    swell = np.abs(np.sin(np.linspace(0, 3 + seed, wish.n_samples)))
    return (0.1 * chance.standard_normal(shape) * swell).astype(np.float32)


def heard(wish: PatchWish | None, n: int | None = None, *, seed: int = 0, **changes: Any) -> Sounding:
    patches = noise(wish, n, seed=seed) if wish else np.zeros((0, 0), np.float32)
    return Sounding(some_measured(**changes), patches)

"""Key and mode: a vote of published profiles, each having its own bias (EDMA to minor, Krumhansl's to major)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.pitch import folding, tuning

# Major, then minor, tonic first.
PROFILES = (
    (  # Faraldo et al. 2016, from electronic dance music ("edma"); https://github.com/MTG/essentia, Key
        (0.16519551, 0.04749026, 0.08293076, 0.06687112, 0.09994645, 0.09274123, 0.05294487, 0.13159476, 0.05218986,
         0.07443653, 0.06940723, 0.0642515),
        (0.17235348, 0.05336489, 0.0761009, 0.10043649, 0.05621498, 0.08527853, 0.0497915, 0.13451001, 0.07458916,
         0.05003023, 0.09187879, 0.05545106),
    ),
    (  # Krumhansl and Kessler 1982, listeners' ratings
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    (  # Temperley 2007, from the Kostka and Payne corpus
        (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
        (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
    ),
    (  # Albrecht and Shanahan 2013, from 982 pieces
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
    ),
)  # fmt: skip
OVERTONES = ((3, 0.12), (5, 0.06))  # what a note's third and fifth partial put into other classes, taken back out
LEAST_TONE = 0.4  # weight of peaks a second; noise has under 0.03, music some 10
LEAST_CONTRAST = 0.12  # of the chroma (standard deviation over mean): under it no pitch class stands out
LEAST_MATCH = 0.35  # correlation


@dataclass(frozen=True, slots=True)
class Key:
    """tonic: 0 C to 11 B, −1 none. confidence: 0 to 1. mode_strength: −1 minor to 1 major."""

    tonic: int
    mode: int
    confidence: float
    mode_strength: float
    chroma: NDArray[np.float64]


def standardised(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = rows - rows.mean(axis=-1, keepdims=True)
    unit: NDArray[np.float64] = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return unit


def votes(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean correlation with each key's profiles, shape (2, 12): major and minor by tonic; −1 to 1."""
    turned = np.array([np.roll(chroma, -tonic) for tonic in range(12)])
    means: NDArray[np.float64] = np.mean(
        [standardised(np.array(pair)) @ standardised(turned).T for pair in PROFILES], axis=0
    )
    return means


def key(classes: NDArray[np.float32], seconds: float) -> Key:
    """classes: (frames, 120), weights of spectral peaks by tenth of a semitone; seconds of sound that they are from.

    Hardly any peaks, as in noise and drums, or all classes alike: tonic −1.
    """
    total = classes.sum(axis=0, dtype=float)
    if total.sum() <= LEAST_TONE * seconds:
        return Key(-1, 0, 0.0, 0.0, np.zeros(12))
    chroma = total @ folding(tuning(total))
    notes = without_overtones(chroma)
    shown = chroma / chroma.max()
    if notes.std() / notes.mean() < LEAST_CONTRAST:
        return Key(-1, 0, 0.0, 0.0, shown)
    matches = votes(notes)
    mode, tonic = np.unravel_index(matches.argmax(), matches.shape)
    best = float(matches[mode, tonic])
    if best < LEAST_MATCH:
        return Key(-1, 0, 0.0, 0.0, shown)
    others = matches.copy()
    others[mode, tonic] = -1
    lead = best - float(others.max())
    confidence = min(1.0, best) * min(1.0, lead / 0.15)
    strength = float(np.clip((matches[0].max() - matches[1].max()) / 0.3, -1, 1))
    return Key(int(tonic), 1 - int(mode), confidence, strength, shown)


def without_overtones(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Third partials sound a fifth up, fifth partials a major third: left in, keys come out a fifth too high."""
    kept = chroma.copy()
    for partial, share in OVERTONES:
        shift = round(12 * np.log2(partial)) % 12
        kept -= share * np.roll(chroma, shift)
    kept = np.maximum(kept, 0.0)
    return kept if kept.any() else chroma

"""dsp-v1: the measured figures themselves as a space to lie in. Needs nothing but numpy, so it is always there."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import VERSION, Measured, PatchWish
from taste.embeddings.dsp_reference import REFERENCE
from taste.embeddings.hearing import Embedded, Sounding

FURTHEST = 4.0  # standard deviations: one odd figure may not outweigh all others


class Dsp:
    """How far each figure lies from that of music at large, in standard deviations, −4 to 4.

    The means and deviations are constants of this version (`dsp_reference`), so another track never moves this one.
    """

    name = "dsp-v1"
    version = f"1/{VERSION}"
    dimensions = len(REFERENCE)
    patches: PatchWish | None = None

    def why_off(self) -> str:
        return ""

    def embed(self, items: Sequence[Sounding]) -> list[Embedded]:
        return [
            Embedded.nothing() if item.measured.is_silent else Embedded(standardised(item.measured)) for item in items
        ]


def standardised(measured: Measured) -> NDArray[np.float32]:
    """Shape (dimensions,), in the order of REFERENCE; 0 where a figure is as in music at large, or is not known."""
    found = figures(measured)
    away = [(found[name] - mean) / scale if name in found else 0.0 for name, (mean, scale) in REFERENCE.items()]
    return np.clip(np.array(away, np.float32), -FURTHEST, FURTHEST)


def figures(measured: Measured) -> dict[str, float]:
    """What of a track's figures says how it sounds, each on a scale on which music is spread about evenly.

    Frequencies and tempo count in octaves, as ears do; what has no value (the tempo of what has no pulse) is left out.
    """
    m = measured
    found = {
        "loudness": m.loudness_lufs,
        "dynamics": m.dynamics_db,
        "side": m.side_share,
        "tempo_confidence": m.tempo_confidence,
        "pulse_clarity": m.pulse_clarity,
        "key_confidence": m.key_confidence,
        "mode_strength": m.mode_strength,
        "onset_rate": m.onset_rate,
        "danceability": m.dfa_danceability,
        "entropy": m.entropy,
        "flux": m.flux,
        "harmonic_ratio": m.harmonic_ratio,
        "speech_modulation": m.speech_modulation,
        "contour_sd": float(np.std(m.contour)) if m.contour else 0.0,
    }
    octaves = {"tempo": m.tempo_bpm, "centroid": m.centroid_hz, "bandwidth": m.bandwidth_hz, "flatness": m.flatness}
    found |= {name: math.log2(value) for name, value in octaves.items() if value > 0}
    found |= {f"contrast_{i}": value for i, value in enumerate(m.contrast_db)}
    # The first cepstral mean is loudness again
    found |= {f"mfcc_{i}": value for i, value in enumerate(m.mfcc_mean) if i}
    found |= {f"mfcc_sd_{i}": value for i, value in enumerate(m.mfcc_sd)}
    found |= {f"chroma_{i}": value for i, value in enumerate(harmony(m.chroma), 1)}
    return found


def harmony(chroma: Sequence[float]) -> list[float]:
    """How even, tritone-like, … and diatonic the notes are, whatever the key: six magnitudes, 0 to 1.

    chroma: 12 values, ≥ 0. They are the lengths of its Fourier coefficients 1 to 6 over that of the 0th, which turning
    the chroma (another key) leaves alone; silence gives zeros. Source: Quinn, General Equal-Tempered Harmony (2006).
    """
    lengths = np.abs(np.fft.rfft(np.asarray(chroma, np.float64), 12))
    return [float(each) for each in lengths[1:] / lengths[0]] if lengths[0] > 0 else [0.0] * 6

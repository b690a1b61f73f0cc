"""What the extractor answers: plain values that can be stored as JSON, and patches of sound for the embeddings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

VERSION = "dsp-2025.11"  # names what was measured and how; a change of any figure changes it
N_MFCC, N_BANDS, N_CONTOUR = 13, 7, 60
SIGNIFICANT = 6  # digits kept in JSON: finer than any of these figures is true
SILENCE_LUFS = -70.0  # BS.1770's absolute gate: what is quieter has no loudness


class Unreadable(Exception):
    """A file that holds no sound that can be measured; says what is wrong with it, for an operator to read."""


@dataclass(frozen=True, slots=True)
class PatchWish:
    """Which pieces of the sound an embedding hears: `n` of them, each `seconds` long, mono, `rate` samples a second."""

    n: int
    seconds: float
    rate: int

    @property
    def n_samples(self) -> int:
        return round(self.seconds * self.rate)


@dataclass(frozen=True, slots=True)
class Measured:
    """How one file sounds. No figure is ever NaN or infinite; what silence does not have is 0, or as said here.

    seconds: of the file; heard_seconds: of the part that was measured (less for an excerpt).
    side_share: of the power of the first two channels, what they differ by: 0 mono, 0.5 unrelated, 1 opposite.
    loudness_lufs: integrated (ITU-R BS.1770-4), at least −70. peak_db: the largest sample, dB of full scale.
    dynamics_db: between the 10th and the 95th percentile of short-term (3 s) loudness above the gate (EBU Tech 3342).
    tempo_bpm: 0 where there is no pulse; tempo_candidates: (BPM, weight), weights fall and sum to 1.
    tempo_confidence, pulse_clarity, key_confidence: 0 to 1. beats, sections: seconds from the start of the file.
    key: 0 C to 11 B, −1 none. mode: 1 major, 0 minor. mode_strength: −1 surely minor to 1 surely major.
    onset_rate: notes begun a second. dfa_danceability: 0 to about 3 (Streich and Herrera 2005).
    centroid_hz, bandwidth_hz, contrast_db (7 bands, low to high), flatness (0 tone to 1 noise), entropy (0 to 1), flux:
    means over the frames that are not silent. mfcc_mean, mfcc_sd: 13 each. chroma: 12 from C, the largest 1.
    harmonic_ratio: share of the power that lasts, 0 drums to 1 held notes.
    speech_modulation: share of the slow (0.5 to 20 Hz) modulation of the voice band that is at 3 to 8 Hz, syllables.
    contour: energy over the part that was heard in at most 60 steps, dB of full scale, at least −90.
    """

    seconds: float
    heard_seconds: float
    sample_rate: int
    n_channels: int
    side_share: float
    loudness_lufs: float
    peak_db: float
    dynamics_db: float
    tempo_bpm: float
    tempo_confidence: float
    tempo_candidates: tuple[tuple[float, float], ...]
    beats: tuple[float, ...]
    pulse_clarity: float
    key: int
    mode: int
    key_confidence: float
    mode_strength: float
    onset_rate: float
    dfa_danceability: float
    centroid_hz: float
    bandwidth_hz: float
    contrast_db: tuple[float, ...]
    flatness: float
    entropy: float
    flux: float
    mfcc_mean: tuple[float, ...]
    mfcc_sd: tuple[float, ...]
    chroma: tuple[float, ...]
    harmonic_ratio: float
    speech_modulation: float
    contour: tuple[float, ...]
    sections: tuple[float, ...]

    @property
    def is_silent(self) -> bool:
        """Nothing in it is loud enough to be music."""
        return self.loudness_lufs <= SILENCE_LUFS

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and lists, six digits each."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_json` gave. KeyError where a figure is missing: measured by another version."""
        return cls(**{each.name: tupled(stored[each.name]) for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class Extracted:
    """patches: of each wish, shape (found, n_samples), float32, −1 to 1, evenly spaced.

    A file shorter than all patches together gives fewer; one shorter than a single patch gives it filled with silence.
    """

    measured: Measured
    patches: Mapping[PatchWish, NDArray[np.float32]]


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, int) or not math.isfinite(value) or value == 0:
        return value
    return float(f"{value:.{SIGNIFICANT}g}")


def tupled(value: Any) -> Any:
    return tuple(tupled(each) for each in value) if isinstance(value, list | tuple) else value

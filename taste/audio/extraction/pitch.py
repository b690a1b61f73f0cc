"""Pitch classes from spectral peaks, finely enough that an instrument off 440 Hz does not smear into its neighbours.

A longer window than the other figures': at 22.05 kHz, 8192 samples tell semitones apart from 90 Hz up. Only peaks
count, by the logarithm of their height over what is around them: drums and noise have none that stand out for long.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.spectra import RATE, Framer, Rows, hann

N_FFT, HOP, N_FRAMES = 8192, 4096, 16
LOW, HIGH = 55.0, 3520.0  # Hz: A1 to A7
N_STEPS = 10  # of a semitone
N_CLASSES = 12 * N_STEPS
STANDS_OUT = 4.0  # times the mean magnitude around it: of noise, one bin in 300,000 does
AROUND = 32  # bins either way, 86 Hz: what is loud low down must not hide what is soft above
SOFTEST = 1e-6  # −120 dBFS
QUIET_TREBLE = 660.0  # Hz; above it overtones outnumber the notes themselves


class Pitches:
    """Fed with mono sound at 22.05 kHz; keeps for each 0.19 s how much sounds in each tenth of a semitone."""

    def __init__(self, seconds_expected: float = 0.0) -> None:
        self.rows = Rows(N_CLASSES, np.float32, int(seconds_expected * RATE / HOP * 1.02) + 2)
        self.framer = Framer(N_FFT, HOP, N_FRAMES)
        self.window = hann(N_FFT)
        self.first, self.last = int(LOW * N_FFT / RATE), int(HIGH * N_FFT / RATE)

    def push(self, samples: NDArray[np.float32]) -> None:
        for frames in self.framer.push(samples):
            self.rows.add(self._classes(frames))

    def finish(self) -> None:
        for frames in self.framer.finish():
            self.rows.add(self._classes(frames))

    @property
    def n_bytes(self) -> int:
        return self.rows.n_bytes

    def _classes(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        import scipy.fft

        spectrum = scipy.fft.rfft(frames * self.window, overwrite_x=True)[:, self.first - 1 : self.last + 1]
        heights = np.abs(spectrum)
        inner = heights[:, 1:-1]
        bars = STANDS_OUT * local_means(inner) + np.float32(SOFTEST)
        is_peak = (inner > bars) & (inner > heights[:, :-2]) & (inner >= heights[:, 2:])
        frame, at = np.nonzero(is_peak)
        before, peak, after = (np.log(heights[frame, at + shift] + 1e-12) for shift in (0, 1, 2))
        bins = at + self.first + 0.5 * (before - after) / np.minimum(before - 2 * peak + after, -1e-9)
        hertz = bins * (RATE / N_FFT)
        weight = np.log(inner[frame, at] / bars[frame, at]) / (1 + (hertz / QUIET_TREBLE) ** 2)
        semitones = 12 * np.log2(hertz / 440.0) + 9  # from C
        fine = np.floor(semitones * N_STEPS + 0.5).astype(np.int64) % N_CLASSES
        counted = np.bincount(frame * N_CLASSES + fine, weights=weight, minlength=len(frames) * N_CLASSES)
        return counted.reshape(len(frames), N_CLASSES).astype(np.float32)


def local_means(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each row, over the bins around each one; fewer at the ends."""
    n = heights.shape[1]
    sums = np.zeros((len(heights), AROUND + 1 + n + AROUND))
    np.cumsum(heights, axis=1, out=sums[:, AROUND + 1 : AROUND + 1 + n])
    sums[:, AROUND + 1 + n :] = sums[:, AROUND + n, None]
    at = np.arange(n)
    counts = np.minimum(at + AROUND + 1, n) - np.maximum(at - AROUND, 0)
    means = np.empty_like(heights)
    np.divide(sums[:, 2 * AROUND + 1 :] - sums[:, :n], counts, out=means, casting="same_kind")
    return means


def tuning(classes: NDArray[np.float64]) -> float:
    """How many tenths of a semitone the instruments stand above 440 Hz, −5 to 5. classes: shape (120,)."""
    turns = np.exp(2j * np.pi * np.arange(N_CLASSES) / N_STEPS)
    mean = np.dot(classes, turns)
    return float(np.angle(mean) / (2 * np.pi) * N_STEPS) if abs(mean) > 1e-9 else 0.0


def folding(offset: float) -> NDArray[np.float64]:
    """Shape (120, 12): what each pitch class, C first, takes of each tenth of a semitone: cos² around it."""
    distance = np.arange(N_CLASSES)[:, None] - offset - np.arange(12)[None, :] * N_STEPS
    distance = (distance + N_CLASSES / 2) % N_CLASSES - N_CLASSES / 2
    shares: NDArray[np.float64] = np.where(
        np.abs(distance) < N_STEPS, np.cos(np.pi / 2 * np.clip(distance / N_STEPS, -1, 1)) ** 2, 0.0
    )
    return shares

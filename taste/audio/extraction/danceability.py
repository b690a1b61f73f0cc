"""How evenly a sound's strength moves at the time scales of dancing: detrended fluctuation analysis.

Source: Streich and Herrera 2005, "Detrended fluctuation analysis of music signals"; scales as in Essentia.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLES = 220  # at 22.05 kHz: 9.98 ms
SCALES = [round(31 * 1.1**step) for step in range(36) if 31 * 1.1**step <= 880]  # in 10 ms: 310 to 8800 ms
JUMPS = 10  # windows that overlap by nine tenths
SILENT = 1e-3  # of the strongest: −60 dB, at the ends
HIGHEST = 3.0


class Strength:
    """Fed with mono sound at 22.05 kHz; keeps the standard deviation of each 10 ms."""

    def __init__(self) -> None:
        self.left = np.zeros(0, np.float32)
        self.kept: list[NDArray[np.float32]] = []

    def push(self, samples: NDArray[np.float32]) -> None:
        joined = np.concatenate([self.left, samples]) if len(self.left) else samples
        whole = len(joined) // SAMPLES * SAMPLES
        pieces = joined[:whole].reshape(-1, SAMPLES)
        means = pieces.mean(axis=1)
        squares = np.einsum("ij,ij->i", pieces, pieces) / np.float32(SAMPLES)
        self.kept.append(np.sqrt(np.maximum(squares - means * means, 0)))
        self.left = joined[whole:].copy()

    @property
    def array(self) -> NDArray[np.float32]:
        return np.concatenate(self.kept) if self.kept else np.zeros(0, np.float32)

    @property
    def n_bytes(self) -> int:
        return sum(each.nbytes for each in self.kept)


def trimmed(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without the silence before and after, which would be one great slow movement."""
    loud = np.nonzero(strength > SILENT * strength.max(initial=0))[0]
    return strength[loud[0] : loud[-1] + 1] if len(loud) else strength[:0]


def danceability(strength: NDArray[np.float32]) -> float:
    """0 to 3: the inverse of the mean exponent with which fluctuation grows with the scale. 0 for under a second."""
    values = trimmed(strength).astype(float)
    walk = np.cumsum(values - values.mean()) if len(values) else values
    scales = [scale for scale in SCALES if scale * 2 <= len(walk)]
    if len(scales) < 2:
        return 0.0
    spread = np.array([fluctuation(walk, scale) for scale in scales])
    if (spread <= 0).any():
        return 0.0
    sizes = np.array(scales, float) + 3  # as the paper corrects small windows
    exponents = np.diff(np.log(spread)) / np.diff(np.log(sizes))
    mean = float(exponents.mean())
    return min(HIGHEST, 1 / mean) if mean > 1 / HIGHEST else HIGHEST


def fluctuation(walk: NDArray[np.float64], scale: int) -> float:
    """Root mean square distance from each window's line of best fit."""
    windows = np.lib.stride_tricks.sliding_window_view(walk, scale)[:: max(1, scale // JUMPS)]
    windows = windows - windows[:, :1]
    line = np.ones((scale, 2))
    line[:, 1] = np.arange(scale) - (scale - 1) / 2
    fit = windows @ (line / np.linalg.norm(line, axis=0))
    residual = np.vdot(windows, windows) - np.vdot(fit, fit)
    return float(np.sqrt(max(residual, 0.0) / windows.size))

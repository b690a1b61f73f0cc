"""Where a piece turns: the sound of some seconds after a moment against that of some seconds before (Foote 2000).

A checkerboard kernel over a self-similarity matrix of inner products is the square of a difference of two means, so
the matrix need not be made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.spectra import CENTI, FRAME_RATE, N_MELS

ROWS = 21  # mel rows to one of half a second
REACH = 24  # of those, either way: 12 s
LEAST_GAP = 16  # 8 s between borders
N_COARSE = 24  # bands
STANDS_OUT = 1.0  # standard deviations over the mean novelty
LEAST_NOVELTY = 2.0  # dB, a band: a piece that never turns has no border


def half_seconds(mel: NDArray[np.int16]) -> NDArray[np.float64]:
    """Coarse spectra in dB, at least 60 under the loudest, shape (half seconds, 24)."""
    n = len(mel) // ROWS
    coarse = np.empty((n, N_COARSE))
    for first in range(0, n, 512):
        last = min(n, first + 512)
        part = mel[first * ROWS : last * ROWS].reshape(last - first, ROWS, N_COARSE, N_MELS // N_COARSE)
        coarse[first:last] = part.mean(axis=(1, 3), dtype=np.float32) / CENTI
    if not n:
        return coarse
    loudest = float(mel.max()) / CENTI
    return np.maximum(coarse, loudest - 60.0)


def borders(mel: NDArray[np.int16], sounds: NDArray[np.bool_]) -> tuple[float, ...]:
    """Seconds at which a new part begins, rising; empty for a piece too short to have parts or that never turns."""
    rows = half_seconds(mel)
    n = len(rows)
    if n < 2 * REACH or not sounds.any():
        return ()
    rows = rows - rows.mean(axis=0)
    taper = np.exp(-0.5 * (np.arange(REACH) / (REACH / 2)) ** 2)
    taper /= taper.sum()
    kernel = np.concatenate([taper, -taper[::-1]])
    padded = np.pad(rows, ((REACH, REACH), (0, 0)), mode="edge")
    turns = np.array([np.convolve(padded[:, band], kernel, "valid") for band in range(rows.shape[1])])
    novelty = np.linalg.norm(turns, axis=0)[:n] / np.sqrt(N_COARSE)
    threshold = max(LEAST_NOVELTY, novelty.mean() + STANDS_OUT * novelty.std())
    found: list[int] = []
    for at in np.argsort(-novelty, kind="stable"):
        if novelty[at] < threshold:
            break
        if REACH // 3 <= at <= n - REACH // 3 and all(abs(at - other) >= LEAST_GAP for other in found):
            found.append(int(at))
    return tuple(round(at * ROWS / FRAME_RATE, 2) for at in sorted(found))

"""Pieces of the sound for the embeddings, kept while the file goes by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.measured import PatchWish


class Patches:
    """Fed with mono sound at the file's own rate; keeps the middle of each of n equal parts."""

    def __init__(self, wish: PatchWish, rate: int, n_frames: int) -> None:
        self.wish, self.rate = wish, rate
        self.size = max(1, round(wish.seconds * rate))
        n = max(1, min(wish.n, n_frames // self.size))
        self.starts = [max(0, round((each + 0.5) * n_frames / n - self.size / 2)) for each in range(n)]
        self.kept = np.zeros((n, self.size), np.float32)
        self.at = 0

    def push(self, mono: NDArray[np.float32]) -> None:
        end = self.at + len(mono)
        for row, start in zip(self.kept, self.starts, strict=True):
            first, last = max(start, self.at), min(start + self.size, end)
            if first < last:
                row[first - start : last - start] = mono[first - self.at : last - self.at]
        self.at = end

    def finish(self) -> NDArray[np.float32]:
        """Shape (found, n_samples) at the wished rate; without those that a file shorter than it says never reached."""
        import soxr

        reached = [row for row, start in zip(self.kept, self.starts, strict=True) if start + self.size <= self.at]
        found = np.zeros((max(1, len(reached)), self.wish.n_samples), np.float32)
        for row, piece in zip(found, reached or [self.kept[0]], strict=True):
            resampled = soxr.resample(piece, self.rate, self.wish.rate) if self.rate != self.wish.rate else piece
            row[: len(resampled)] = resampled[: len(row)]
        return found

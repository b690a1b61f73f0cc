"""The spectrum, once: mono sound at 22.05 kHz in, a row of numbers for every 23 ms out; the spectrum is not kept.

Blocks of 128 frames (half a megabyte) never leave the processor's cache. What is kept is 96 mel bands as hundredths of
a decibel, the power, and every fourth frame's shape: some 10 KB for a second, 70 MB for two hours.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.harmonics import Harmonics
from taste.audio.extraction.measured import N_BANDS

RATE = 22_050
N_FFT, HOP, N_FRAMES = 2048, 512, 128
FRAME_RATE = RATE / HOP
N_MELS, N_BINS = 96, N_FFT // 2 + 1
N_SHAPE, EVERY = 4 + N_BANDS, 4  # centroid, bandwidth, flatness, entropy, seven contrasts; of every fourth frame
CENTI = 100.0
FLOOR_DB = -150.0
DIM = np.float32(1e-12)  # of a frame's strongest bin: what lies lower is arithmetic
SHALLOW = np.float32(1e-6)  # of a band's peaks; synthesisers leave valleys deeper than 60 dB, and encoders fill them
CONTRAST_EDGES = (0, 200, 400, 800, 1600, 3200, 6400, RATE // 2)  # Hz; octaves, Jiang et al. 2002
CONTRAST_SHARE = 0.02  # of a band's bins are its peaks, as many its valleys


class Rows:
    """An array that grows by rows, made as long as is expected so that it need not."""

    def __init__(self, width: int, dtype: Any, expected: int) -> None:
        self._array = np.empty((max(expected, 256), width), dtype)
        self._n = 0

    def add(self, rows: NDArray[Any]) -> None:
        end = self._n + len(rows)
        if end > len(self._array):
            grown = np.empty((max(end, len(self._array) * 5 // 4), self._array.shape[1]), self._array.dtype)
            grown[: self._n] = self._array[: self._n]
            self._array = grown
        self._array[self._n : end] = rows
        self._n = end

    @property
    def array(self) -> NDArray[Any]:
        return self._array[: self._n]

    @property
    def n_bytes(self) -> int:
        return int(self._array.nbytes)


def mel_of(hertz: Any) -> Any:
    """Slaney's mel scale: linear to 1 kHz, then logarithmic (Auditory Toolbox, 1998)."""
    hertz = np.asarray(hertz, float)
    return np.where(hertz < 1000, hertz * 3 / 200, 15 + np.log(np.maximum(hertz, 1000) / 1000) * 27 / np.log(6.4))


def hertz_of(mel: Any) -> Any:
    mel = np.asarray(mel, float)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def mel_centres() -> NDArray[np.float64]:
    """Hz, shape (96,)."""
    return np.asarray(hertz_of(np.linspace(0, mel_of(RATE / 2), N_MELS + 2))[1:-1])


@lru_cache(maxsize=1)
def mel_filters() -> Any:
    """Sparse, shape (96, 1025): triangles of equal area; dense, its product costs three times as much."""
    from scipy.sparse import csr_array

    edges = hertz_of(np.linspace(0, mel_of(RATE / 2), N_MELS + 2))
    bins = np.linspace(0, RATE / 2, N_BINS)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return csr_array(triangles.astype(np.float32))


def hann(n: int) -> NDArray[np.float32]:
    """Scaled so that a sine at full scale has a peak of 1 in the spectrum."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    scaled: NDArray[np.float32] = (window / (window.sum() / 2)).astype(np.float32)
    return scaled


class Framer:
    """Cuts a stream into overlapping frames, `n_frames` at a time: a buffer whose end becomes its beginning."""

    def __init__(self, size: int, hop: int, n_frames: int) -> None:
        self.size, self.hop, self.n_frames = size, hop, n_frames
        self.buffer = np.zeros(size - hop + n_frames * hop, np.float32)
        self.frames = np.lib.stride_tricks.sliding_window_view(self.buffer, size)[::hop]
        self.filled = size // 2  # the first frame is centred on the first sample

    def push(self, samples: NDArray[np.float32]) -> Any:
        """Yields (frames, size) views, each valid until the next."""
        at = 0
        while at < len(samples):
            taken = min(len(self.buffer) - self.filled, len(samples) - at)
            self.buffer[self.filled : self.filled + taken] = samples[at : at + taken]
            self.filled += taken
            at += taken
            if self.filled == len(self.buffer):
                yield self.frames
                kept = self.size - self.hop
                self.buffer[:kept] = self.buffer[-kept:].copy()
                self.filled = kept

    def finish(self) -> Any:
        """The frames that are centred on what is left."""
        yield from self.push(np.zeros(self.size // 2, np.float32))
        if n := (self.filled - self.size) // self.hop + 1:
            yield self.frames[:n]


class Spectra:
    """Fed with mono sound at 22.05 kHz.

    mel: (frames, 96) int16, hundredths of dB. power: (frames, 1), mean square. shape: (frames / 4, 11).
    """

    def __init__(self, seconds_expected: float = 0.0) -> None:
        expected = int(seconds_expected * FRAME_RATE * 1.02) + 2
        self.mel = Rows(N_MELS, np.int16, expected)
        self.power = Rows(1, np.float32, expected)
        self.shape = Rows(N_SHAPE, np.float32, expected // EVERY + 2)
        self.harmonics = Harmonics()
        self.framer = Framer(N_FFT, HOP, N_FRAMES)
        self.window = hann(N_FFT)
        self.frequencies = np.linspace(0, RATE / 2, N_BINS, dtype=np.float32)
        self.moments = np.stack([np.ones(N_BINS), self.frequencies, self.frequencies.astype(float) ** 2], 1).astype(
            "f4"
        )
        self.edges = np.searchsorted(self.frequencies, CONTRAST_EDGES)
        self.scratch = np.empty((N_FRAMES, N_FFT), np.float32)

    def push(self, samples: NDArray[np.float32]) -> None:
        for frames in self.framer.push(samples):
            self._keep(frames)

    def finish(self) -> None:
        for frames in self.framer.finish():
            self._keep(frames)

    @property
    def n_bytes(self) -> int:
        return self.mel.n_bytes + self.power.n_bytes + self.shape.n_bytes

    def _keep(self, frames: NDArray[np.float32]) -> None:
        import scipy.fft

        scratch = np.multiply(frames, self.window, out=self.scratch[: len(frames)])
        spectrum = scipy.fft.rfft(scratch, overwrite_x=True)
        power = np.square(spectrum.real)
        power += np.square(spectrum.imag)
        mel = (mel_filters() @ power.T).T
        mel += np.float32(10 ** (FLOOR_DB / 10))
        np.log10(mel, out=mel)
        mel *= np.float32(10 * CENTI)
        self.mel.add(mel)
        total = power @ self.moments[:, 0]
        self.power.add((total / np.float32(3))[:, None])  # of a full-scale sine: 1.5 in three bins; mean square 0.5
        self.shape.add(self._shape(power[::EVERY]))
        self.harmonics.push(power[::EVERY])

    def _shape(self, power: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each frame; centroid and bandwidth weigh by magnitude, as librosa and Essentia do."""
        rows = np.empty((len(power), N_SHAPE), np.float32)
        strongest = np.maximum(power.max(axis=1, keepdims=True), np.float32(1e-20))
        power = power + strongest * DIM
        sums = (np.sqrt(power) @ self.moments).astype(float)
        centroid = sums[:, 1] / sums[:, 0]
        rows[:, 0] = centroid
        rows[:, 1] = np.sqrt(np.maximum(sums[:, 2] / sums[:, 0] - centroid**2, 0.0))
        logs, total = np.log(power), power.sum(axis=1)
        rows[:, 2] = np.minimum(np.exp(logs.mean(axis=1)) / (total / N_BINS), 1)
        entropy = np.log(total) - np.einsum("ij,ij->i", power, logs) / total
        rows[:, 3] = np.clip(entropy / np.log(N_BINS), 0, 1)
        peaks, valleys = np.empty((2, len(power), N_BANDS), np.float32)
        for band, (first, last) in enumerate(pairwise(self.edges)):
            ordered = np.sort(power[:, first:last], axis=1)
            n = max(1, round(CONTRAST_SHARE * (last - first)))
            np.add.reduce(ordered[:, -n:], axis=1, out=peaks[:, band])
            np.add.reduce(ordered[:, :n], axis=1, out=valleys[:, band])  # as many: the quotient is that of the means
        rows[:, 4:] = 10 * np.log10(peaks / (valleys + peaks * SHALLOW))
        return rows

"""Figures from the rows of mel bands: MFCC, flux, how syllables modulate the voice's band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.measured import N_MFCC
from taste.audio.extraction.spectra import CENTI, EVERY, FRAME_RATE, N_MELS, mel_centres

CHUNK, REACH = (
    256,
    4,
)  # rows at a time, so that nine copies of them stay in the cache; medians reach four rows either way
TOP_DB = 80.0  # what lies further below the loudest band is not heard, as in librosa's power_to_db
ONSET_DB = 60.0
SOUNDS_DB, SOUNDS_AT_ALL = -50.0, 1e-7  # of the loud frames' power (95th percentile); −70 dBFS
VOICE = (300.0, 3400.0)  # Hz: a telephone line's
SYLLABLES, MODULATIONS = (3.0, 8.0), (0.5, 20.0)  # Hz


@dataclass(frozen=True, slots=True)
class Timbre:
    """onsets: how much louder each frame is than the one before, mean over the bands in dB, shape (frames,).

    voice: power of the voice's band, shape (frames,). flux: the mean of `onsets` where there is sound.
    """

    mfcc_mean: NDArray[np.float64]
    mfcc_sd: NDArray[np.float64]
    flux: float
    onsets: NDArray[np.float32]
    voice: NDArray[np.float32]


def sounding(power: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which frames hold sound rather than silence, by their mean square."""
    if not len(power):
        return np.zeros(0, bool)
    loud = np.percentile(power[power > SOUNDS_AT_ALL], 95) if (power > SOUNDS_AT_ALL).any() else 0.0
    return power > max(SOUNDS_AT_ALL, float(loud) * 10 ** (SOUNDS_DB / 10))


def cosines() -> NDArray[np.float32]:
    """DCT-II, orthonormal, shape (96, 13)."""
    table = np.cos(np.pi * (np.arange(N_MELS)[:, None] + 0.5) * np.arange(N_MFCC)[None, :] / N_MELS)
    table *= np.sqrt(2 / N_MELS)
    table[:, 0] /= np.sqrt(2)
    return table.astype(np.float32)


def timbre(mel: NDArray[np.int16], sounds: NDArray[np.bool_]) -> Timbre:
    """mel: (frames, 96), hundredths of dB; sounds: which frames count. Without any, every figure is 0."""
    n = len(mel)
    loudest = float(mel.max()) / CENTI
    table = cosines()
    onsets, voice = np.zeros(n, np.float32), np.zeros(n, np.float32)
    in_voice = ((mel_centres() >= VOICE[0]) & (mel_centres() <= VOICE[1])).astype(np.float32)
    sums = np.zeros((2, N_MFCC))
    for first in range(0, n, CHUNK):
        last = min(n, first + CHUNK)
        heights = mel[max(0, first - 1) : last].astype(np.float32)
        heights *= np.float32(1 / CENTI)
        rows = np.maximum(heights[-(last - first) :], loudest - TOP_DB)
        np.maximum(heights, loudest - ONSET_DB, out=heights)
        if first == 0:  # before a file there was silence
            heights = np.concatenate([np.full((1, N_MELS), loudest - ONSET_DB, np.float32), heights])
        onsets[first:last] = rises(heights)
        counts = sounds[first:last]
        power = np.exp(rows * np.float32(np.log(10) / 10))
        voice[first:last] = power @ in_voice
        if not counts.any():
            continue
        mfcc = (rows[counts] - loudest) @ table
        sums[0] += mfcc.sum(axis=0, dtype=float)
        sums[1] += np.square(mfcc, dtype=float).sum(axis=0)
    n_counted = int(sounds.sum())
    if not n_counted:
        return Timbre(sums[0], sums[1], 0.0, onsets * 0, voice)
    mean = sums[0] / n_counted
    spread = np.sqrt(np.maximum(sums[1] / n_counted - mean**2, 0.0))
    return Timbre(mean, spread, float(onsets[sounds].mean()), onsets, voice)


def rises(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each row but the first lies over the one before in dB: mean over the bands, and all of them together.

    The whole level counts besides, for a lone flute fills three bands of 96.
    """
    before = rows[:-1].copy()
    np.maximum(before[:, 1:], rows[:-1, :-1], out=before[:, 1:])
    np.maximum(before[:, :-1], rows[:-1, 1:], out=before[:, :-1])
    levels = np.log(np.exp(rows * np.float32(np.log(10) / 10)).sum(axis=1)) * np.float32(10 / np.log(10))
    rise: NDArray[np.float32] = np.maximum(rows[1:] - before, 0).mean(axis=1) + np.maximum(np.diff(levels), 0)
    return rise


def shape_means(shape: NDArray[np.float32], sounds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Means of centroid, bandwidth, flatness, entropy and contrasts over the frames that sound; zeros without any."""
    if not sounds.any():
        return np.zeros(shape.shape[1])
    counted = shape[sounds[::EVERY]]
    means: NDArray[np.float64] = (counted if len(counted) else shape).mean(axis=0, dtype=float)
    return means


def syllable_modulation(voice: NDArray[np.float32], sounds: NDArray[np.bool_]) -> float:
    """Share of the voice band's slow modulation (0.5 to 20 Hz) that is at 3 to 8 Hz, as syllables are; 0 to 1.

    voice: power per frame. Two-second windows of its square root; those that do not sound are left out. 0 under 2 s.
    Source: Scheirer and Slaney 1997, the 4 Hz modulation energy.
    """
    size = 2 * round(FRAME_RATE)
    hop = size // 2
    if len(voice) < size:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(np.sqrt(voice), size)[::hop]
    heard = np.lib.stride_tricks.sliding_window_view(sounds, size)[::hop].mean(axis=1) > 0.5
    windows = windows[heard].astype(float)
    if not len(windows):
        return 0.0
    windows = windows - windows.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(windows * np.hanning(size), axis=1)) ** 2
    hertz = np.fft.rfftfreq(size, 1 / FRAME_RATE)
    slow = power[:, (hertz >= MODULATIONS[0]) & (hertz <= MODULATIONS[1])].sum()
    syllables = power[:, (hertz >= SYLLABLES[0]) & (hertz <= SYLLABLES[1])].sum()
    return float(syllables / slow) if slow > 0 else 0.0

"""Beats by dynamic programming: where onsets are strong and steps near the period (Ellis 2007)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction.spectra import FRAME_RATE

TIGHTNESS = 100.0  # how much a step that is not one period costs; Ellis' value
SEES_AHEAD = 0.03  # seconds by which a frame sees an attack before its middle comes to it; measured on clicks


def beat_times(rises: NDArray[np.float32], bpm: float) -> tuple[float, ...]:
    """Seconds, rising; empty without a tempo or for less than two beats. rises: dB a frame."""
    period = FRAME_RATE * 60 / bpm if bpm > 0 else 0.0
    if not 0 < period * 2 < len(rises):
        return ()
    score = local_score(rises.astype(float), period)
    if not score.any():
        return ()
    frames = trimmed(followed(*links(score, period), score), score)
    if len(frames) < 2:
        return ()
    return tuple(np.maximum(at_peaks(frames, score) / FRAME_RATE + SEES_AHEAD, 0.0).tolist())


def local_score(values: NDArray[np.float64], period: float) -> NDArray[np.float64]:
    """Onsets in units of their spread, smoothed by a 32nd of the period."""
    spread = values.std()
    if spread <= 0:
        return np.zeros(len(values))
    reach = max(2, round(period))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) * 32 / period) ** 2)
    return np.convolve(values / spread, window, "same")[: len(values)]


def links(score: NDArray[np.float64], period: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(best sum up to each frame, the beat before it or −1).

    A beat's predecessor lies half to two periods back, so half a period of frames can be reckoned at once.
    """
    n = len(score)
    shortest, longest = max(1, round(period / 2)), max(2, round(period * 2))
    steps = np.arange(longest, shortest - 1, -1)
    cost = -TIGHTNESS * np.log(steps / period) ** 2
    best, before = np.zeros(n), np.full(n, -1, np.int64)
    padded = np.concatenate([np.full(longest, -np.inf), best])  # padded[longest + t] is best[t]
    pasts = np.lib.stride_tricks.sliding_window_view(padded, len(steps))  # looks on, as the sums are filled in
    for first in range(0, n, shortest):
        count = min(shortest, n - first)
        sums = pasts[first : first + count] + cost
        choice = sums.argmax(axis=1)
        gains = sums[np.arange(count), choice]
        leads = gains > 0
        at = np.arange(first, first + count)
        before[at[leads]] = (at - steps[choice])[leads]
        padded[longest + first : longest + first + count] = score[at] + np.where(leads, gains, 0.0)
    return padded[longest:], before


def followed(best: NDArray[np.float64], before: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.int64]:
    """The chain of beats that ends in the last good peak of the sums."""
    peaks = np.nonzero((best[1:-1] > best[:-2]) & (best[1:-1] >= best[2:]))[0] + 1
    if not len(peaks):
        return np.zeros(0, np.int64)
    good = peaks[best[peaks] >= 0.5 * np.median(best[peaks])]
    at, chain = int(good[-1]), []
    while at >= 0:
        chain.append(at)
        at = int(before[at])
    return np.array(chain[::-1], np.int64)


def trimmed(frames: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.int64]:
    """Without the beats before the first and after the last that something is heard on."""
    if not len(frames):
        return frames
    strength = score[frames]
    strong = np.nonzero(strength > 0.5 * np.sqrt(np.mean(strength**2)))[0]
    return frames[strong[0] : strong[-1] + 1]


def at_peaks(frames: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frames as fractions: the top of the parabola through each and its neighbours."""
    inner = np.clip(frames, 1, len(score) - 2)
    before, peak, after = score[inner - 1], score[inner], score[inner + 1]
    bend = before - 2 * peak + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-12), 0.0)
    return frames.astype(float) + np.where(inner == frames, np.clip(shift, -0.5, 0.5), 0.0)

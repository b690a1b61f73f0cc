"""Sounds whose truth is known, as arrays (samples,) or (samples, channels), and files of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 22_050
Sound = NDArray[np.float64]
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


def seconds(n: float, rate: int = RATE) -> Sound:
    return np.arange(round(n * rate)) / rate


def sine(hertz: float, length: float, *, rate: int = RATE, peak: float = 0.1) -> Sound:
    return peak * np.sin(2 * np.pi * hertz * seconds(length, rate))


def noise(length: float, *, rate: int = RATE, level: float = 0.1, channels: int = 1, seed: int = 1) -> Sound:
    samples = level * np.random.default_rng(seed).standard_normal((round(length * rate), channels))
    return samples[:, 0] if channels == 1 else samples


def clicks(bpm: float, length: float, *, rate: int = RATE, first: float = 0.25) -> Sound:
    """Short bursts of noise."""
    samples, burst = np.zeros(round(length * rate)), round(0.02 * rate)
    click = 0.5 * np.exp(-np.arange(burst) / (0.003 * rate)) * noise(0.02, rate=rate, level=1.0)[:burst]
    for at in (np.arange(first, length - 0.05, 60 / bpm) * rate).astype(int):
        samples[at : at + burst] += click[: len(samples) - at]
    return samples


def note(midi: float, length: float, *, rate: int = RATE) -> Sound:
    """Six partials that die away, 69 the A at 440 Hz."""
    t, hertz = seconds(length, rate), 440 * 2 ** ((midi - 69) / 12)
    partials = sum(np.sin(2 * np.pi * hertz * n * t) / n**1.2 for n in range(1, 7) if hertz * n < rate / 2.2)
    return 0.15 * partials * np.exp(-3 * t) * np.minimum(1, t / 0.01)


def scale(tonic: int, steps: tuple[int, ...], *, cents: float = 0) -> Sound:
    """Up and down from the tonic (0: C), 0.25 s a note."""
    return np.concatenate([note(60 + tonic + each + cents / 100, 0.25) for each in (*steps, 12, *steps[::-1])])


def chord(root: int, third: int, length: float = 0.6) -> Sound:
    return np.sum([note(48 + root + each, length) for each in (0, third, 7, 12)], axis=0)


def cadence(tonic: int, third: int) -> Sound:
    """I IV V I; the dominant is major in minor, too."""
    chords = ((0, third), (5, third), (7, 4), (0, third))
    return np.concatenate([chord(tonic + root, of_chord) for root, of_chord in chords])


def swelling(carrier: Sound, hertz: float, *, depth: float = 1.0) -> Sound:
    return carrier * (1 - depth * (1 + np.cos(2 * np.pi * hertz * np.arange(len(carrier)) / RATE)) / 2)


def band(length: float = 8.0, *, rate: int = 44_100, bpm: float = 120.0) -> Sound:
    """Stereo: chords of C major left of the middle, bass, drums; each bar of four beats another chord."""
    beat = 60 / bpm
    samples = np.zeros((round((length + 4) * rate), 2))

    def play(sound: Sound, at: float, left: float, right: float) -> None:
        first = round(at * rate)
        samples[first : first + len(sound)] += sound[:, None] * (left, right)

    def struck(sound: Sound, dies: float) -> Sound:
        return sound * np.exp(-np.arange(len(sound)) / (dies * rate))

    for number in range(int(length / beat)):
        root = (0, 9, 5, 7)[number // 4 % 4]
        if number % 4 == 0:
            for each in (0, 3 if root == 9 else 4, 7):
                play(note(60 + root + each, 4 * beat, rate=rate), number * beat, 0.8, 0.5)
        play(note(36 + root, beat, rate=rate), number * beat, 0.8, 0.8)
        play(struck(sine(60, 0.2, rate=rate, peak=0.4), 0.05), number * beat, 1, 1)
        hat = struck(noise(0.1, rate=rate, level=0.2, seed=number), 0.01)
        play(hat, (number + 0.5) * beat, 0.3, 0.9)
    return samples[: round(length * rate)]


def written(path: Path, sound: Sound, rate: int = RATE) -> Path:
    """As the file's suffix says: WAV and FLAC as they are, OGG, MP3 and Opus as their encoders hear it."""
    kinds = {".wav": ("WAV", "FLOAT"), ".flac": ("FLAC", "PCM_24"), ".opus": ("OGG", "OPUS")}
    kind, subtype = kinds.get(path.suffix, (path.suffix[1:].upper(), None))
    soundfile.write(path, sound, rate, format=kind, subtype=subtype)
    return path

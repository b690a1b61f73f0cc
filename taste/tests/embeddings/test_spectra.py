"""Mel spectrograms against librosa's, which the networks were taught on."""

from __future__ import annotations

import numpy as np
import pytest

from taste.embeddings.musicnn.adapter import GAIN, N_SAMPLES, log_mel
from taste.embeddings.panns.network import log_mel as panns_log_mel
from taste.embeddings.spectra import mel_filters


@pytest.mark.parametrize(
    ("rate", "n_fft", "n_mels", "low", "high"), [(16_000, 512, 96, 0, 8000), (32_000, 1024, 64, 50, 14_000)]
)
def test_filters_are_librosas(rate: int, n_fft: int, n_mels: int, low: float, high: float) -> None:
    import librosa

    theirs = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=low, fmax=high)
    np.testing.assert_allclose(mel_filters(rate, n_fft, n_mels, low, high), theirs.T, atol=1e-7)


def sound(rate: int, n_samples: int) -> np.ndarray:
    """Noise, a loud tone and a quiet one: the loud one is where 16 bits would overflow."""
    seconds = np.arange(n_samples) / rate
    tones = 0.8 * np.sin(2 * np.pi * 440 * seconds) + 0.001 * np.sin(2 * np.pi * 3000 * seconds)
    return (tones + 0.01 * np.random.default_rng(3).standard_normal(n_samples)).astype(np.float32)


def test_musicnn_hears_librosas_mel_spectrogram() -> None:
    import librosa
    import torch

    y = sound(16_000, N_SAMPLES)
    theirs = librosa.feature.melspectrogram(y=y, sr=16_000, n_fft=512, hop_length=256, n_mels=96, center=False)
    ours = log_mel(torch.from_numpy(y)[None])[0].numpy()
    assert ours.shape == (187, 96)
    np.testing.assert_allclose(ours, np.log10(1 + GAIN * theirs).T, atol=1e-4)
    assert theirs.max() * GAIN > np.finfo(np.float16).max
    assert np.isfinite(ours).all()


def test_panns_hears_librosas_decibels() -> None:
    import librosa
    import torch

    y = sound(32_000, 32_000)
    theirs = librosa.feature.melspectrogram(
        y=y, sr=32_000, n_fft=1024, hop_length=320, n_mels=64, fmin=50, fmax=14_000, pad_mode="reflect"
    )
    ours = panns_log_mel(torch.from_numpy(y)[None])[0].numpy()
    np.testing.assert_allclose(ours, librosa.power_to_db(theirs, ref=1.0, amin=1e-10, top_db=None).T, atol=1e-2)

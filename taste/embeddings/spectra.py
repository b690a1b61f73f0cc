"""Mel spectrograms of patches in torch, on whichever device they lie."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

BREAK_HZ, HZ_A_MEL, LOG_STEP = 1000.0, 200.0 / 3, np.log(6.4) / 27.0


def hz_to_mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's mel scale: straight below 1 kHz, logarithmic above. Source: Auditory Toolbox (Slaney 1998)."""
    above = BREAK_HZ / HZ_A_MEL + np.log(np.maximum(hz, BREAK_HZ) / BREAK_HZ) / LOG_STEP
    return np.where(hz < BREAK_HZ, hz / HZ_A_MEL, above)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    above = BREAK_HZ * np.exp(LOG_STEP * (mel - BREAK_HZ / HZ_A_MEL))
    return np.where(mel < BREAK_HZ / HZ_A_MEL, mel * HZ_A_MEL, above)


@cache
def mel_filters(rate: int, n_fft: int, n_mels: int, low_hz: float = 0.0, high_hz: float = 0.0) -> NDArray[np.float32]:
    """Triangles of equal area over the power spectrum, shape (n_fft // 2 + 1, n_mels); high_hz 0: half of `rate`.

    The same as librosa.filters.mel with its defaults (Slaney's scale and norm), turned.
    """
    lowest, highest = hz_to_mel(np.array([low_hz, high_hz or rate / 2]))
    corners, hz = mel_to_hz(np.linspace(lowest, highest, n_mels + 2)), np.linspace(0, rate / 2, n_fft // 2 + 1)
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    rising = (hz[:, None] - left) / (middle - left)
    falling = (right - hz[:, None]) / (right - middle)
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * 2 / (right - left)).astype(np.float32)


def mel_power(sound: Tensor, *, rate: int, n_fft: int, hop: int, filters: NDArray[np.float32], centre: bool) -> Tensor:
    """Mel power of sound of shape (n, samples): (n, frames, n_mels), by a Hann window.

    centre: frames begin half a window before the sound, which is mirrored there; else only whole frames count.
    """
    import torch

    window = torch.hann_window(n_fft, device=sound.device)
    spectrum = torch.stft(sound, n_fft, hop, window=window, center=centre, pad_mode="reflect", return_complex=True)
    power = torch.view_as_real(spectrum).square().sum(-1).transpose(1, 2)
    return power @ torch.from_numpy(filters).to(sound.device)

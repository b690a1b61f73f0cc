"""Cnn14 in torch, with the names of the published weights.

Source: PANNs: Large-Scale Pretrained Audio Neural Networks, https://arxiv.org/abs/1912.10211, table 1 and its code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taste.embeddings.spectra import mel_filters, mel_power

if TYPE_CHECKING:
    from torch import Tensor, device

RATE, N_FFT, HOP, N_MELS, LOW_HZ, HIGH_HZ = 32_000, 1024, 320, 64, 50.0, 14_000.0
N_BLOCKS = 6
SMALLEST = 1e-10  # of mel power: −100 dB
EPSILON = 1e-5  # PyTorch's batch normalisation
OWN = ("spectrogram_extractor.", "logmel_extractor.")  # fixed tables of the published model, computed here


class Cnn14:
    """The network on one device. Its widths are those of the weights."""

    def __init__(self, weights: dict[str, Tensor], on: device) -> None:
        """weights: the published state, with or without its tables. KeyError where a layer is absent."""
        self.weights = {name: each.float().to(on) for name, each in weights.items() if not name.startswith(OWN)}
        for name in self.names():
            if name not in self.weights:
                raise KeyError(f"{name} is absent")

    @staticmethod
    def names() -> list[str]:
        norms = ["bn0", *(f"conv_block{i}.bn{j}" for i in range(1, N_BLOCKS + 1) for j in (1, 2))]
        kernels = [f"conv_block{i}.conv{j}.weight" for i in range(1, N_BLOCKS + 1) for j in (1, 2)]
        dense = [f"{name}.{part}" for name in ("fc1", "fc_audioset") for part in ("weight", "bias")]
        return [f"{norm}.{part}" for norm in norms for part in NORM_PARTS] + kernels + dense

    def __call__(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """Sound at 32 kHz, (n, samples), to the embedding, (n, 2048), and the classes of AudioSet, (n, 527), 0 to 1."""
        import torch

        mel = log_mel(sound)  # (n, frames, 64)
        seen = self.normalised("bn0", mel.transpose(1, 2)).transpose(1, 2).unsqueeze(1)
        for i in range(1, N_BLOCKS + 1):
            seen = self.block(f"conv_block{i}", seen, halves=i < N_BLOCKS)
        over_bands = seen.mean(3)
        pooled = over_bands.amax(2) + over_bands.mean(2)
        embedding = torch.relu(self.linear("fc1", pooled))
        return embedding, torch.sigmoid(self.linear("fc_audioset", embedding))

    def block(self, name: str, seen: Tensor, *, halves: bool) -> Tensor:
        import torch

        for j in (1, 2):
            kernel = self.weights[f"{name}.conv{j}.weight"]
            seen = torch.nn.functional.conv2d(seen, kernel, padding=1)
            seen = torch.relu(self.normalised(f"{name}.bn{j}", seen))
        return torch.nn.functional.avg_pool2d(seen, 2) if halves else seen

    def normalised(self, name: str, values: Tensor) -> Tensor:
        import torch

        scale, shift, mean, variance = (self.weights[f"{name}.{part}"] for part in NORM_PARTS)
        return torch.nn.functional.batch_norm(values, mean, variance, scale, shift, eps=EPSILON)

    def linear(self, name: str, values: Tensor) -> Tensor:
        import torch

        return torch.nn.functional.linear(values, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])


NORM_PARTS = ("weight", "bias", "running_mean", "running_var")


def log_mel(sound: Tensor) -> Tensor:
    """Mel power in dB, (n, frames, 64), at least −100."""
    filters = mel_filters(RATE, N_FFT, N_MELS, LOW_HZ, HIGH_HZ)
    power = mel_power(sound, rate=RATE, n_fft=N_FFT, hop=HOP, filters=filters, centre=True)
    return 10 * power.clamp(min=SMALLEST).log10()

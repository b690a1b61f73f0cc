"""The network in torch: pieces of a mel spectrogram in, an embedding and fifty tags out.

Source: Pons and Serra, musicnn: pre-trained convolutional neural networks for music audio tagging (2019),
https://arxiv.org/abs/1909.06654, and its code, models.py of musicnn 0.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, device

TIMBRAL = ("timbral_38", "timbral_67")
TEMPORAL = {"temporal_128": 128, "temporal_64": 64, "temporal_32": 32}  # frames that each spans


class Network:
    """One of the two networks, its arrays on one device."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]], on: device) -> None:
        """arrays: as `converting.SHAPES` says."""
        import torch

        self.arrays: dict[str, Tensor] = {name: torch.from_numpy(array).to(on) for name, array in arrays.items()}
        self.signs: dict[str, Tensor] = {}
        for name in (*TIMBRAL, *TEMPORAL):
            sign = self.signs[name] = torch.where(self.arrays[f"{name}.scale"] < 0, -1.0, 1.0).view(-1, 1)
            self.arrays[f"{name}.kernel"] = self.arrays[f"{name}.kernel"] * sign.view(-1, 1, 1, 1)
            self.arrays[f"{name}.bias"] = self.arrays[f"{name}.bias"] * sign.view(-1)

    def __call__(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """The penultimate layer, shape (n, 200), and the tags, (n, 50), 0 to 1, of patches of shape (n, 187, 96)."""
        import torch

        with torch.inference_mode():
            heard = self.front(mel * self.arrays["input.scale"] + self.arrays["input.shift"])
            pooled = self.pooled(torch.cat([heard, *self.middle(heard)], 1))
            dense = self.normalised("dense", torch.relu(self.linear("dense", self.normalised("pooled", pooled))))
            return dense, torch.sigmoid(self.linear("answer", dense))

    def front(self, mel: Tensor) -> Tensor:
        """Timbre and rhythm, the strongest over the bands: (n, frames, 96) to (n, 561, frames).

        Timbral filters are run with the bands as rows: their largest is then taken over whole rows of frames, three
        times as fast on a CPU as within rows. For temporal ones it is the other way round.
        """
        import torch

        pad = torch.nn.functional.pad
        rows = pad(mel.transpose(1, 2), (3, 3)).contiguous().unsqueeze(1)
        timbre = [self.strongest(name, rows, over=2) for name in TIMBRAL]
        rhythm = [
            # TensorFlow's "same" padding of an even kernel: the larger half comes after
            self.strongest(name, pad(mel.unsqueeze(1), (0, 0, n // 2 - 1, n // 2)), over=3)
            for name, n in TEMPORAL.items()
        ]
        return torch.cat([*timbre, *rhythm], 1)

    def strongest(self, name: str, mel: Tensor, over: int) -> Tensor:
        """The largest normalised answer over the bands, (n, filters, frames).

        Normalising is a factor and an addend, so the largest can be taken before it, of 11,000 numbers a filter rather
        than after; `Network` has turned the sign of the filters whose factor is below 0.
        """
        import torch

        found = torch.nn.functional.conv2d(mel, self.arrays[f"{name}.kernel"], self.arrays[f"{name}.bias"]).amax(over)
        return self.normalised(name, torch.relu(found * self.signs[name]))

    def middle(self, heard: Tensor) -> list[Tensor]:
        """Three layers over time, the later two added to the one before: (n, 64, frames) each."""
        first = self.over_time("middle_1", heard)
        second = self.over_time("middle_2", first) + first
        return [first, second, self.over_time("middle_3", second) + second]

    def over_time(self, name: str, features: Tensor) -> Tensor:
        import torch

        kernel, bias = self.arrays[f"{name}.kernel"], self.arrays[f"{name}.bias"]
        return self.normalised(name, torch.relu(torch.nn.functional.conv1d(features, kernel, bias, padding=3)))

    def pooled(self, features: Tensor) -> Tensor:
        """The largest and the mean over time of each feature, side by side: (n, 753, frames) to (n, 1506)."""
        import torch

        return torch.stack([features.amax(2), features.mean(2)], 2).flatten(1)

    def normalised(self, name: str, values: Tensor) -> Tensor:
        """Batch normalisation along the second dimension."""
        along = (1, -1) + (1,) * (values.dim() - 2)
        return values * self.arrays[f"{name}.scale"].view(along) + self.arrays[f"{name}.shift"].view(along)

    def linear(self, name: str, values: Tensor) -> Tensor:
        return values @ self.arrays[f"{name}.kernel"] + self.arrays[f"{name}.bias"]

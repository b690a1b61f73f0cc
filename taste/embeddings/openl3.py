"""OpenL3 (Cramer et al. 2019) by the published package torchopenl3, whose own download is never called."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import PatchWish
from taste.embeddings.hearing import Embedded
from taste.embeddings.torched import TorchAdapter

if TYPE_CHECKING:
    from torch import Tensor, device

WEIGHTS = "torchopenl3_mel256_music_512.pth.tar"


class OpenL3(TorchAdapter):
    """Twenty pieces of one second, heard by the network for music."""

    name: ClassVar[str] = "openl3"
    version: ClassVar[str] = "mel256-music-512"
    dimensions: ClassVar[int] = 512
    patches = PatchWish(n=20, seconds=1, rate=48_000)

    def files(self) -> list[Path]:
        return [self.folder / WEIGHTS]

    def what_is_absent(self) -> str:
        if not find_spec("torchopenl3"):
            return "torchopenl3 is not installed: pip install torchopenl3."
        if not self.files()[0].is_file():
            return f"{self.files()[0]} is absent: put it there from github.com/torchopenl3/torchopenl3-models."
        return ""

    def load(self, on: device) -> Any:
        import torch
        from torchopenl3.models import PytorchOpenl3

        network = PytorchOpenl3(input_repr="mel256", content_type="music", embedding_size=self.dimensions)
        network.load_state_dict(torch.load(self.files()[0], map_location="cpu", weights_only=True))
        return network.eval().to(on)

    def hear(self, model: Any, sound: Tensor) -> list[Tensor]:
        return [model(sound.unsqueeze(1)).flatten(1)]

    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        return Embedded(answers[0].mean(axis=0))

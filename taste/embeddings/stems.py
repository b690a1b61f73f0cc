"""Voice and instruments taken apart by demucs (Rouard et al. 2023), to say how much of a track is which.

The separated sound is never written anywhere: only four shares leave this module.
"""

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

MODEL = "htdemucs"
SOURCES = ("drums", "bass", "other", "vocals")


class Stems(TorchAdapter):
    """The share of the power of four pieces of six seconds in each stem; heads "stems:vocals" and so on, 0 to 1.

    The folder is as demucs calls a repository: htdemucs.yaml and the .th files that it names. They are unpickled, so
    put only files there that you trust.
    """

    name: ClassVar[str] = "stems"
    version: ClassVar[str] = MODEL
    dimensions: ClassVar[int] = len(SOURCES)
    patches = PatchWish(n=4, seconds=6, rate=44_100)
    n_on_cpu: ClassVar[int] = 1
    n_on_cuda: ClassVar[int] = 8

    def files(self) -> list[Path]:
        return [self.folder / f"{MODEL}.yaml", *sorted(self.folder.glob("*.th"))]

    def what_is_absent(self) -> str:
        if not find_spec("demucs"):
            return "demucs is not installed: pip install demucs."
        if not self.files()[0].is_file() or len(self.files()) < 2:
            return f"{self.files()[0]} and the .th files that it names are absent: put them there."
        return ""

    def load(self, on: device) -> Any:
        from demucs.pretrained import get_model

        model = get_model(MODEL, repo=self.folder)
        if not set(SOURCES) <= set(model.sources):
            raise ValueError(f"it separates {', '.join(model.sources)}")
        return model.eval().to(on)

    def hear(self, model: Any, sound: Tensor) -> list[Tensor]:
        """The power of each of SOURCES in each patch, (n, 4)."""
        from demucs.apply import apply_model

        both = sound.unsqueeze(1).expand(-1, 2, -1)
        # shifts=0: the random shifts of demucs would give another answer each time
        parts = apply_model(model, both, shifts=0, split=True, progress=False, device=sound.device)
        power = parts.square().mean((2, 3))
        return [power[:, [list(model.sources).index(source) for source in SOURCES]]]

    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        """Shares of the power of all pieces together; nothing where they are silent."""
        power = answers[0].sum(axis=0, dtype=np.float64)
        if power.sum() <= 0:
            return Embedded.nothing()
        shares = (power / power.sum()).astype(np.float32)
        return Embedded(
            shares, {f"stems:{source}": float(share) for source, share in zip(SOURCES, shares, strict=True)}
        )

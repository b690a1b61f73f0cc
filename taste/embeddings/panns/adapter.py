"""PANNs as an adapter, from the weights that its authors publish."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import PatchWish
from taste.embeddings.hearing import Embedded
from taste.embeddings.panns.network import RATE, Cnn14
from taste.embeddings.torched import TorchAdapter

if TYPE_CHECKING:
    from torch import Tensor, device

WEIGHTS, CLASSES = "Cnn14_mAP=0.431.pth", "class_labels_indices.csv"
PUBLISHED_AT = "https://zenodo.org/records/3987831"


class Panns(TorchAdapter):
    """Five pieces of ten seconds, as long as the clips it was taught on.

    With AudioSet's class_labels_indices.csv beside the weights its classes are heads, "audioset:Singing".
    """

    name: ClassVar[str] = "panns"
    version: ClassVar[str] = "cnn14-0.431"
    dimensions: ClassVar[int] = 2048
    patches = PatchWish(n=5, seconds=10, rate=RATE)
    n_on_cpu: ClassVar[int] = 1

    def files(self) -> list[Path]:
        return [self.folder / WEIGHTS]

    def what_is_absent(self) -> str:
        path = self.files()[0]
        return "" if path.is_file() else f"{path} is absent: put it there from {PUBLISHED_AT}."

    def load(self, on: device) -> Cnn14:
        import torch

        # weights_only: a file from elsewhere is read as numbers, never run
        stored = torch.load(self.files()[0], map_location="cpu", weights_only=True)
        return Cnn14(stored.get("model", stored), on)

    def hear(self, model: Cnn14, sound: Tensor) -> list[Tensor]:
        return list(model(sound))

    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        embedding, classes = (answer.mean(axis=0) for answer in answers)
        names = self.class_names()
        if len(names) != len(classes):
            return Embedded(embedding)
        return Embedded(embedding, {f"audioset:{name}": float(p) for name, p in zip(names, classes, strict=True)})

    def class_names(self) -> list[str]:
        """AudioSet's classes in the order of their numbers; empty where the table is not there."""
        try:
            with (self.folder / CLASSES).open(newline="", encoding="utf-8") as file:
                rows = sorted((int(row["index"]), row["display_name"]) for row in csv.DictReader(file))
        except (OSError, ValueError, KeyError, csv.Error):
            return []
        return [name for _, name in rows]

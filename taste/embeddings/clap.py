"""CLAP (Wu et al. 2023, https://arxiv.org/abs/2211.06687) by transformers, from a folder that an operator put there."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
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

WEIGHTS = ("model.safetensors", "pytorch_model.bin")


class Clap(TorchAdapter):
    """Five pieces of ten seconds. The folder is as transformers saves a model: config.json, weights, preprocessor's."""

    name: ClassVar[str] = "clap"
    patches = PatchWish(n=5, seconds=10, rate=48_000)
    n_on_cpu: ClassVar[int] = 1

    def files(self) -> list[Path]:
        weights = next((self.folder / name for name in WEIGHTS if (self.folder / name).is_file()), None)
        return [self.folder / "config.json", weights or self.folder / WEIGHTS[0]]

    @cached_property
    def config(self) -> dict[str, Any]:
        """What config.json says; empty where it cannot be read."""
        try:
            found = json.loads((self.folder / "config.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and found.get("model_type") == "clap" else {}

    @property
    def version(self) -> str:
        """Each checkpoint has a space of its own, so its configuration and the size of its weights name it."""
        if not self.config:
            return ""
        size = self.files()[1].stat().st_size if self.files()[1].is_file() else 0
        return hashlib.sha256(f"{json.dumps(self.config, sort_keys=True)} {size}".encode()).hexdigest()[:12]

    @property
    def dimensions(self) -> int:
        return int(self.config.get("projection_dim", 512)) if self.config else 0

    def what_is_absent(self) -> str:
        if not find_spec("transformers"):
            return "transformers is not installed: pip install transformers."
        for path in self.files():
            if not path.is_file():
                return f"{path} is absent: save a CLAP model of transformers (such as laion/clap-htsat-unfused) there."
        if not self.config:
            return f"{self.folder / 'config.json'} does not describe a CLAP model: save it there anew."
        return ""

    def load(self, on: device) -> tuple[Any, Any]:
        from transformers import ClapFeatureExtractor, ClapModel

        has_own = (self.folder / "preprocessor_config.json").is_file()
        ears = ClapFeatureExtractor.from_pretrained(self.folder, local_files_only=True) if has_own else None
        model: Any = ClapModel.from_pretrained(self.folder, local_files_only=True)
        model = model.eval().float().to(on)
        is_fused = bool(model.config.audio_config.enable_fusion)
        return model, ears or ClapFeatureExtractor(truncation="fusion" if is_fused else "rand_trunc")

    def hear(self, model: tuple[Any, Any], sound: Tensor) -> list[Tensor]:
        network, ears = model
        seen = ears(list(sound.cpu().numpy()), sampling_rate=self.patches.rate, return_tensors="pt")
        answer = network.get_audio_features(**{name: each.to(sound.device) for name, each in seen.items()})
        return [answer if not hasattr(answer, "pooler_output") else answer.pooler_output]  # transformers 4, and 5

    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        mean = answers[0].mean(axis=0)
        return Embedded((mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32))

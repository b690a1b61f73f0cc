"""What the adapters that run in torch share: the device, models loaded once a process, batches of patches."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import PatchWish
from taste.embeddings.files import why_damaged
from taste.embeddings.hearing import Embedded, Sounding

if TYPE_CHECKING:
    from torch import Tensor, device

logger = logging.getLogger(__name__)

Key = tuple[Any, ...]
_warm: dict[str, tuple[Key, Any, str]] = {}  # name of adapter → what it was loaded from, the model, why it was not


class TorchAdapter(ABC):
    """A model whose files lie in `folder`; loaded when it first hears, once a process, and anew when they change.

    device: auto (CUDA where there is one), cpu or cuda.
    """

    name: ClassVar[str]
    patches: PatchWish
    n_on_cpu: ClassVar[int] = 4  # patches at once: more leave a processor's cache and are slower
    n_on_cuda: ClassVar[int] = 64

    def __init__(self, folder: Path, *, device: str = "auto") -> None:
        self.folder, self.device = folder, device

    @property
    @abstractmethod
    def version(self) -> str: ...

    @property
    @abstractmethod
    def dimensions(self) -> int: ...

    @abstractmethod
    def files(self) -> list[Path]:
        """What it is loaded from."""

    @abstractmethod
    def what_is_absent(self) -> str:
        """A sentence when a package or a file is absent; quick, without loading."""

    def what_is_damaged(self) -> str:
        """The same of files that are plainly not whole."""
        for path in self.files():
            if problem := why_damaged(path):
                return f"{path} is damaged ({problem}): put it there anew."
        return ""

    @abstractmethod
    def load(self, on: device) -> Any:
        """The model on its device. Raises anything where the files are damaged."""

    @abstractmethod
    def hear(self, model: Any, sound: Tensor) -> list[Tensor]:
        """What the model answers to patches, shape (n, samples): tensors whose first dimension is n."""

    @abstractmethod
    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        """One track's answer from the answers to its patches, n at least 1."""

    # --- Ready or not -----------------------------------------------------------------------------------------------
    def why_off(self) -> str:
        if absent := why_no_torch() or self.what_is_absent() or self.what_is_damaged() or why_no_device(self.device):
            return absent
        key, _, problem = _warm.get(self.name, ((), None, ""))
        return problem if key == self.key() else ""

    def key(self) -> Key:
        """Names what is loaded: the same files, unchanged, on the same device."""
        stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in self.files()]
        return (self.device, *stats)

    def warm(self) -> Any:
        """The model, loaded now unless it is; None where it cannot be, and `why_off` says why.

        Want of memory passes, so it is an error of this moment and not a fault of the files.
        """
        if self.why_off():
            return None
        import torch

        key = self.key()
        kept = _warm.get(self.name)
        if kept is None or kept[0] != key:
            try:
                kept = (key, self.tried(torch_device(self.device)), "")
            except (MemoryError, torch.OutOfMemoryError):
                raise
            except Exception as error:
                logger.exception("The model %s cannot be loaded from %s.", self.name, self.folder)
                what = (str(error).strip() or type(error).__name__).splitlines()[0]
                kept = (key, None, f"Its files in {self.folder} cannot be loaded ({what[:200]}). Put them there anew.")
            _warm[self.name] = kept
        return kept[1]

    def tried(self, on: device) -> Any:
        """The model after it has heard a moment of silence: what its files lack, it lacks now and not in a job."""
        import torch

        if on.type == "cuda":
            # TF32, which convolutions use there, keeps 10 bits: answers would stray from the CPU's by more than 1e-3
            torch.backends.cudnn.allow_tf32 = False
        model = self.load(on)
        silence = np.zeros((1, self.patches.n_samples), np.float32)
        in_batches(silence, on, lambda some: self.hear(model, some), 1)
        return model

    # --- Hearing ----------------------------------------------------------------------------------------------------
    def embed(self, items: Sequence[Sounding]) -> list[Embedded]:
        """One answer per item; the patches of all of them go through the model together."""
        model = self.warm()
        counts = [len(item.patches) if item.patches.ndim == 2 and item.patches.shape[1] else 0 for item in items]
        if model is None or not sum(counts):
            return [Embedded.nothing() for _ in items]
        sound = np.concatenate(
            [fitted(item.patches, self.patches.n_samples) for item, n in zip(items, counts, strict=True) if n]
        )
        on = torch_device(self.device)
        answers = in_batches(sound, on, lambda some: self.hear(model, some), self.n_at_once(on))
        ends = np.cumsum(counts)
        return [
            self.told([answer[end - n : end] for answer in answers]) if n else Embedded.nothing()
            for n, end in zip(counts, ends, strict=True)
        ]

    def n_at_once(self, on: device) -> int:
        return self.n_on_cuda if on.type == "cuda" else self.n_on_cpu


def fitted(patches: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
    """Patches of exactly `n_samples`: cut, or filled with silence."""
    short = n_samples - patches.shape[1]
    return np.pad(patches, ((0, 0), (0, short))) if short > 0 else patches[:, :n_samples]


def in_batches(
    sound: NDArray[np.float32], on: device, hear: Callable[[Tensor], list[Tensor]], n: int
) -> list[NDArray[np.float32]]:
    """What `hear` answers to `sound`, (patches, samples), `n` patches at a time; half as many where memory ends."""
    import torch

    found: list[list[Tensor]] = []
    start = 0
    while start < len(sound):
        some = torch.from_numpy(np.ascontiguousarray(sound[start : start + n], np.float32)).to(on)
        try:
            with torch.inference_mode():
                found.append([answer.float().cpu() for answer in hear(some)])
        except torch.OutOfMemoryError:
            if n == 1:
                raise
            n //= 2
            continue
        start += n
    return [torch.cat(parts).numpy() for parts in zip(*found, strict=True)]


# --- The device -----------------------------------------------------------------------------------------------------
def why_no_torch() -> str:
    return "" if find_spec("torch") else "PyTorch is not installed: pip install '.[audio]'."


def why_no_device(wish: str) -> str:
    """Empty when torch can run where it is asked to."""
    if wish != "cuda":
        return ""
    import torch

    if torch.cuda.is_available():
        return ""
    return "TORCH_DEVICE is cuda, and PyTorch finds no CUDA device here: set it to auto or cpu."


def torch_device(wish: str) -> device:
    """auto: CUDA where there is one."""
    import torch

    return torch.device("cuda" if wish == "cuda" or (wish == "auto" and torch.cuda.is_available()) else "cpu")

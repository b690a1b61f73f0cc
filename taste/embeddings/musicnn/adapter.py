"""musicnn as an adapter: the embeddings of both networks side by side, and their hundred tags."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import PatchWish
from taste.embeddings.hearing import Embedded
from taste.embeddings.musicnn.converting import N_MELS, N_PENULTIMATE, Arrays, check
from taste.embeddings.musicnn.network import Network
from taste.embeddings.musicnn.tags import TAGS
from taste.embeddings.spectra import mel_filters, mel_power
from taste.embeddings.torched import TorchAdapter

if TYPE_CHECKING:
    from torch import Tensor, device

RATE, N_FFT, HOP, N_FRAMES = 16_000, 512, 256, 187
N_SAMPLES = (N_FRAMES - 1) * HOP + N_FFT  # 3.008 s: every frame is whole, none leans on sound that is not there
GAIN = 10_000  # the network was taught on log10(1 + 10,000 power)


class Musicnn(TorchAdapter):
    """Ten patches of three seconds.

    Measured on eight tracks: a cosine of 0.986 to 0.996 with the mean of 70 patches, no tag further off than 0.07.
    """

    name: ClassVar[str] = "musicnn"
    version: ClassVar[str] = "0.1.0-1"  # of the published weights, and of what is made of them here
    dimensions: ClassVar[int] = N_PENULTIMATE * len(TAGS)
    patches = PatchWish(n=10, seconds=N_SAMPLES / RATE, rate=RATE)
    n_on_cpu: ClassVar[int] = 2
    n_on_cuda: ClassVar[int] = 64  # 1.5 GB

    def files(self) -> list[Path]:
        return [self.folder / f"{net}.npz" for net in TAGS]

    def what_is_absent(self) -> str:
        for path in self.files():
            if not path.is_file():
                return f"{path} is absent: run manage.py fetch_models."
        return ""

    def what_is_damaged(self) -> str:
        for path in self.files():
            stat = path.stat()
            if problem := why_damaged(path, stat.st_size, stat.st_mtime_ns):
                return f"{path} is damaged ({problem}): run manage.py fetch_models."
        return ""

    def load(self, on: device) -> list[Network]:
        return [Network(arrays_in(path), on) for path in self.files()]

    def hear(self, model: list[Network], sound: Tensor) -> list[Tensor]:
        mel = log_mel(sound)
        return [answer for network in model for answer in network(mel)]

    def told(self, answers: list[NDArray[np.float32]]) -> Embedded:
        """Means over the patches. answers: penultimate and tags of one network after the other."""
        means = [answer.mean(axis=0) for answer in answers]
        heads = {
            f"{net.partition('_')[0].lower()}:{tag}": float(value)
            for (net, tags), values in zip(TAGS.items(), means[1::2], strict=True)
            for tag, value in zip(tags, values, strict=True)
        }
        return Embedded(np.concatenate(means[::2]).astype(np.float32), heads)


def log_mel(sound: Tensor) -> Tensor:
    """The spectrogram that the networks were taught on: sound of shape (n, 48128) at 16 kHz to (n, 187, 96).

    musicnn itself rounds to 16 bits before the gain and overflows in loud cells; here it is 32 bits throughout.
    """
    filters = mel_filters(RATE, N_FFT, N_MELS)
    return (1 + GAIN * mel_power(sound, rate=RATE, n_fft=N_FFT, hop=HOP, filters=filters, centre=False)).log10()


def arrays_in(path: Path) -> Arrays:
    """The arrays of one network. ValueError, OSError or BadZipFile where the file is not what was converted."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    check(arrays)
    return arrays


@lru_cache(maxsize=8)
def why_damaged(path: Path, n_bytes: int, changed_ns: int) -> str:
    """Empty when the file can be read; remembered for as long as its size and time stay the same."""
    try:
        arrays_in(path)
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        return str(error) or type(error).__name__
    return ""

"""OpenL3 and stems by packages that are not installed here: stand-ins of the packages' own shape lie on the path."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from taste.embeddings.hearing import Sounding
from taste.embeddings.openl3 import WEIGHTS, OpenL3
from taste.embeddings.stems import Stems
from taste.tests.embeddings.sounds import heard, noise, some_measured

OPENL3 = """
import torch

class PytorchOpenl3(torch.nn.Module):
    '''Sound of shape (n, 1, 48000) to (n, 512).'''

    def __init__(self, content_type, input_repr, embedding_size):
        super().__init__()
        assert (content_type, input_repr) == ("music", "mel256")
        self.dense = torch.nn.Linear(4, embedding_size)

    def forward(self, sound):
        assert sound.shape[1:] == (1, 48000)
        return self.dense(sound.reshape(len(sound), 4, -1).square().mean(2))
"""
PRETRAINED = """
import torch

class Separated(torch.nn.Module):
    sources = ["vocals", "drums", "other", "bass"]
    samplerate, audio_channels = 44100, 2

def get_model(name, repo=None):
    assert name == "htdemucs" and repo is not None, "it would download"
    if "broken" in (repo / "htdemucs.yaml").read_text():
        raise RuntimeError("checksum")
    return Separated()
"""
APPLY = """
import torch

def apply_model(model, mix, shifts=1, split=True, progress=False, device=None):
    '''(n, 2, samples) to (n, sources, 2, samples): the quarters of the sound, each in a stem of its own.'''
    assert mix.shape[1] == 2 and shifts == 0
    parts = torch.zeros(mix.shape[0], 4, *mix.shape[1:])
    for i, quarter in enumerate(mix.tensor_split(4, dim=2)):
        start = sum(each.shape[2] for each in mix.tensor_split(4, dim=2)[:i])
        parts[:, i, :, start:start + quarter.shape[2]] = quarter
    return parts
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, files in {
        "torchopenl3": {"models.py": OPENL3},
        "demucs": {"pretrained.py": PRETRAINED, "apply.py": APPLY},
    }.items():
        package = tmp_path / "site" / name
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        for file, text in files.items():
            (package / file).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield
    for module in [name for name in sys.modules if name.partition(".")[0] in {"torchopenl3", "demucs"}]:
        del sys.modules[module]


def test_without_their_packages_they_are_off(tmp_path: Path) -> None:
    assert OpenL3(tmp_path).why_off() == "torchopenl3 is not installed: pip install torchopenl3."
    assert Stems(tmp_path).why_off() == "demucs is not installed: pip install demucs."
    assert Stems(tmp_path).embed([heard(Stems.patches, 1)])[0].is_empty


@pytest.mark.usefixtures("packages")
def test_without_their_weights_they_are_off(tmp_path: Path) -> None:
    assert OpenL3(tmp_path).why_off().startswith(f"{tmp_path / WEIGHTS} is absent: put it there from github.com")
    assert Stems(tmp_path).why_off() == (
        f"{tmp_path / 'htdemucs.yaml'} and the .th files that it names are absent: put them there."
    )


@pytest.mark.usefixtures("packages")
def test_openl3_hears_by_the_package(tmp_path: Path) -> None:
    import torch
    from torchopenl3.models import PytorchOpenl3

    network = PytorchOpenl3("music", "mel256", 512)
    torch.save(network.state_dict(), tmp_path / WEIGHTS)
    openl3 = OpenL3(tmp_path, device="cpu")
    item = heard(openl3.patches, 3)
    (answer,) = openl3.embed([item])
    with torch.no_grad():
        mean = network(torch.from_numpy(item.patches)[:, None]).mean(0).numpy()
    np.testing.assert_allclose(answer.vector, mean, atol=1e-6)
    assert answer.vector.shape == (openl3.dimensions,)


@pytest.mark.usefixtures("packages")
def test_openl3_with_other_weights_is_off(tmp_path: Path) -> None:
    import torch

    torch.save({"something": torch.zeros(2)}, tmp_path / WEIGHTS)
    openl3 = OpenL3(tmp_path, device="cpu")
    assert openl3.embed([heard(openl3.patches, 1)])[0].is_empty
    assert "cannot be loaded" in openl3.why_off()


def folder_of_stems(tmp_path: Path, yaml: str = "models: ['abc']") -> Path:
    (tmp_path / "htdemucs.yaml").write_text(yaml)
    (tmp_path / "abc-123.th").write_bytes(b"weights")
    return tmp_path


@pytest.mark.usefixtures("packages")
def test_stems_are_shares_of_the_power(tmp_path: Path) -> None:
    stems = Stems(folder_of_stems(tmp_path), device="cpu")
    assert stems.why_off() == ""
    patches = np.zeros_like(noise(stems.patches, 2))
    quarter = patches.shape[1] // 4
    patches[:, :quarter] = 0.2  # what the stand-in puts into its first stem, vocals
    patches[:, quarter : 2 * quarter] = 0.1  # and into its second, drums
    answer, silent = stems.embed([Sounding(some_measured(), patches), Sounding(some_measured(), patches * 0)])
    assert answer.heads == pytest.approx({"stems:drums": 0.2, "stems:bass": 0, "stems:other": 0, "stems:vocals": 0.8})
    assert answer.vector == pytest.approx([0.2, 0, 0, 0.8])
    assert silent.is_empty


@pytest.mark.usefixtures("packages")
def test_damaged_stems_are_off_with_a_word(tmp_path: Path) -> None:
    stems = Stems(folder_of_stems(tmp_path, "broken"), device="cpu")
    assert stems.embed([heard(stems.patches, 1)])[0].is_empty
    assert stems.why_off() == f"Its files in {tmp_path} cannot be loaded (checksum). Put them there anew."


@pytest.mark.usefixtures("packages")
def test_want_of_memory_is_no_fault_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "site" / "demucs" / "apply.py").write_text("def apply_model(*args, **kwargs): raise MemoryError")
    stems = Stems(folder_of_stems(tmp_path), device="cpu")
    with pytest.raises(MemoryError):
        stems.embed([heard(stems.patches, 1)])
    assert stems.why_off() == ""

"""Cnn14 against the same network put together from torch's own layers, with weights by chance and few filters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from taste.embeddings.panns.adapter import CLASSES, WEIGHTS, Panns
from taste.embeddings.panns.network import log_mel
from taste.tests.embeddings.sounds import heard

WIDTHS, N_CLASSES = (4, 5, 6, 7, 8, 9), 11


def reference() -> Any:
    """The published network in the shape of its paper, narrower: names as in its weights."""
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, n_in: int, n_out: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(n_in, n_out, 3, padding=1, bias=False)
            self.conv2 = nn.Conv2d(n_out, n_out, 3, padding=1, bias=False)
            self.bn1, self.bn2 = nn.BatchNorm2d(n_out), nn.BatchNorm2d(n_out)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))))

    class Reference(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bn0 = nn.BatchNorm2d(64)
            for i, (n_in, n_out) in enumerate(zip((1, *WIDTHS), WIDTHS, strict=False), 1):
                setattr(self, f"conv_block{i}", Block(n_in, n_out))
            self.fc1, self.fc_audioset = nn.Linear(WIDTHS[-1], 16), nn.Linear(16, N_CLASSES)

        def forward(self, mel: Any) -> Any:
            x = self.bn0(mel[:, None].transpose(1, 3)).transpose(1, 3)
            for i in range(1, 7):
                x = getattr(self, f"conv_block{i}")(x)
                x = nn.functional.avg_pool2d(x, 2) if i < 6 else x
            x = x.mean(3)
            x = torch.relu(self.fc1(x.max(2).values + x.mean(2)))
            return x, torch.sigmoid(self.fc_audioset(x))

    torch.manual_seed(2)
    made = Reference().eval()
    for layer in made.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    import torch

    tables = {"spectrogram_extractor.stft.conv_real.weight": torch.zeros(1), "logmel_extractor.melW": torch.zeros(1)}
    torch.save({"model": reference().state_dict() | tables}, tmp_path / WEIGHTS)
    return tmp_path


def test_the_network_is_the_published_one(folder: Path) -> None:
    import torch

    panns = Panns(folder, device="cpu")
    item = heard(panns.patches, 2)
    (answer,) = panns.embed([item])
    with torch.no_grad():
        embedding, _ = reference()(log_mel(torch.from_numpy(item.patches)))
    np.testing.assert_allclose(answer.vector, embedding.numpy().mean(axis=0), atol=1e-4)
    assert answer.heads == {}
    assert panns.why_off() == ""


def test_classes_have_names_where_the_table_lies_beside_the_weights(folder: Path) -> None:
    rows = [f"{i},/m/{i},Sound {i}" for i in range(N_CLASSES)]
    (folder / CLASSES).write_text("\n".join(["index,mid,display_name", *reversed(rows)]))
    panns = Panns(folder, device="cpu")
    (answer,) = panns.embed([heard(panns.patches, 1)])
    assert list(answer.heads) == [f"audioset:Sound {i}" for i in range(N_CLASSES)]
    assert all(0 <= value <= 1 for value in answer.heads.values())


def test_without_weights_it_is_off(tmp_path: Path) -> None:
    panns = Panns(tmp_path)
    assert panns.why_off() == f"{tmp_path / WEIGHTS} is absent: put it there from https://zenodo.org/records/3987831."
    assert panns.embed([heard(panns.patches, 1)])[0].is_empty


@pytest.mark.parametrize("damage", ["cut", "layer", "shape"])
def test_damaged_weights_turn_it_off_with_a_word(damage: str, folder: Path) -> None:
    import torch

    path = folder / WEIGHTS
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    else:
        state = torch.load(path, weights_only=True)["model"]
        if damage == "layer":
            del state["fc1.weight"]
        else:
            state["conv_block3.conv1.weight"] = torch.zeros(6, 2, 3, 3)
        torch.save({"model": state}, path)
    panns = Panns(folder, device="cpu")
    assert (panns.why_off() == f"{path} is damaged (its end is missing): put it there anew.") == (damage == "cut")
    assert panns.embed([heard(panns.patches, 1)])[0].is_empty
    assert "is damaged (" in panns.why_off() or panns.why_off().startswith(f"Its files in {folder} cannot be loaded (")


def test_weights_that_would_run_code_are_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import torch

    proof = tmp_path_factory.mktemp("proof") / "ran"
    torch.save({"model": Trap(proof)}, folder / WEIGHTS)
    panns = Panns(folder, device="cpu")
    assert panns.embed([heard(panns.patches, 1)])[0].is_empty
    assert panns.why_off() != ""
    assert not proof.exists()


class Trap:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)

"""musicnn as an adapter: who gets which answer, and when it is off."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from taste.embeddings.musicnn.adapter import Musicnn
from taste.embeddings.musicnn.converting import Arrays
from taste.tests.embeddings.sounds import heard


def test_tracks_heard_together_get_what_each_gets_alone(invented_musicnn: Path) -> None:
    musicnn = Musicnn(invented_musicnn, device="cpu")
    items = [heard(musicnn.patches, n, seed=seed) for seed, n in enumerate((3, 0, 1, 2))]
    together = musicnn.embed(items)
    assert [answer.is_empty for answer in together] == [False, True, False, False]
    for item, answer in zip(items, together, strict=True):
        (alone,) = musicnn.embed([item])
        np.testing.assert_allclose(answer.vector, alone.vector, atol=1e-4)
        assert answer.heads == pytest.approx(alone.heads, abs=1e-4)
    assert musicnn.embed([]) == []


def test_a_tracks_answer_is_the_mean_of_its_patches(invented_musicnn: Path) -> None:
    musicnn = Musicnn(invented_musicnn, device="cpu")
    whole = heard(musicnn.patches, 3)
    (together,) = musicnn.embed([whole])
    each = musicnn.embed([type(whole)(whole.measured, whole.patches[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together.vector, np.mean([one.vector for one in each], axis=0), atol=1e-4)
    assert len(together.heads) == 100
    assert {name.partition(":")[0] for name in together.heads} == {"msd", "mtt"}
    assert together.vector.shape == (musicnn.dimensions,)
    assert together.vector.dtype == np.float32


def test_patches_of_another_length_are_cut_or_filled(invented_musicnn: Path) -> None:
    musicnn = Musicnn(invented_musicnn, device="cpu")
    whole = heard(musicnn.patches, 1)
    longer = np.pad(whole.patches, ((0, 0), (0, 500)), constant_values=0.5)
    cut, same = musicnn.embed([type(whole)(whole.measured, longer), whole])
    np.testing.assert_allclose(cut.vector, same.vector, atol=1e-4)
    (short,) = musicnn.embed([type(whole)(whole.measured, whole.patches[:, :9000])])
    assert np.isfinite(short.vector).all()


def test_without_its_files_it_is_off_and_answers_nothing(tmp_path: Path) -> None:
    musicnn = Musicnn(tmp_path / "nowhere")
    assert musicnn.why_off() == f"{tmp_path / 'nowhere' / 'MSD_musicnn.npz'} is absent: run manage.py fetch_models."
    assert musicnn.embed([heard(musicnn.patches, 1)])[0].is_empty


@pytest.mark.parametrize("damage", ["cut", "other", "shape", "nan", "empty"])
def test_a_damaged_file_turns_it_off(damage: str, invented_musicnn: Path, invented_networks: dict[str, Arrays]) -> None:
    path = invented_musicnn / "MTT_musicnn.npz"
    arrays = dict(invented_networks["MTT_musicnn"])
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:100_000])
        case "other":
            path.write_bytes(b"PK\x03\x04 no zip at all")
        case "shape":
            np.savez(path, **(arrays | {"dense.bias": np.zeros(3, np.float32)}))
        case "nan":
            np.savez(path, **(arrays | {"dense.bias": np.full(200, np.nan, np.float32)}))
        case "empty":
            np.savez(path)
    musicnn = Musicnn(invented_musicnn, device="cpu")
    assert "is damaged (" in musicnn.why_off()
    assert musicnn.why_off().endswith("run manage.py fetch_models.")
    assert musicnn.embed([heard(musicnn.patches, 1)])[0].is_empty


def test_files_that_are_put_right_are_heard_without_a_restart(invented_musicnn: Path) -> None:
    path = invented_musicnn / "MSD_musicnn.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    musicnn = Musicnn(invented_musicnn, device="cpu")
    assert musicnn.embed([heard(musicnn.patches, 1)])[0].is_empty
    path.write_bytes(whole)
    os.utime(path, (1, 1))
    assert musicnn.why_off() == ""
    assert not musicnn.embed([heard(musicnn.patches, 1)])[0].is_empty


def test_a_model_is_loaded_once(invented_musicnn: Path) -> None:
    first, second = Musicnn(invented_musicnn, device="cpu"), Musicnn(invented_musicnn, device="cpu")
    assert first.warm() is second.warm()


def test_cuda_that_is_asked_for_and_absent_is_said(invented_musicnn: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    musicnn = Musicnn(invented_musicnn, device="cuda")
    assert musicnn.why_off().startswith("TORCH_DEVICE is cuda, and PyTorch finds no CUDA device here")
    assert musicnn.embed([heard(musicnn.patches, 1)])[0].is_empty


@pytest.mark.cuda
def test_cuda_and_the_cpu_hear_the_same(invented_musicnn: Path) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    on_cpu, on_cuda = (Musicnn(invented_musicnn, device=device) for device in ("cpu", "cuda"))
    items = [heard(on_cpu.patches, 3, seed=seed) for seed in range(40)]
    for one, other in zip(on_cpu.embed(items), on_cuda.embed(items), strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-3)
        assert one.heads == pytest.approx(other.heads, abs=1e-3)

"""CLAP by transformers, with a tiny model that is written here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from taste.embeddings.clap import Clap
from taste.tests.embeddings.sounds import heard


@pytest.fixture(scope="module")
def tiny_clap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("clap")
    audio = {
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "patch_embeds_hidden_size": 8,
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "spec_size": 128,
        "num_mel_bins": 16,
        "window_size": 4,
        "projection_dim": 12,
        "num_classes": 3,
        "aff_block_r": 1,
    }
    text = {
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 8,
        "vocab_size": 20,
        "projection_dim": 12,
    }
    ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=12)).save_pretrained(folder)
    ClapFeatureExtractor(feature_size=16, truncation="rand_trunc").save_pretrained(folder)
    return folder


def test_it_hears_what_the_model_itself_hears(tiny_clap: Path) -> None:
    import torch
    from transformers import ClapFeatureExtractor, ClapModel

    clap = Clap(tiny_clap, device="cpu")
    assert clap.why_off() == ""
    assert clap.dimensions == 12
    item = heard(clap.patches, 2)
    answer, nothing, again = clap.embed([item, heard(clap.patches, 0), item])
    model = ClapModel.from_pretrained(tiny_clap).eval()
    seen = ClapFeatureExtractor.from_pretrained(tiny_clap)(
        list(item.patches), sampling_rate=48_000, return_tensors="pt"
    )
    with torch.no_grad():
        mean = model.get_audio_features(**seen).pooler_output.mean(0)
    np.testing.assert_allclose(answer.vector, (mean / mean.norm()).numpy(), atol=1e-4)
    np.testing.assert_allclose(answer.vector, again.vector, atol=1e-6)
    assert nothing.is_empty


def test_another_checkpoint_is_another_version(tiny_clap: Path, tmp_path: Path) -> None:
    import shutil

    other = shutil.copytree(tiny_clap, tmp_path / "clap")
    assert Clap(other).version == Clap(tiny_clap).version != ""
    (other / "config.json").write_text((other / "config.json").read_text().replace("{", '{"note": 2,', 1))
    assert Clap(other).version != Clap(tiny_clap).version


def test_without_its_folder_it_is_off(tmp_path: Path) -> None:
    clap = Clap(tmp_path)
    assert clap.why_off().startswith(f"{tmp_path / 'config.json'} is absent: save a CLAP model of transformers")
    assert clap.embed([heard(clap.patches, 1)])[0].is_empty
    assert (clap.version, clap.dimensions) == ("", 0)


def test_the_folder_of_another_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert "does not describe a CLAP model" in Clap(tmp_path).why_off()


def test_damaged_weights_turn_it_off_with_a_word(tiny_clap: Path, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(tiny_clap, tmp_path / "clap")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    clap = Clap(folder, device="cpu")
    assert f"is damaged ({len(whole) // 2} bytes of {len(whole)})" in clap.why_off()
    assert clap.embed([heard(clap.patches, 1)])[0].is_empty

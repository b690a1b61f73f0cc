"""The port of musicnn against what the original TensorFlow networks answered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from taste.embeddings.musicnn.adapter import Musicnn, arrays_in
from taste.embeddings.musicnn.fetching import NOTICE, fetch
from taste.embeddings.musicnn.network import Network
from taste.embeddings.musicnn.tags import TAGS
from taste.tests.embeddings.sounds import heard

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("net", TAGS)
def test_the_port_answers_what_tensorflow_answered(net: str, musicnn_weights: Path, real_data: Path) -> None:
    import torch

    golden = np.load(real_data / "features" / "musicnn_golden.npz")
    short = net.partition("_")[0]
    network = Network(arrays_in(musicnn_weights / f"{net}.npz"), torch.device("cpu"))
    penultimate, tags = network(torch.from_numpy(golden["patches"]))
    np.testing.assert_allclose(penultimate.numpy(), golden[f"{short}_penultimate"], atol=1e-4)
    np.testing.assert_allclose(tags.numpy(), golden[f"{short}_sigmoid"], atol=1e-5)
    assert list(TAGS[net]) == list(golden[f"{short}_labels"])


def test_fetching_again_leaves_everything_as_it_is(musicnn_weights: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in musicnn_weights.iterdir()}
    assert fetch(musicnn_weights) == f"musicnn is in {musicnn_weights} already."
    assert {path.name: path.stat().st_mtime_ns for path in musicnn_weights.iterdir()} == before
    assert set(before) == {"MSD_musicnn.npz", "MTT_musicnn.npz", NOTICE}
    assert "Permission to use, copy, modify" in (musicnn_weights / NOTICE).read_text()
    assert sum(path.stat().st_size for path in musicnn_weights.iterdir()) < 7_000_000


def test_noise_is_not_called_music(musicnn_weights: Path) -> None:
    musicnn = Musicnn(musicnn_weights, device="cpu")
    (answer,) = musicnn.embed([heard(musicnn.patches, 2)])
    assert answer.vector.shape == (400,)
    assert len(answer.heads) == 100
    assert all(0 <= value <= 1 for value in answer.heads.values())
    assert answer.heads["mtt:opera"] < 0.2
    assert answer.heads["msd:happy"] < 0.2

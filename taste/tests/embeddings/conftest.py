"""Models for tests: small invented ones, and musicnn's own where it can be fetched."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from sidetrack.tests.skipping import skip_or_fail
from taste.embeddings.musicnn.converting import SHAPES, Arrays
from taste.embeddings.musicnn.fetching import SHA256, CannotFetch, fetch
from taste.embeddings.musicnn.tags import TAGS


@pytest.fixture(scope="session")
def musicnn_weights(real_data: Path) -> Path:
    """The folder of musicnn's own weights: fetched once (29 MB), then kept in the system's temporary directory."""
    folder = Path(tempfile.gettempdir()) / f"sidetrack-tests-musicnn-{SHA256[:12]}"
    try:
        fetch(folder)
    except CannotFetch as error:
        skip_or_fail(str(error))
    return folder


@pytest.fixture(scope="session")
def invented_networks() -> dict[str, Arrays]:
    """Networks of musicnn's shape with weights by chance: as quick as the real ones, and they know nothing."""
    chance = np.random.default_rng(1)
    return {
        net: {
            name: (chance.standard_normal(shape) / np.sqrt(max(1, np.prod(shape[1:])))).astype(np.float32)
            for name, shape in SHAPES.items()
        }
        for net in TAGS
    }


@pytest.fixture
def invented_musicnn(tmp_path: Path, invented_networks: dict[str, Arrays]) -> Path:
    for net, arrays in invented_networks.items():
        np.savez(tmp_path / f"{net}.npz", **arrays)
    return tmp_path

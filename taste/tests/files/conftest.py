"""A folder of music of its own for each test that asks for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def music(settings: Any, tmp_path: Path) -> Path:
    """AUDIO_ROOT, empty."""
    root = tmp_path / "music"
    root.mkdir()
    settings.AUDIO_ROOT = str(root)
    return root

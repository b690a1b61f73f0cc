"""Outside catalogues as they answer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.tests.musicbrainz_double import MusicBrainzDouble, musicbrainz_running


@pytest.fixture
def musicbrainz(settings: Any) -> Iterator[MusicBrainzDouble]:
    with musicbrainz_running(settings) as double:
        yield double

"""Services where lists go, as they answer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_spotify import FakeSpotify

QUICK = (
    1_000.0  # requests a second: the same way as always, without its waits (listening/tests/test_listenbrainz_client)
)


@pytest.fixture
def spotify(settings: Any) -> Iterator[FakeSpotify]:
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = ""
    fake = FakeSpotify()
    with fake.running():
        yield fake


@pytest.fixture
def listenbrainz(settings: Any) -> Iterator[FakeListenBrainz]:
    fake = FakeListenBrainz()
    with fake.running() as server:
        settings.LISTENBRAINZ_URL, settings.LISTENBRAINZ_RATE_LIMIT = server.url, QUICK
        yield fake

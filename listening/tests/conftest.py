"""Outside services as they answer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from catalog.tests.conftest import musicbrainz
from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_spotify import FakeSpotify
from social.models import User

__all__ = ["brainz", "musicbrainz"]


@pytest.fixture
def brainz(settings: Any) -> Iterator[FakeListenBrainz]:
    fake = FakeListenBrainz()
    with fake.running() as server:
        settings.LISTENBRAINZ_URL, settings.LISTENBRAINZ_RATE_LIMIT = server.url, 0
        yield fake


@pytest.fixture
def spotify(settings: Any) -> Iterator[FakeSpotify]:
    settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = settings.SPOTIFY_CLIENT_ID = ""  # put back afterwards
    settings.SPOTIFY_CLIENT_SECRET = ""
    fake = FakeSpotify()
    with fake.running():
        yield fake


@pytest.fixture
def lastfm(settings: Any) -> Iterator[FakeLastfm]:
    fake = FakeLastfm(scrobbles=[Scrobble(1_700_000_000, "Portishead", "Roads", "Dummy")])
    with fake.running() as server:
        settings.LASTFM_URL = settings.LASTFM_AUTH_URL = server.url
        settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET, settings.LASTFM_RATE_LIMIT = "key", "secret", 0
        yield fake


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client

"""The services that are read, by the name that their listens and `SyncState` rows carry."""

from __future__ import annotations

from listening.syncing.lastfm import LASTFM
from listening.syncing.listenbrainz import LISTENBRAINZ
from listening.syncing.reading import SyncSource
from listening.syncing.spotify import SPOTIFY

SOURCES: dict[str, SyncSource] = {each.source: each for each in (LASTFM, LISTENBRAINZ, SPOTIFY)}

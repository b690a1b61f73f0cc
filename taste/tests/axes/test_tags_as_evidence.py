"""Tags fill in where nobody knows better; Spotify is asked where it still answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_httpx import HTTPXMock

from catalog.models import Tag, Tagging, Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from conftest import Jobs
from listening.models import TrackTotal
from social.models import User
from taste.axes import tasks
from taste.axes.asking_spotify import ask_for_played, lines, why_off
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.axes.tagged import fill_in, from_tags, portions
from taste.models import TrackFeatures, TrackScore
from taste.tests.axes.test_sources import SPOTIFY

pytestmark = pytest.mark.django_db


def tag(name: str, weight: int = 100, source: str = "lastfm", **of: Any) -> None:
    row, _ = Tag.objects.get_or_create(name_key=name, defaults={"name": name})
    Tagging.objects.create(tag=row, weight=weight, source=source, **of)


def played(member: User, track: Track, now: datetime, n: int = 3) -> Track:
    TrackTotal.objects.create(user=member, track=track, n_listens=n, first_at=now, last_at=now)
    return track


def test_tags_of_track_album_and_artist_become_weak_evidence(rin: User, monday: datetime) -> None:
    album = AlbumFactory()
    track = TrackFactory(artist=album.artist, album=album)
    tag("ambient", track=track)
    tag("instrumental", 50, "musicbrainz", album=album)
    tag("sad", artist=album.artist)
    assert fill_in([track.pk], now=monday) == 1
    row = TrackFeatures.objects.get(track=track)
    assert row.energy is not None
    assert row.energy < 0.3
    assert row.instrumentalness is not None
    assert row.instrumentalness > 0.8
    assert set(row.sources.values()) == {"tags"}
    assert max(row.confidence.values()) < 0.3
    assert "ambient" in TrackScore.objects.get(track=track, axis="energy").method
    assert fill_in([track.pk], now=monday + timedelta(days=1)) == 0


def test_when_tags_are_gone_so_is_what_they_said(monday: datetime) -> None:
    track = TrackFactory()
    tag("punk", track=track)
    fill_in([track.pk], now=monday)
    Tagging.objects.all().delete()
    assert fill_in([track.pk], now=monday) == 1
    assert TrackFeatures.objects.get(track=track).energy is None


def test_each_night_played_tracks_without_better_evidence_are_told_by_their_tags(
    rin: User, monday: datetime, jobs: Jobs
) -> None:
    tagged, silent, unplayed, known, invented = (TrackFactory() for _ in range(5))
    Track.objects.filter(pk=invented.pk).update(is_demo=True)
    for track in (tagged, unplayed, known, invented):
        tag("techno", track=track)
    for track in (tagged, silent, known, invented):
        played(rin, track, monday)
    keep(source="audio", version="1", judged={known.pk: {"energy": Judged(0.4, 0.8, "heard")}}, now=monday)
    assert list(portions()) == [(tagged.pk, silent.pk)]
    assert "1 portions" in tasks.fill_in_from_tags()
    assert jobs.run() == ["2 tracks are told by their tags, 1 of them differently."]
    assert set(TrackScore.objects.filter(source="tags").values_list("track", flat=True)) == {tagged.pk}


def test_reading_tags_takes_as_many_queries_for_twenty_tracks_as_for_one() -> None:
    artist = ArtistFactory()

    def queries(n: int) -> int:
        tracks = [TrackFactory(artist=artist) for _ in range(n)]
        for track in tracks:
            tag("jazz", track=track)
        with CaptureQueriesContext(connection) as captured:
            assert len(from_tags([track.pk for track in tracks])) == n
        return len(captured)

    assert queries(1) == queries(20) <= 4


@pytest.fixture
def keys(settings: LazySettings) -> None:
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    settings.SPOTIFY_API_URL, settings.SPOTIFY_ACCOUNTS_URL = "https://api.test", "https://accounts.test"


@pytest.fixture
def token(keys: None, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(
        url="https://accounts.test/api/token", method="POST", json={"access_token": "t", "expires_in": 3600}
    )


def test_without_keys_spotify_is_not_asked(settings: LazySettings, monday: datetime) -> None:
    settings.SPOTIFY_CLIENT_ID = ""
    assert "SPOTIFY_CLIENT_ID" in ask_for_played(now=monday)
    assert [(each.is_on, each.says) for each in lines()] == [(False, why_off())]


def test_spotify_tells_of_the_most_played_tracks(
    rin: User, monday: datetime, token: None, httpx_mock: HTTPXMock
) -> None:
    known, unknown = TrackFactory(spotify_id=SPOTIFY["id"]), TrackFactory(spotify_id="0" * 22)
    for track in (known, unknown):
        played(rin, track, monday)
    played(rin, TrackFactory(), monday)
    httpx_mock.add_response(
        url=f"https://api.test/v1/audio-features?ids={SPOTIFY['id']}%2C{'0' * 22}",
        json={"audio_features": [SPOTIFY, None]},
    )
    assert ask_for_played(now=monday) == "Spotify told of 1 of 2 tracks, 1 sound different now."
    row = TrackFeatures.objects.get(track=known)
    assert (row.energy, row.sources["energy"]) == (0.963, "spotify")
    assert ask_for_played(now=monday) == "Spotify told of 0 of 0 tracks, 0 sound different now."


def test_an_application_that_may_not_ask_is_off_with_a_word(
    rin: User, monday: datetime, token: None, httpx_mock: HTTPXMock
) -> None:
    played(rin, TrackFactory(spotify_id=SPOTIFY["id"]), monday)
    httpx_mock.add_response(url=f"https://api.test/v1/audio-features?ids={SPOTIFY['id']}", status_code=403)
    assert "403" in ask_for_played(now=monday)
    assert "403" in why_off()
    assert "403" in ask_for_played(now=monday)
    assert len(httpx_mock.get_requests(url=f"https://api.test/v1/audio-features?ids={SPOTIFY['id']}")) == 1

"""`music/search` and `music/albums` in REST."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from catalog.models import Album
from catalog.tests.factories import AlbumFactory, TrackFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
MBID = "48140466-cff6-3222-bd55-63c27e43190d"
SPOTIFY = "3539EbNgIdEDGBKkUf4wno"


# --- Search ---------------------------------------------------------------------------------------------------------
def test_visitors_search_our_own_catalogue(visitor: Caller) -> None:
    album = AlbumFactory(title="Homogenic", artist__name="Björk", release_year=1997)
    AlbumFactory(title="Dummy", artist__name="Portishead")
    answer = visitor.get("music/search", q="bjork homogenik").json()
    assert (answer["count"], answer["next"], answer["previous"], answer["musicbrainz"]) == (1, None, None, "not_asked")
    assert "Sign in" in answer["notice"]
    (found,) = answer["results"]
    assert (found["id"], found["title"], found["artist"], found["year"]) == (album.pk, "Homogenic", "Björk", 1997)
    assert (found["type"], found["source"]) == ("album", "sidetrack")
    assert found["url"].endswith(f"/albums/{album.slug}/")
    assert visitor.client.get(found["cover_url"]).status_code == 200


def test_tracks_are_found_with_their_album(visitor: Caller) -> None:
    album = AlbumFactory(title="Dummy", artist__name="Portishead")
    track = TrackFactory(title="Glory Box", artist=album.artist, album=album)
    answer = visitor.get("music/search", q="glory box", type="track").json()
    (found,) = answer["results"]
    assert (found["type"], found["id"], found["album"]["title"]) == ("track", track.pk, "Dummy")
    assert found["duration_ms"] == track.duration_ms


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": " "}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "a", "type": "poem"}, "type"),
        ({"q": "a", "limit": 0}, "limit"),
        ({"q": "a", "limit": 51}, "limit"),
        ({"q": "a", "limit": "all"}, "limit"),
    ],
)
def test_a_search_that_means_nothing_is_a_bad_value(visitor: Caller, query: dict[str, Any], field: str) -> None:
    error = refused(visitor.get("music/search", **query), 400, "invalid")
    assert list(error["fields"]) == [field]


def test_the_limit_holds(visitor: Caller, django_assert_max_num_queries: Any) -> None:
    artist = AlbumFactory(title="Weezer").artist
    with django_assert_max_num_queries(4):
        visitor.get("music/search", q="weezer")
    for number in range(20):
        AlbumFactory(title=f"Weezer {number}", artist=artist)
    with django_assert_max_num_queries(4):
        assert visitor.get("music/search", q="weezer", limit=7).json()["count"] == 7


# --- Adding ---------------------------------------------------------------------------------------------------------
def test_an_album_is_added_by_name_once(rin: User, jobs: Any, django_capture_on_commit_callbacks: Any) -> None:
    body = {"title": "Dummy", "artist": "Portishead", "year": 1994}
    with django_capture_on_commit_callbacks(execute=True):
        first = caller_of(rin).post("music/albums", body)
        again = caller_of(rin).post("music/albums", {"title": "dummy", "artist": "PORTISHEAD"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["title"], first.json()["year"]) == ("Dummy", 1994)
    assert jobs.names() == ["catalog.tasks.identify"]


@pytest.mark.parametrize(
    ("body", "field"), [({"release_group_mbid": MBID}, "release_group_mbid"), ({"spotify_id": SPOTIFY}, "spotify_id")]
)
def test_an_album_is_added_by_its_id_alone(
    service: Caller, jobs: Any, django_capture_on_commit_callbacks: Any, body: dict[str, str], field: str
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, again = service.post("music/albums", body), service.post("music/albums", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert str(getattr(Album.objects.get(), field)) == body[field]
    assert jobs.names() == ["catalog.tasks.identify"]


def test_a_known_id_is_the_album_that_has_it(rin: User) -> None:
    album = AlbumFactory(release_group_mbid=MBID)
    response = caller_of(rin).post("music/albums", {"release_group_mbid": MBID})
    assert (response.status_code, response.json()["id"]) == (200, album.pk)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"title": "Dummy"}, "body"),
        ({"year": 1994}, "body"),
        ({"title": "", "artist": "Portishead"}, "title"),
        ({"release_group_mbid": "dummy"}, "release_group_mbid"),
        ({"spotify_id": "short"}, "spotify_id"),
    ],
)
def test_bad_values_are_named(rin: User, body: dict[str, str], field: str) -> None:
    error = refused(caller_of(rin).post("music/albums", body), 400, "invalid")
    assert list(error["fields"]) == [field]


def test_visitors_add_nothing(visitor: Caller) -> None:
    refused(visitor.post("music/albums", {"title": "Dummy", "artist": "Portishead"}), 401, "not_authenticated")
    assert not Album.objects.exists()


# --- MusicBrainz after our own --------------------------------------------------------------------------------------
GROUP = {
    "id": MBID,
    "title": "Dummy",
    "primary-type": "Album",
    "first-release-date": "1994-08-22",
    "score": 100,
    "artist-credit": [
        {"name": "Portishead", "artist": {"id": "8f6bd1e4-fbe1-4f50-aa9b-94c450ec0f11", "name": "Portishead"}}
    ],
}


@pytest.fixture
def hurried(settings: Any) -> None:
    settings.MUSICBRAINZ_RATE_LIMIT = 1000.0


@pytest.mark.usefixtures("hurried")
def test_members_find_what_musicbrainz_knows_after_what_we_hold(rin: User, httpx_mock: Any) -> None:
    httpx_mock.add_response(json={"count": 1, "offset": 0, "release-groups": [GROUP]})
    held = AlbumFactory(title="Dummy Live", artist__name="Portishead")
    answer = caller_of(rin).get("music/search", q="dummy portishead").json()
    assert answer["musicbrainz"] == "answered"
    assert answer["notice"] is None
    ours, theirs = answer["results"]
    assert (ours["id"], ours["source"]) == (held.pk, "sidetrack")
    assert theirs == {
        "type": "album",
        "source": "musicbrainz",
        "id": None,
        "title": "Dummy",
        "artist": "Portishead",
        "year": 1994,
        "album": None,
        "duration_ms": None,
        "mbid": MBID,
        "cover_url": None,
        "url": None,
    }
    added = caller_of(rin).post("music/albums", {"title": "Dummy", "artist": "Portishead", "release_group_mbid": MBID})
    assert added.status_code == 201


@pytest.mark.usefixtures("hurried")
def test_what_we_hold_is_not_listed_twice(service: Caller, httpx_mock: Any) -> None:
    httpx_mock.add_response(json={"count": 1, "offset": 0, "release-groups": [GROUP]})
    AlbumFactory(title="Dummy", artist__name="Portishead", release_group_mbid=MBID)
    (only,) = service.get("music/search", q="dummy").json()["results"]
    assert (only["source"], only["mbid"]) == ("sidetrack", MBID)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("failure", ["busy", "slow", "broken", "odd"])
def test_without_musicbrainz_the_answer_says_so(rin: User, httpx_mock: Any, failure: str) -> None:
    match failure:
        case "busy":
            httpx_mock.add_response(status_code=503, headers={"Retry-After": "60"})
        case "slow":
            httpx_mock.add_exception(httpx.ReadTimeout("slow"), is_reusable=True)
        case "broken":
            httpx_mock.add_response(text="<html>", is_reusable=True)
        case "odd":
            httpx_mock.add_response(json={"error": "Invalid query"}, status_code=400)
    AlbumFactory(title="Dummy", artist__name="Portishead")
    started = time.monotonic()
    response = caller_of(rin).get("music/search", q="dummy")
    assert time.monotonic() - started < 30  # not the minute that it was told to wait
    assert response.status_code == 200
    assert response.json()["musicbrainz"] == "unavailable"
    assert "MusicBrainz" in response.json()["notice"]
    assert response.json()["count"] == 1


def test_nobody_asks_musicbrainz_when_the_page_is_full(rin: User) -> None:
    AlbumFactory(title="Dummy", artist__name="Portishead")
    answer = caller_of(rin).get("music/search", q="dummy", limit=1).json()
    assert (answer["musicbrainz"], answer["notice"], answer["count"]) == ("not_asked", None, 1)

"""`club/weeks/{number}/nominations` in REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase
from club.tests.factories import NominationFactory, WeekFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
PATH = "club/weeks/1/nominations"
DUMMY = {"title": "Dummy", "artist": "Portishead", "year": 1994}


@pytest.fixture(autouse=True)
def _tuesday(time_machine: Any) -> None:
    time_machine.move_to(datetime(2025, 11, 11, 12, 0, tzinfo=UTC), tick=False)


def test_an_album_is_nominated_by_name_at_once(rin: User) -> None:
    WeekFactory(number=1)
    body = {
        "album": DUMMY,
        "pitch": "After midnight.",
        "pitch_track": "Roads",
        "pitch_track_url": "https://example.org/roads",
        "genre": "trip hop",
        "decade": "90s",
        "country": "GB",
    }
    response = caller_of(rin).post(PATH, body)
    assert response.status_code == 201
    made = response.json()
    nomination = Nomination.objects.get()
    assert made == {
        "id": nomination.pk,
        "week": 1,
        "album": made["album"],
        "nominator": {"handle": "rin", "display_name": "Rin", "url": "http://testserver/@rin/"},
        "pitch": "After midnight.",
        "pitch_track": "Roads",
        "pitch_track_url": "https://example.org/roads",
        "genre": "trip hop",
        "decade": "1990s",
        "country": "GB",
        "created_at": "2025-11-11T12:00:00Z",
        "warnings": [],
    }
    assert (made["album"]["title"], made["album"]["artist"], made["album"]["year"]) == ("Dummy", "Portishead", 1994)


def test_the_lookup_is_left_to_a_job(rin: User, jobs: Any, django_capture_on_commit_callbacks: Any) -> None:
    WeekFactory(number=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert caller_of(rin).post(PATH, {"album": DUMMY}).status_code == 201
    assert jobs.names() == ["catalog.tasks.identify"]


def test_the_same_again_is_the_same(rin: User) -> None:
    WeekFactory(number=1)
    first = caller_of(rin).post(PATH, {"album": DUMMY, "pitch": "One"}).json()
    again = caller_of(rin).post(PATH, {"album": {"title": "DUMMY", "artist": "portishead"}})
    assert (again.status_code, again.json()["id"], again.json()["pitch"]) == (200, first["id"], "One")


def test_an_album_is_nominated_by_id_even_when_it_was_merged(rin: User) -> None:
    WeekFactory(number=1)
    kept = AlbumFactory()
    merged = AlbumFactory(merged_into=kept)
    made = caller_of(rin).post(PATH, {"album_id": merged.pk}).json()
    assert made["album"]["id"] == kept.pk


def test_the_rules_of_the_club_are_refused_with_a_code(rin: User, sol: User) -> None:
    WeekFactory(number=1)
    caller_of(rin).post(PATH, {"album": DUMMY})
    refused(caller_of(rin).post(PATH, {"album": {"title": "Third", "artist": "Portishead"}}), 409, "nomination_limit")
    error = refused(caller_of(sol).post(PATH, {"album": DUMMY}), 409, "already_nominated")
    assert "Rin" in error["message"]
    assert not Album.objects.filter(title="Third").exists(), "a refused nomination leaves no album behind"


def test_nominating_has_its_phase(rin: User) -> None:
    WeekFactory(number=1, phase=Phase.POLL)
    refused(caller_of(rin).post(PATH, {"album": DUMMY}), 409, "wrong_phase")
    refused(caller_of(rin).post("club/weeks/2/nominations", {"album": DUMMY}), 404, "unknown_week")


def test_a_past_winner_only_warns(rin: User) -> None:
    past = WeekFactory(number=2, phase=Phase.CLOSED)
    WeekFactory(number=1)
    made = caller_of(rin).post(PATH, {"album_id": past.winner.album.pk})
    assert made.status_code == 201
    assert "WEEK 002" in made.json()["warnings"][0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "album"),
        ({"album": DUMMY, "album_id": 1}, "album"),
        ({"album": "Dummy"}, "album"),
        ({"album": {"title": "Dummy"}}, "album.artist"),
        ({"album": {"title": " ", "artist": "Portishead"}}, "album.title"),
        ({"album": {**DUMMY, "year": 3000}}, "album.year"),
        ({"album": {**DUMMY, "release_group_mbid": "x"}}, "album.release_group_mbid"),
        ({"album_id": 10**30}, "album_id"),
        ({"album_id": "x"}, "album_id"),
        ({"album": DUMMY, "pitch": "x" * 2001}, "pitch"),
        ({"album": DUMMY, "pitch_track_url": "javascript:alert(1)"}, "pitch_track_url"),
    ],
)
def test_bad_values_are_named(rin: User, body: dict[str, Any], field: str) -> None:
    WeekFactory(number=1)
    error = refused(caller_of(rin).post(PATH, body), 400, "invalid")
    assert list(error["fields"]) == [field]


def test_an_unknown_album_is_404(rin: User) -> None:
    WeekFactory(number=1)
    refused(caller_of(rin).post(PATH, {"album_id": 4711}), 404, "unknown_album")


def test_a_value_that_the_club_refuses_is_a_bad_value(rin: User) -> None:
    WeekFactory(number=1)
    refused(caller_of(rin).post(PATH, {"album": DUMMY, "decade": "lately"}), 400, "bad_value")


def test_standing_nominations_are_listed(visitor: Caller, django_assert_max_num_queries: Any) -> None:
    week = WeekFactory(number=1)
    first = NominationFactory(week=week)
    NominationFactory(week=week, withdrawn_at=week.opens_at)
    with django_assert_max_num_queries(4):
        page = visitor.get(PATH).json()
    assert [nomination["id"] for nomination in page["results"]] == [first.pk]
    for _ in range(19):
        NominationFactory(week=week)
    with django_assert_max_num_queries(4):
        assert visitor.get(PATH).json()["count"] == 20
    refused(visitor.get("club/weeks/2/nominations"), 404, "unknown_week")

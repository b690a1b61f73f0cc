"""A member's listening in REST: the summary of a range, and plays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Tag, Tagging
from catalog.tests.factories import AlbumFactory
from listening.tests.histories import NOW, counted, evenings, heard, listener, track
from social.models import Block, User
from social.tests.callers import Caller, caller_of, refused
from social.visibility import Visibility

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana() -> User:
    ana = listener("ana", zone="Asia/Tokyo")
    album = AlbumFactory(title="Tago Mago", artist__name="Can")
    rock = Tag.objects.create(name="krautrock", name_key="krautrock", is_genre=True)
    Tagging.objects.create(tag=rock, artist=album.artist, source="lastfm", weight=100)
    heard(ana, track("Halleluhwah", album=album), "2025-10-20 10:00", "2025-11-03 10:00", "2025-11-04 10:00")
    heard(ana, track("Hero", "Neu"), "2025-10-31 15:00", ms=None)  # 1 November in Tokyo
    counted(ana)
    return ana


def test_a_summary_says_what_was_heard_in_the_members_own_month(ana: User, rin: User) -> None:
    answer = caller_of(rin).get("users/ANA/summary", range="month").json()
    assert list(answer) == [
        "period", "listens", "artists", "albums", "tracks", "top_artists", "top_albums", "top_genres", "computed_at",
    ]  # fmt: skip
    assert answer["period"] == {"range": "month", "from": "2025-11-01", "to": "2025-11-30", "timezone": "Asia/Tokyo"}
    assert (answer["listens"], answer["artists"], answer["albums"], answer["tracks"]) == (3, 2, 1, 2)
    first, second = answer["top_artists"]
    assert (first["place"], first["place_before"], first["listens"], first["artist"]["name"]) == (1, 1, 2, "Can")
    assert (second["place"], second["place_before"], second["listens"], second["artist"]["name"]) == (2, None, 1, "Neu")
    assert answer["top_albums"][0]["album"]["title"] == "Tago Mago"
    assert answer["top_genres"] == [{"genre": "krautrock", "listens": 2, "artists": 1}]
    assert answer["computed_at"] == "2025-11-20T12:00:00Z"


def test_everything_has_no_ends(ana: User, rin: User) -> None:
    answer = caller_of(rin).get("users/ana/summary", range="all").json()
    assert answer["period"] == {"range": "all", "from": None, "to": None, "timezone": "Asia/Tokyo"}
    assert answer["listens"] == 4


@pytest.mark.parametrize(("text", "listens"), [
    ("week", 0), ("quarter", 4), ("year", 4), ("2025-10-20,2025-10-31", 1), ("last-month", 1), ("", 3), ("2024", 0),
])  # fmt: skip
def test_any_range_may_be_asked_for(ana: User, rin: User, text: str, listens: int) -> None:
    assert caller_of(rin).get("users/ana/summary", range=text).json()["listens"] == listens


@pytest.mark.parametrize("text", ["fortnight", "2025-02-02,2025-02-01", "2025-01-01,", "1,2,3"])
def test_what_is_no_range_is_refused(ana: User, rin: User, text: str) -> None:
    error = refused(caller_of(rin).get("users/ana/summary", range=text), 400, "invalid")
    assert list(error["fields"]) == ["range"]


def test_plays_are_listed_newest_first_with_their_music(ana: User, rin: User) -> None:
    answer = caller_of(rin).get("users/ana/listens/recent", limit=2).json()
    assert (answer["count"], answer["previous"], len(answer["results"])) == (4, None, 2)
    first = answer["results"][0]
    assert first["played_at"] == "2025-11-04T10:00:00Z"
    assert (first["track"]["title"], first["track"]["artist"], first["album"]["title"]) == (
        "Halleluhwah", "Can", "Tago Mago",
    )  # fmt: skip
    last = caller_of(rin).get(answer["next"].split("/api/v1/")[1]).json()["results"]
    assert [row["track"]["title"] for row in last] == ["Hero", "Halleluhwah"]
    assert (last[0]["ms_played"], last[0]["album"]) == (None, None)


def test_a_play_that_two_sources_told_is_one(ana: User, rin: User) -> None:
    first = heard(ana, track("Hero", "Neu"), "2025-11-10 10:00")[0]
    heard(ana, track("Hero", "Neu"), "2025-11-10 10:01", source="spotify", duplicate_of=first)
    counted(ana)
    assert caller_of(rin).get("users/ana/listens/recent").json()["count"] == 5


def test_ones_own_plays_need_no_handle(ana: User, service: Caller, visitor: Caller) -> None:
    assert caller_of(ana).get("listens/recent").json()["count"] == 4
    assert service.client.get("/api/v1/listens/recent", headers={"X-User-Id": "ana"}).json()["count"] == 4
    refused(service.get("listens/recent"), 400, "invalid")
    refused(visitor.get("listens/recent"), 401, "not_authenticated")


def test_a_page_has_at_most_two_hundred(rin: User) -> None:
    evenings(rin, 230)
    answer = caller_of(rin).get("listens/recent", limit=1000).json()
    assert (answer["count"], len(answer["results"])) == (230, 200)
    assert len(caller_of(rin).get("listens/recent").json()["results"]) == 50
    refused(caller_of(rin).get("listens/recent", limit="many"), 400, "invalid")
    refused(caller_of(rin).get("listens/recent", page=9), 404, "not_found")


def test_somebody_without_a_listen_has_an_empty_summary(rin: User) -> None:
    answer = caller_of(rin).get("users/rin/summary", range="all").json()
    assert (answer["listens"], answer["top_artists"], answer["top_genres"]) == (0, [], [])
    assert caller_of(rin).get("listens/recent").json()["count"] == 0


@pytest.mark.parametrize("path", ["users/ana/summary", "users/ana/listens/recent"])
def test_who_may_not_read_finds_nothing(ana: User, rin: User, visitor: Caller, path: str) -> None:
    refused(visitor.get(path), 404, "not_found")
    assert caller_of(rin).get(path).status_code == 200
    Block.objects.create(blocker=ana, blocked=rin)
    refused(caller_of(rin).get(path), 404, "not_found")
    User.objects.filter(pk=ana.pk).update(visibility=Visibility.PUBLIC, listens_visibility=Visibility.PUBLIC)
    assert visitor.get(path).status_code == 200
    User.objects.filter(pk=ana.pk).update(listens_visibility=Visibility.ME)
    refused(visitor.get(path), 404, "not_found")
    assert caller_of(ana).get(path).status_code == 200
    User.objects.filter(pk=ana.pk).update(visibility=Visibility.ME, listens_visibility=Visibility.PUBLIC)
    refused(visitor.get(path), 404, "not_found")  # a hidden page hides its listens


@pytest.mark.parametrize("path", ["users/ana/summary?range=year", "users/ana/listens/recent"])
def test_an_answer_costs_as_much_for_a_long_history(ana: User, rin: User, path: str) -> None:
    evenings(ana, 60)
    caller = caller_of(rin)
    assert caller.get(path).status_code == 200
    with CaptureQueriesContext(connection) as first:
        caller.get(path)
    evenings(ana, 400, until=NOW - timedelta(days=14), a_day=7)
    with CaptureQueriesContext(connection) as second:
        caller.get(path)
    assert len(first) == len(second) <= 25

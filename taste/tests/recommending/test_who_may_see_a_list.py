"""A list is its member's own; others see it where taste and listens are both open, without names in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.tests.factories import AlbumFactory
from club.models import DiaryEntry, Phase, WantedAlbum
from club.tests.factories import RatingFactory, WeekFactory
from social.models import Block, Follow, PersonalToken, User
from social.tests.callers import Caller, caller_of, refused
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.models import UserRecommendation
from taste.recommending import renewing
from taste.tests.recommending.listening_club import NOW, albums, list_of, plays, tagged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def told(sol: User, rin: User, stranger: User) -> list[UserRecommendation]:
    """sol's list: an album by its genres, one that rin (whom sol follows) rated high."""
    own, near = (tagged(album, "dub") for album in albums("Dub", 2))
    plays(sol, own)
    plays(stranger, near)
    RatingFactory(user=rin, week=None, album=AlbumFactory(title="Praised"), half_stars=10)
    renewing.renew([sol], now=NOW)
    return list_of(sol)


def page(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_the_members_own_answer_names_people_and_music(told: list[UserRecommendation], sol: User) -> None:
    body = caller_of(sol).get("users/SOL/recommendations").json()
    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    praised = next(row for row in body["results"] if row["kind"] == "friends")
    assert list(praised) == ["rank", "score", "kind", "reason", "album", "version", "computed_at"]
    assert praised["reason"] == "Rin, whom you follow, rated it 5.0."
    assert praised["computed_at"] == "2025-11-20T12:00:00Z"
    assert {row["rank"] for row in body["results"]} == {1, 2}


def test_others_read_kinds_of_reasons_and_nothing_that_rests_on_whom_a_member_follows(
    told: list[UserRecommendation], stranger: User
) -> None:
    (row,) = caller_of(stranger).get("users/sol/recommendations").json()["results"]
    assert (row["kind"], row["reason"], row["rank"]) == ("similar", "Near what they play.", 1)


@pytest.mark.parametrize("area", ["visibility", "taste_visibility", "listens_visibility"])
def test_page_taste_and_listens_must_all_be_open(
    told: list[UserRecommendation], sol: User, stranger: User, area: str
) -> None:
    follower = UserFactory()
    Follow.objects.create(follower=follower, followed=sol)
    seen = {}
    for level in (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.FOLLOWERS, Visibility.ME):
        User.objects.filter(pk=sol.pk).update(
            **dict.fromkeys(["visibility", "taste_visibility", "listens_visibility"], Visibility.PUBLIC) | {area: level}
        )
        callers = [Caller(), caller_of(stranger), caller_of(follower), caller_of(sol)]
        seen[level.value] = [caller.get("users/sol/recommendations").status_code for caller in callers]
    assert seen == {
        "public": [200, 200, 200, 200],
        "members": [404, 200, 200, 200],
        "followers": [404, 404, 200, 200],
        "me": [404, 404, 404, 200],
    }
    Block.objects.create(blocker=sol, blocked=follower)
    refused(caller_of(follower).get("users/sol/recommendations"), 404, "not_found")


def test_answers_are_given_for_oneself_alone(told: list[UserRecommendation], sol: User, stranger: User) -> None:
    album = told[0].album_id
    body = {"album": album, "feedback": "known"}
    refused(caller_of(stranger).post("users/sol/recommendations", body), 403, "not_your_own")
    refused(Caller().post("users/sol/recommendations", body), 401, "not_authenticated")
    reader = caller_of(sol, PersonalToken.Scope.READ)
    refused(reader.post("users/sol/recommendations", body), 403, "read_only_token")
    mine = caller_of(sol)
    assert mine.post("users/sol/recommendations", body).json() == {
        "album": album, "feedback": "known", "feedback_at": "2025-11-20T12:00:00Z",
    }  # fmt: skip
    assert mine.get("users/sol/recommendations").json()["count"] == 1
    assert mine.post("users/sol/recommendations", {"album": album, "feedback": ""}).json()["feedback_at"] is None
    assert mine.get("users/sol/recommendations").json()["count"] == 2
    refused(mine.post("users/sol/recommendations", {"album": album, "feedback": "love"}), 400, "invalid")
    refused(mine.post("users/sol/recommendations", {"album": 10**9, "feedback": "known"}), 404, "unknown_album")


def test_the_page_tells_each_album_with_its_reason_and_takes_a_word(told: list[UserRecommendation], sol: User) -> None:
    client = page(sol)
    html = client.get(reverse("taste:recommendations")).content.decode()
    assert "Rin, whom you follow, rated it 5.0." in html
    assert "It is dub, like albums that you play." in html
    say = reverse("taste:recommendation_say", args=[told[0].album_id])
    after = client.post(say, {"feedback": "not_interested"}, follow=True).content.decode()
    assert "will not be recommended to you again" in after
    assert "What you said no to" in after
    assert re.search(r'role="status".*?name="feedback" value="">Undo', after, re.DOTALL)
    assert UserRecommendation.objects.get(user=sol, album=told[0].album_id).feedback == "not_interested"
    back = client.post(say, {"feedback": ""}, follow=True).content.decode()
    assert "may be recommended to you again" in back
    assert "What you said no to" not in back
    assert client.post(say, {"feedback": "nonsense"}, follow=True).status_code == 200
    assert client.get(say).status_code == 405


def test_a_list_may_be_read_by_why_an_album_is_there(told: list[UserRecommendation], sol: User) -> None:
    client = page(sol)
    only = client.get(reverse("taste:recommendations"), {"kind": "friends"}).content.decode()
    assert "Rin, whom you follow" in only
    assert "like albums that you play" not in only
    say = reverse("taste:recommendation_say", args=[told[0].album_id])
    answer = client.post(say, {"feedback": "known", "kind": "friends"})
    assert answer["Location"] == f"/recommendations/?kind=friends&said={told[0].album_id}"


def test_an_album_on_the_list_to_hear_is_marked_and_another_can_be_put_there(
    told: list[UserRecommendation], sol: User
) -> None:
    client = page(sol)
    html = client.get(reverse("taste:recommendations")).content.decode()
    assert html.count("/want/") == 2
    WantedAlbum.objects.create(user=sol, album=told[0].album, created_at=NOW)
    html = client.get(reverse("taste:recommendations")).content.decode()
    assert (html.count("/want/"), html.count("On your list to hear")) == (1, 1)


def test_what_was_heard_by_hand_is_recommended_no_more(told: list[UserRecommendation], sol: User) -> None:
    DiaryEntry.objects.create(user=sol, album=told[0].album, listened_on=NOW.date(), created_at=NOW)
    assert told[0].album.title not in page(sol).get(reverse("taste:recommendations")).content.decode()
    renewing.renew([sol], now=NOW)
    assert told[0].album not in [row.album for row in list_of(sol)]


def test_an_empty_page_says_what_would_fill_it(stranger: User) -> None:
    html = page(stranger).get(reverse("taste:recommendations")).content.decode()
    assert "Nothing to recommend yet" in html
    assert "No plays of yours are here yet" in html
    assert "You follow nobody yet" in html


def test_a_visitor_is_asked_to_sign_in() -> None:
    answer = Client().get(reverse("taste:recommendations"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_page_and_an_answer_of_many_albums_take_as_many_queries_as_of_one(sol: User, rin: User) -> None:
    def queries() -> tuple[int, int]:
        client, caller = page(sol), caller_of(sol)
        with CaptureQueriesContext(connection) as of_page:
            client.get(reverse("taste:recommendations"))
        with CaptureQueriesContext(connection) as of_answer:
            caller.get("users/sol/recommendations")
        return len(of_page), len(of_answer)

    RatingFactory(user=rin, week=None, half_stars=10)
    renewing.renew([sol], now=NOW)
    assert len(list_of(sol)) == 1
    few = queries()
    for _ in range(12):
        RatingFactory(user=rin, week=None, half_stars=9)
        WeekFactory(phase=Phase.CLOSED)
    renewing.renew([sol], now=NOW)
    assert len(list_of(sol)) >= 20
    assert queries() == few

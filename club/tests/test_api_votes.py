"""`club/weeks/{number}/votes` in REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Vote, Week
from club.tests.factories import NominationFactory, WeekFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
PATH = "club/weeks/1/votes"


@pytest.fixture(autouse=True)
def week(time_machine: Any) -> Week:
    """Friday of the factory's week: the poll is open."""
    time_machine.move_to(datetime(2025, 11, 14, 12, 0, tzinfo=UTC), tick=False)
    made: Week = WeekFactory(number=1, phase=Phase.POLL)
    return made


@pytest.fixture
def nominees(week: Week) -> list[Nomination]:
    return [NominationFactory(week=week) for _ in range(3)]


def ballot(response: Any) -> tuple[int | None, int | None]:
    assert response.status_code == 200, response.content
    return response.json()["first"], response.json()["second"]


def test_choices_are_set_replaced_and_moved(rin: User, nominees: list[Nomination]) -> None:
    a, b, c = (nomination.pk for nomination in nominees)
    caller = caller_of(rin)
    assert ballot(caller.post(PATH, {"nomination": a, "rank": 1})) == (a, None)
    assert ballot(caller.post(PATH, {"nomination": a, "rank": 1})) == (a, None), "the same again changes nothing"
    assert ballot(caller.post(PATH, {"nomination": b, "rank": 2})) == (a, b)
    assert ballot(caller.post(PATH, {"nomination": c, "rank": 1})) == (c, b), "a later one replaces"
    assert ballot(caller.post(PATH, {"nomination": b, "rank": 1})) == (b, None), "a held one moves"
    assert list(Vote.objects.values_list("user__handle", "nomination", "rank")) == [("rin", b, 1)]


def test_a_vote_may_name_the_album(rin: User, nominees: list[Nomination]) -> None:
    response = caller_of(rin).post(PATH, {"album_id": nominees[1].album.pk, "rank": 2})
    assert ballot(response) == (None, nominees[1].pk)
    assert response.json()["voter"]["handle"] == "rin"


def test_the_rules_of_the_poll_are_refused_with_a_code(rin: User, nominees: list[Nomination]) -> None:
    own = NominationFactory(week=nominees[0].week, user=rin)
    elsewhere = NominationFactory()
    gone = NominationFactory(week=nominees[0].week, withdrawn_at=nominees[0].created_at)
    caller = caller_of(rin)
    refused(caller.post(PATH, {"nomination": own.pk, "rank": 1}), 409, "own_nomination")
    refused(caller.post(PATH, {"nomination": elsewhere.pk, "rank": 1}), 409, "not_nominated")
    refused(caller.post(PATH, {"nomination": gone.pk, "rank": 1}), 409, "not_nominated")
    refused(caller.post(PATH, {"album_id": AlbumFactory().pk, "rank": 1}), 409, "not_nominated")
    refused(caller.post(PATH, {"nomination": 4711, "rank": 1}), 404, "unknown_nomination")
    refused(caller.post(PATH, {"album_id": 4711, "rank": 1}), 404, "unknown_album")
    refused(caller.post("club/weeks/9/votes", {"nomination": own.pk, "rank": 1}), 404, "unknown_week")
    assert not Vote.objects.exists()


def test_voting_has_its_phase(rin: User, week: Week, nominees: list[Nomination]) -> None:
    Week.objects.filter(pk=week.pk).update(phase=Phase.NOMINATIONS, nominations_close_at="2025-11-15T00:00:00Z")
    refused(caller_of(rin).post(PATH, {"nomination": nominees[0].pk, "rank": 1}), 409, "wrong_phase")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rank": 1}, "nomination"),
        ({"nomination": 1, "album_id": 1, "rank": 1}, "nomination"),
        ({"nomination": 1}, "rank"),
        ({"nomination": 1, "rank": 3}, "rank"),
        ({"nomination": True, "rank": 1}, "nomination"),
        ({"nomination": None, "rank": 1}, "nomination"),
    ],
)
def test_bad_values_are_named(rin: User, body: dict[str, Any], field: str) -> None:
    error = refused(caller_of(rin).post(PATH, body), 400, "invalid")
    assert list(error["fields"]) == [field]


def test_totals_are_secret_until_the_poll_is_over(
    visitor: Caller, service: Caller, rin: User, mod: User, week: Week, nominees: list[Nomination]
) -> None:
    caller_of(rin).post(PATH, {"nomination": nominees[1].pk, "rank": 1})
    for caller in (visitor, caller_of(rin)):
        for summary in (caller.get(f"{PATH}/summary").json(), caller.get("club/weeks/1").json()["poll"]):
            assert summary == {"results": [], "winner": None, "tie_break": "", "voters": 1}
    for caller in (service, caller_of(mod)):
        summary = caller.get(f"{PATH}/summary").json()
        assert summary["results"][0]["nomination"] == nominees[1].pk
        assert summary["winner"] is None
    service.patch("club/weeks/1", {"phase": "listening"})
    summary = visitor.get(f"{PATH}/summary").json()
    assert [(line["points"], line["firsts"], line["seconds"], line["place"]) for line in summary["results"]] == [
        (2, 1, 0, 1),
        (0, 0, 0, 2),
        (0, 0, 0, 3),
    ]
    assert summary["results"][0]["album"]["id"] == nominees[1].album.pk
    assert summary["winner"]["nomination"] == nominees[1].pk
    assert summary["voters"] == 1


def test_a_tie_is_explained(visitor: Caller, service: Caller, nominees: list[Nomination]) -> None:
    for nomination, handle in zip(nominees[:2], ("ana", "bob"), strict=True):
        voter = User.objects.create_user(handle)
        caller_of(voter).post(PATH, {"nomination": nomination.pk, "rank": 1})
    service.patch("club/weeks/1", {"phase": "listening"})
    summary = visitor.get(f"{PATH}/summary").json()
    assert "nominated first" in summary["tie_break"]
    assert visitor.get("club/weeks/1").json()["poll"]["tie_break"] == summary["tie_break"]


def test_the_number_of_queries_does_not_grow(
    visitor: Caller, service: Caller, nominees: list[Nomination], django_assert_max_num_queries: Any
) -> None:
    service.patch("club/weeks/1", {"phase": "listening"})
    with django_assert_max_num_queries(6):
        visitor.get(f"{PATH}/summary")
    for _ in range(20):
        NominationFactory(week=nominees[0].week)
    with django_assert_max_num_queries(6):
        assert len(visitor.get(f"{PATH}/summary").json()["results"]) == 23

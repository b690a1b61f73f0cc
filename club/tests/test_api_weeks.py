"""`club/weeks` and `club/weeks/{number}` in REST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from club.lifecycle import advance_due_weeks
from club.models import ClubSettings, Nomination, Phase, Vote, Week
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db

FULL = {
    "number": 12,
    "theme": "Debuts",
    "opens_at": "2025-11-10T09:00:00Z",
    "nominations_close_at": "2025-11-13T20:00:00Z",
    "poll_close_at": "2025-11-15T20:00:00Z",
    "discussion_at": "2025-11-24T20:00:00Z",
    "ratings_close_at": "2025-11-27T20:00:00Z",
}


@pytest.fixture(autouse=True)
def _tuesday(time_machine: Any) -> None:
    time_machine.move_to(datetime(2025, 11, 11, 12, 0, tzinfo=UTC), tick=False)


def decided_week(**fields: Any) -> Week:
    """In discussion, with two nominees and ballots: first choices 2 to 1."""
    week = WeekFactory(phase=Phase.DISCUSSION, **fields)
    other = NominationFactory(week=week)
    for handle, rank, nomination in [("a", 1, week.winner), ("b", 1, week.winner), ("c", 1, other), ("c", 2, None)]:
        user, _ = User.objects.get_or_create(handle=f"voter_{handle}")
        Vote.objects.create(week=week, user=user, nomination=nomination or week.winner, rank=rank, cast_at=MONDAY)
    return week


# --- Reading --------------------------------------------------------------------------------------------------------
def test_weeks_are_listed_newest_first_in_pages(visitor: Caller) -> None:
    for number in range(1, 54):
        WeekFactory(number=number, phase=Phase.CANCELLED)
    page = visitor.get("club/weeks").json()
    assert (page["count"], len(page["results"]), page["previous"]) == (53, 50, None)
    assert [week["number"] for week in page["results"][:2]] == [53, 52]
    assert page["next"] == "http://testserver/api/v1/club/weeks?page=2"
    assert [
        week["number"] for week in visitor.get(page["next"].removeprefix("http://testserver")).json()["results"]
    ] == [
        3,
        2,
        1,
    ]
    assert len(visitor.get("club/weeks", limit=999).json()["results"]) == 53
    refused(visitor.get("club/weeks", page=3), 404, "not_found")
    refused(visitor.get("club/weeks", limit="many"), 400, "invalid")
    refused(visitor.get("club/weeks", limit=0), 400, "invalid")


def test_a_week_shows_its_winner_with_points(visitor: Caller) -> None:
    week = decided_week(number=3)
    shown = visitor.get("club/weeks/3").json()
    assert shown["label"] == "WEEK 003 [2025-11-24]"
    assert shown["phase"] == "discussion"
    assert shown["discussion_at"] == "2025-11-24T20:00:00Z"
    album = week.winner.album
    assert shown["winner"] == {
        "nomination": week.winner.pk,
        "album": {
            "id": album.pk,
            "title": album.title,
            "artist": album.artist.name,
            "year": album.release_year,
            "cover_url": shown["winner"]["album"]["cover_url"],
            "url": f"http://testserver/albums/{album.slug}/",
        },
        "nominator": {
            "handle": week.winner.user.handle,
            "display_name": week.winner.user.display_name,
            "url": f"http://testserver/@{week.winner.user.handle}/",
        },
        "points": 5,
        "firsts": 2,
    }
    assert visitor.client.get(shown["winner"]["album"]["cover_url"]).status_code == 200
    assert visitor.get("club/weeks").json()["results"][0]["winner"] == shown["winner"]
    assert [line["place"] for line in shown["poll"]["results"]] == [1, 2]
    assert shown["poll"]["winner"] == shown["winner"]
    assert {nomination["id"] for nomination in shown["nominations"]} == set(
        Nomination.objects.values_list("pk", flat=True)
    )
    assert shown["ratings_summary"]["count"] == 0


def test_an_unknown_week_is_404(visitor: Caller) -> None:
    assert "99" in refused(visitor.get("club/weeks/99"), 404, "unknown_week")["message"]


def test_a_nominator_who_hides_is_nobody_and_says_nothing(visitor: Caller, rin: User, sol: User) -> None:
    User.objects.filter(pk=rin.pk).update(club_visibility="followers")
    week = WeekFactory(number=1, phase=Phase.LISTENING, winner__user=rin, winner__pitch="My words")
    seen = visitor.get("club/weeks/1").json()
    assert seen["winner"]["nominator"] is None
    assert (seen["nominations"][0]["nominator"], seen["nominations"][0]["pitch"]) == (None, "")
    assert seen["winner"]["album"]["title"] == week.winner.album.title
    followed = caller_of(sol).get("club/weeks/1").json()
    assert followed["winner"]["nominator"]["handle"] == "rin"
    assert followed["nominations"][0]["pitch"] == "My words"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [3, 2, 1]),
        ({"from": "2025-12-01"}, [3, 2]),
        ({"to": "2025-12-01"}, [2, 1]),
        ({"from": "2025-12-01", "to": "2025-12-01"}, [2]),
        ({"phase": "closed"}, [1]),
        ({"phase": ["closed", "poll"]}, [2, 1]),
        ({"has_winner": "true"}, [1]),
        ({"has_winner": "false"}, [3, 2]),
    ],
)
def test_weeks_are_filtered(visitor: Caller, query: dict[str, Any], numbers: list[int]) -> None:
    WeekFactory(number=1, phase=Phase.CLOSED)
    WeekFactory(number=2, phase=Phase.POLL, opens_at=MONDAY + timedelta(days=7))
    WeekFactory(number=3, opens_at=MONDAY + timedelta(days=14))
    assert [week["number"] for week in visitor.get("club/weeks", **query).json()["results"]] == numbers


@pytest.mark.parametrize("query", [{"from": "yesterday"}, {"phase": "lunch"}, {"to": "2025-02-30"}])
def test_a_filter_that_means_nothing_is_a_bad_value(visitor: Caller, query: dict[str, str]) -> None:
    error = refused(visitor.get("club/weeks", **query), 400, "invalid")
    assert list(error["fields"]) == list(query)


def test_the_number_of_queries_does_not_grow(visitor: Caller, django_assert_max_num_queries: Any) -> None:
    ClubSettings.load()
    decided_week(number=1)
    with django_assert_max_num_queries(4):
        visitor.get("club/weeks")
    for number in range(2, 21):
        decided_week(number=number)
    with django_assert_max_num_queries(4):
        assert len(visitor.get("club/weeks").json()["results"]) == 20


def test_the_number_of_queries_of_one_week_does_not_grow(visitor: Caller, django_assert_max_num_queries: Any) -> None:
    ClubSettings.load()
    week = decided_week(number=1)
    with django_assert_max_num_queries(7):
        visitor.get("club/weeks/1")
    for _ in range(20):
        NominationFactory(week=week)
        RatingFactory(week=week)
    with django_assert_max_num_queries(7):
        assert len(visitor.get("club/weeks/1").json()["nominations"]) == 22


# --- Opening --------------------------------------------------------------------------------------------------------
def test_the_service_opens_a_week_by_the_rhythm(service: Caller) -> None:
    response = service.post("club/weeks", {"theme": "Debuts"})
    assert response.status_code == 201
    week = response.json()
    assert (week["number"], week["theme"], week["phase"]) == (1, "Debuts", "nominations")
    assert week["opens_at"] == "2025-11-11T12:00:00Z"
    assert week["nominations_close_at"] == "2025-11-14T20:00:00Z"
    assert week["winner"] is None
    assert week["nominations"] == []
    assert week["poll"] == {"results": [], "winner": None, "tie_break": "", "voters": 0}


def test_the_same_week_again_is_the_same(service: Caller, mod: User) -> None:
    assert service.post("club/weeks", FULL).status_code == 201
    again = service.post("club/weeks", FULL)
    assert (again.status_code, again.json()["number"]) == (200, 12)
    assert caller_of(mod).post("club/weeks", FULL).status_code == 200
    refused(service.post("club/weeks", {**FULL, "theme": "Other"}), 409, "week_exists")
    refused(service.post("club/weeks", {**FULL, "discussion_at": "2025-11-25T20:00:00Z"}), 409, "week_exists")
    assert Week.objects.count() == 1


def test_a_week_that_opens_later_is_scheduled(service: Caller) -> None:
    week = service.post("club/weeks", {"opens_at": "2025-11-17T09:00:00+01:00"}).json()
    assert (week["phase"], week["opens_at"]) == ("scheduled", "2025-11-17T08:00:00Z")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": 0}, "number"),
        ({"number": 2**31}, "number"),
        ({"theme": "x" * 201}, "theme"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_values_are_named(service: Caller, change: dict[str, Any], field: str) -> None:
    error = refused(service.post("club/weeks", {**FULL, **change}), 400, "invalid")
    assert list(error["fields"]) == [field]


def test_deadlines_out_of_order_are_a_bad_value(service: Caller) -> None:
    refused(service.post("club/weeks", {**FULL, "poll_close_at": "2025-11-12T20:00:00Z"}), 400, "bad_deadlines")


def test_members_do_not_open_weeks(rin: User, visitor: Caller, service: Caller) -> None:
    refused(visitor.post("club/weeks", FULL), 401, "not_authenticated")
    refused(caller_of(rin).post("club/weeks", FULL), 403, "not_a_moderator")
    refused(service.post("club/weeks", {**FULL, "user": "rin"}), 403, "not_a_moderator")
    refused(service.post("club/weeks", FULL, **{"X-User-Id": "rin"}), 403, "not_a_moderator")
    assert not Week.objects.exists()


# --- Changing -------------------------------------------------------------------------------------------------------
def test_a_week_moves_to_its_next_phase_and_the_poll_decides(service: Caller, mod: User) -> None:
    week = WeekFactory(number=1)
    first, _ = NominationFactory(week=week), NominationFactory(week=week)
    assert service.patch("club/weeks/1", {"phase": "poll"}).json()["phase"] == "poll"
    assert service.patch("club/weeks/1", {"phase": "poll"}).json()["phase"] == "poll", "the same again changes nothing"
    Vote.objects.create(week=week, user=mod, nomination=first, rank=2, cast_at=MONDAY)
    moved = caller_of(mod).patch("club/weeks/1", {"phase": "listening"}).json()
    assert moved["phase"] == "listening"
    assert moved["winner"]["nomination"] == first.pk
    assert (moved["winner"]["points"], moved["winner"]["firsts"]) == (1, 0)
    assert moved["poll_close_at"] == "2025-11-11T12:00:01Z"


def test_a_phase_is_not_skipped_nor_taken_back(service: Caller) -> None:
    WeekFactory(number=1, phase=Phase.POLL)
    refused(service.patch("club/weeks/1", {"phase": "discussion"}), 409, "wrong_phase")
    refused(service.patch("club/weeks/1", {"phase": "nominations"}), 409, "wrong_phase")
    refused(service.patch("club/weeks/1", {"phase": "lunch"}), 400, "invalid")


def test_deadlines_ahead_may_move(service: Caller) -> None:
    WeekFactory(number=1)
    moved = service.patch("club/weeks/1", {"poll_close_at": "2025-11-16T20:00:00Z"})
    assert (moved.status_code, moved.json()["poll_close_at"]) == (200, "2025-11-16T20:00:00Z")
    refused(service.patch("club/weeks/1", {"poll_close_at": "2025-11-30T20:00:00Z"}), 400, "bad_deadlines")
    refused(service.patch("club/weeks/1", {"opens_at": "2025-11-09T20:00:00Z"}), 400, "bad_deadlines")


@pytest.mark.parametrize("body", [{}, {"phase": "poll", "poll_close_at": "2025-11-16T20:00:00Z"}, {"theme": "x"}])
def test_a_change_is_a_phase_or_deadlines(service: Caller, body: dict[str, str]) -> None:
    WeekFactory(number=1)
    refused(service.patch("club/weeks/1", body), 400, "invalid")


def test_members_do_not_change_weeks(rin: User, visitor: Caller, service: Caller) -> None:
    WeekFactory(number=1)
    body = {"phase": "cancelled"}
    refused(visitor.patch("club/weeks/1", body), 401, "not_authenticated")
    refused(caller_of(rin).patch("club/weeks/1", body), 403, "not_a_moderator")
    refused(service.patch("club/weeks/1", {**body, "user": "rin"}), 403, "not_a_moderator")
    refused(service.patch("club/weeks/2", body), 404, "unknown_week")
    assert Week.objects.get().phase == Phase.NOMINATIONS


def test_time_moves_weeks_too(visitor: Caller, time_machine: Any) -> None:
    WeekFactory(number=1)
    NominationFactory(week=Week.objects.get())
    time_machine.move_to(MONDAY + timedelta(days=4))
    advance_due_weeks(MONDAY + timedelta(days=4))
    assert visitor.get("club/weeks/1").json()["phase"] == "listening"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize(
    "deadlines",
    [
        {"opens_at": "9999-12-31T23:59:59Z"},
        {"opens_at": "0001-01-01T00:00:00Z"},
        {"discussion_at": "9999-12-31T23:59:58Z", "ratings_close_at": "9999-12-31T23:59:59Z"},
    ],
)
def test_a_week_at_the_end_of_the_calendar_is_refused(service: Caller, zone: str, deadlines: dict[str, str]) -> None:
    ClubSettings.objects.update_or_create(pk=1, defaults={"timezone": zone})
    refused(service.post("club/weeks", deadlines), 400, "bad_deadlines")
    assert not Week.objects.exists()


@pytest.mark.parametrize(("end", "found"), [("to", 0), ("from", 1)])
def test_the_first_and_the_last_day_of_the_calendar_are_days_like_any_other(
    visitor: Caller, end: str, found: int
) -> None:
    WeekFactory()
    assert visitor.get("club/weeks", **{end: "0001-01-01"}).json()["count"] == found
    assert visitor.get("club/weeks", **{end: "9999-12-31"}).json()["count"] == 1 - found

"""`club/weeks/{number}/ratings` in REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from club.models import Phase, Rating, Week
from club.tests.factories import RatingFactory, WeekFactory
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
PATH = "club/weeks/1/ratings"


@pytest.fixture(autouse=True)
def week(time_machine: Any) -> Week:
    """Tuesday of the discussion."""
    time_machine.move_to(datetime(2025, 11, 25, 12, 0, tzinfo=UTC), tick=False)
    made: Week = WeekFactory(number=1, phase=Phase.DISCUSSION)
    return made


def test_a_rating_is_made_and_replaced(rin: User) -> None:
    caller = caller_of(rin)
    response = caller.post(
        PATH, {"value": 4.5, "favorite_track": "Roads", "review": "Under the skin.", "spoiler": True}
    )
    assert response.status_code == 201
    rating = Rating.objects.get()
    assert response.json() == {
        "id": rating.pk,
        "member": {"handle": "rin", "display_name": "Rin", "url": "http://testserver/@rin/"},
        "value": 4.5,
        "favorite_track": "Roads",
        "review": "Under the skin.",
        "spoiler": True,
        "created_at": "2025-11-25T12:00:00Z",
    }
    again = caller.post(PATH, {"value": 3})
    assert (again.status_code, again.json()["id"], again.json()["value"]) == (200, rating.pk, 3.0)
    assert again.json()["review"] == "Under the skin.", "what is left out stays"
    assert caller.post(PATH, {"value": 3, "review": ""}).json()["review"] == ""


@pytest.mark.parametrize("value", [0.5, 5.5, 4.3, -1, "many", None, True, [], 1e300])
def test_values_are_halves_from_one_to_five(rin: User, value: Any) -> None:
    error = refused(caller_of(rin).post(PATH, {"value": value}), 400, "invalid")
    assert list(error["fields"]) == ["value"]


def test_not_a_number_is_a_bad_value(rin: User) -> None:
    response = caller_of(rin).client.post(f"/api/v1/{PATH}", '{"value": NaN}', content_type="application/json")
    refused(response, 400, "invalid")


@pytest.mark.parametrize("change", [{"review": "x" * 8001}, {"favorite_track": "x" * 301}, {"visibility": "aliens"}])
def test_other_bad_values_are_named(rin: User, change: dict[str, str]) -> None:
    error = refused(caller_of(rin).post(PATH, {"value": 4, **change}), 400, "invalid")
    assert list(error["fields"]) == list(change)


def test_rating_has_its_phase(rin: User, week: Week) -> None:
    Week.objects.filter(pk=week.pk).update(phase=Phase.LISTENING, discussion_at="2025-11-26T20:00:00Z")
    refused(caller_of(rin).post(PATH, {"value": 4}), 409, "wrong_phase")
    Week.objects.filter(pk=week.pk).update(phase=Phase.CLOSED)
    refused(caller_of(rin).post(PATH, {"value": 4}), 409, "wrong_phase")
    refused(caller_of(rin).post("club/weeks/9/ratings", {"value": 4}), 404, "unknown_week")


def test_visitors_do_not_rate(visitor: Caller) -> None:
    refused(visitor.post(PATH, {"value": 4}), 401, "not_authenticated")


def entry(caller: Caller) -> dict[str, Any]:
    (only,) = caller.get(PATH).json()["results"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("field", ["visibility", "user__club_visibility"])
@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        ("public", {"visitor", "stranger", "sol", "rin"}),
        ("members", {"stranger", "sol", "rin"}),
        ("followers", {"sol", "rin"}),
        ("me", {"rin"}),
    ],
)
def test_name_and_words_obey_visibility_and_figures_do_not(
    field: str, level: str, seen_by: set[str], week: Week, visitor: Caller, rin: User, sol: User, stranger: User
) -> None:
    setattr(rin, field.removeprefix("user__"), level) if field.startswith("user__") else None
    rin.save()
    own = {"visibility": level} if field == "visibility" else {}
    RatingFactory(week=week, user=rin, half_stars=9, review="Words", favorite_track="Roads", **own)
    callers = {"visitor": visitor} | {member.handle: caller_of(member) for member in (rin, sol, stranger)}
    for name, caller in callers.items():
        shown = entry(caller)
        assert shown["value"] == 4.5
        if name in seen_by:
            assert (shown["member"]["handle"], shown["review"], shown["favorite_track"]) == ("rin", "Words", "Roads")
        else:
            assert (shown["member"], shown["review"], shown["favorite_track"]) == (None, None, "")
        assert caller.get(f"{PATH}/summary").json()["count"] == 1


def test_hidden_ratings_are_no_entries_and_do_not_count(visitor: Caller, week: Week) -> None:
    RatingFactory(week=week, half_stars=2, hidden_at=week.discussion_at)
    RatingFactory(week=week, half_stars=8)
    assert [each["value"] for each in visitor.get(PATH).json()["results"]] == [4.0]
    assert visitor.get(f"{PATH}/summary").json()["average"] == 4.0


def test_the_summary_counts_every_value(visitor: Caller, week: Week) -> None:
    for half_stars in (10, 9, 9, 3):
        RatingFactory(week=week, half_stars=half_stars)
    assert visitor.get(f"{PATH}/summary").json() == {
        "average": 3.88,
        "count": 4,
        "distribution": {
            "1.0": 0, "1.5": 1, "2.0": 0, "2.5": 0, "3.0": 0, "3.5": 0, "4.0": 0, "4.5": 2, "5.0": 1,
        },
    }  # fmt: skip
    assert visitor.get("club/weeks/1").json()["ratings_summary"]["average"] == 3.88


def test_without_ratings_there_is_no_average(visitor: Caller) -> None:
    assert visitor.get(f"{PATH}/summary").json()["average"] is None
    refused(visitor.get("club/weeks/9/ratings/summary"), 404, "unknown_week")
    refused(visitor.get("club/weeks/9/ratings"), 404, "unknown_week")


def test_the_number_of_queries_does_not_grow(visitor: Caller, week: Week, django_assert_max_num_queries: Any) -> None:
    RatingFactory(week=week)
    with django_assert_max_num_queries(4):
        visitor.get(PATH)
    for _ in range(19):
        RatingFactory(week=week)
    with django_assert_max_num_queries(4):
        assert visitor.get(PATH).json()["count"] == 20


@pytest.mark.parametrize(
    ("body", "status", "code"), [("[" * 100_000, 400, "invalid"), (" " * 3_000_000, 413, "too_large")]
)
def test_a_body_that_nobody_meant_is_refused(rin: User, body: str, status: int, code: str) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    caller = caller_of(rin)
    response = caller.client.post(f"/api/v1/club/weeks/{week.number}/ratings", body, content_type="application/json")
    refused(response, status, code)

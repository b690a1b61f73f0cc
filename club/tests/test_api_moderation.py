"""`admin/*` in REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from club.models import Nomination, Phase, Rating, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import ModerationAction, User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
PATH = "admin/weeks/1/override-winner"


@pytest.fixture(autouse=True)
def week(time_machine: Any) -> Week:
    time_machine.move_to(datetime(2025, 11, 25, 12, 0, tzinfo=UTC), tick=False)
    made: Week = WeekFactory(number=1, phase=Phase.DISCUSSION)
    return made


@pytest.fixture
def other(week: Week) -> Nomination:
    made: Nomination = NominationFactory(week=week)
    return made


def test_a_moderator_overrides_the_winner(mod: User, week: Week, other: Nomination, visitor: Caller) -> None:
    RatingFactory(week=week)
    body = {"nomination": other.pk, "reason": "The first one was a single."}
    response = caller_of(mod).post(PATH, body)
    assert response.status_code == 200
    assert response.json()["winner"]["nomination"] == other.pk
    assert response.json()["ratings_summary"]["count"] == 0, "ratings of the old winner leave the week"
    assert caller_of(mod).post(PATH, body).status_code == 200
    action = ModerationAction.objects.get(verb="override_winner")
    assert (action.moderator, action.reason) == (mod, "The first one was a single.")


def test_the_service_overrides_for_a_named_moderator_only(
    service: Caller, mod: User, rin: User, other: Nomination
) -> None:
    body = {"nomination": other.pk, "reason": "Why."}
    refused(service.post(PATH, body), 403, "not_a_moderator")
    refused(service.post(PATH, {**body, "user": "rin"}), 403, "not_a_moderator")
    refused(service.post(PATH, body, **{"X-User-Id": "rin"}), 403, "not_a_moderator")
    refused(service.post(PATH, {**body, "discord_id": "4711"}), 404, "unknown_member")
    assert service.post(PATH, {**body, "user": "mod"}).status_code == 200
    assert ModerationAction.objects.get(verb="override_winner").moderator == mod


def test_an_override_needs_a_nominee_of_the_week_and_a_reason(mod: User, other: Nomination) -> None:
    caller = caller_of(mod)
    elsewhere = NominationFactory()
    refused(caller.post(PATH, {"nomination": elsewhere.pk, "reason": "x"}), 409, "not_nominated")
    refused(caller.post(PATH, {"nomination": 4711, "reason": "x"}), 404, "unknown_nomination")
    assert "reason" in refused(caller.post(PATH, {"nomination": other.pk}), 400, "invalid")["fields"]
    assert "reason" in refused(caller.post(PATH, {"nomination": other.pk, "reason": " "}), 400, "invalid")["fields"]
    refused(caller.post("admin/weeks/9/override-winner", {"nomination": other.pk, "reason": "x"}), 404, "unknown_week")


def test_an_undecided_week_has_no_winner_to_override(mod: User) -> None:
    week = WeekFactory(number=2, opens_at=datetime(2025, 11, 24, 9, 0, tzinfo=UTC))
    nomination = NominationFactory(week=week)
    body = {"nomination": nomination.pk, "reason": "x"}
    refused(caller_of(mod).post("admin/weeks/2/override-winner", body), 409, "wrong_phase")


def test_members_and_visitors_do_not_override(visitor: Caller, rin: User, other: Nomination) -> None:
    body = {"nomination": other.pk, "reason": "I like it."}
    refused(visitor.post(PATH, body), 401, "not_authenticated")
    refused(caller_of(rin).post(PATH, body), 403, "not_a_moderator")


def test_a_review_is_hidden_kept_and_logged(mod: User, week: Week, visitor: Caller) -> None:
    rating = RatingFactory(week=week, review="Rude words")
    path = f"admin/reviews/{rating.pk}?reason=Rude"
    assert caller_of(mod).delete(path).status_code == 204
    assert caller_of(mod).delete(path).status_code == 204, "twice is once"
    rating = Rating.objects.get(pk=rating.pk)
    assert (rating.review, rating.hidden_by, rating.hidden_reason) == ("Rude words", mod, "Rude")
    assert ModerationAction.objects.filter(verb="hide_rating").count() == 1
    assert visitor.get("club/weeks/1/ratings").json()["results"] == []


def test_who_may_not_hide_a_review(visitor: Caller, service: Caller, rin: User, mod: User, week: Week) -> None:
    rating = RatingFactory(week=week, user=rin)
    path = f"admin/reviews/{rating.pk}"
    refused(visitor.delete(path), 401, "not_authenticated")
    refused(caller_of(rin).delete(path), 403, "not_a_moderator")
    refused(service.delete(path), 403, "not_a_moderator")
    refused(service.delete(path, **{"X-User-Id": "rin"}), 403, "not_a_moderator")
    refused(caller_of(mod).delete("admin/reviews/4711"), 404, "unknown_review")
    assert Rating.objects.get().hidden_at is None
    assert service.delete(path, **{"X-User-Id": "mod"}).status_code == 204
    assert Rating.objects.get().hidden_by == mod

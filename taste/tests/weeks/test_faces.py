"""Weeks by REST, by command and by themselves; and who sees whose taste."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from conftest import Jobs
from listening.tests.histories import NOW, counted, heard, listener, track
from sidetrack.schedule import JOBS
from social.models import Follow, User
from social.tests.callers import Caller, caller_of
from social.visibility import Visibility
from taste.models import TasteProfile, WeeklyTaste
from taste.tests.weeks.sounding import called, sounds
from taste.weeks.aggregating import aggregate
from taste.weeks.due import due_members
from taste.weeks.tasks import aggregate_due, aggregate_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    ana = listener("ana", listens_visibility="members", taste_visibility="members", visibility="members")
    song = sounds(track("One"), energy=0.5, valence=0.5)
    called(song.artist, "krautrock")
    heard(ana, song, *(NOW - timedelta(days=each) for each in range(1, 9)))
    counted(ana)
    return ana


def test_the_job_queues_only_members_who_are_due(ana: User, jobs: Jobs) -> None:
    assert aggregate_due() == "Queued 1 members whose weeks are due."
    assert jobs.queued() == [("taste.weeks.tasks.aggregate_member", (ana.pk,))]
    assert jobs.run() == [f"Computed 2 of 2 weeks of member {ana.pk}."]
    assert aggregate_due() == "Queued 0 members whose weeks are due."
    heard(ana, track("One"), NOW - timedelta(hours=2))
    counted(ana)
    assert due_members(now=NOW) == [ana.pk]


def test_a_track_that_sounds_different_makes_its_listeners_due(ana: User) -> None:
    aggregate(user=ana, now=NOW)
    assert due_members(now=NOW) == []
    sounds(track("One"), energy=0.9, at=NOW)
    assert due_members(now=NOW) == [ana.pk]


def test_who_is_gone_is_said(jobs: Jobs) -> None:
    assert aggregate_member(4711) == "Member 4711 is gone."


def test_it_runs_by_itself() -> None:
    assert "taste.weeks.tasks.aggregate_due" in {job.function for job in JOBS}


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("aggregate", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_computes_who_is_due_one_member_or_everything(ana: User) -> None:
    assert "@ana: 2 of 2 weeks computed." in said()
    assert said().startswith("0 members")
    assert "@ana: 0 of 2 weeks computed." in said("--user", "Ana")
    assert "@ana: 2 of 2 weeks computed." in said("--all")
    assert "@ana: 2 of 2 weeks computed." in said("--user", "@ana", "--all")
    with pytest.raises(CommandError, match="no member bo"):
        said("--user", "bo")


def test_a_member_asks_for_their_own_weeks(ana: User, jobs: Jobs) -> None:
    caller = caller_of(ana)
    answer = caller.post("aggregate/weeks", {})
    assert (answer.status_code, answer.json()) == (202, {"queued": 1})
    assert jobs.names() == ["taste.weeks.tasks.aggregate_member"]


def test_asking_again_and_again_fills_no_queue(ana: User, stranger: User, jobs: Jobs) -> None:
    caller = caller_of(ana)
    for address in ("aggregate/weeks", "users/ana/taste", "aggregate/weeks"):
        assert caller.post(address, {}).json() == {"queued": 1}
    assert len(jobs.names()) == 1
    caller_of(stranger).post("aggregate/weeks", {})
    assert len(jobs.names()) == 2
    aggregate_member(ana.pk)
    caller.post("aggregate/weeks", {})
    assert len(jobs.names()) == 3


def test_the_service_asks_for_everybody_or_for_one(ana: User, service: Caller, jobs: Jobs) -> None:
    assert service.post("aggregate/weeks", {}).json() == {"queued": 1}
    assert service.post("aggregate/weeks", {"user": "ana"}).json() == {"queued": 1}
    assert service.post("aggregate/weeks", {"user": "nobody"}).status_code == 404


def test_a_visitor_asks_for_nothing(visitor: Caller) -> None:
    assert visitor.post("aggregate/weeks", {}).status_code == 401
    assert visitor.post("users/ana/taste", {}).status_code == 401


def test_a_taste_is_answered_with_its_newest_weeks(ana: User, stranger: User) -> None:
    aggregate(user=ana, now=NOW)
    answer = caller_of(stranger).get("users/Ana/taste")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["user"], found["listens"], found["sounding"], found["genres"]) == ("ana", 8, 8, {"krautrock": 1.0})
    assert found["features"]["energy"] == {"mean": 0.5, "sd": 0.0, "n": 8}
    assert [each["week"] for each in found["weeks"]] == ["2025-W47", "2025-W46"]
    assert found["weeks"][0]["vibe"] == "Krautrock."
    assert found["computed_at"] == "2025-11-20T12:00:00Z"


def test_a_taste_that_was_never_computed_is_not_there(ana: User) -> None:
    assert caller_of(ana).get("users/ana/taste").status_code == 404


@pytest.mark.parametrize("area", ["visibility", "taste_visibility", "listens_visibility"])
@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        (Visibility.PUBLIC, {"visitor", "stranger", "follower", "ana"}),
        (Visibility.MEMBERS, {"stranger", "follower", "ana"}),
        (Visibility.FOLLOWERS, {"follower", "ana"}),
        (Visibility.ME, {"ana"}),
    ],
)
def test_a_taste_is_seen_by_whom_page_taste_and_listens_are_open_to(
    ana: User, stranger: User, visitor: Caller, area: str, level: str, seen_by: set[str]
) -> None:
    aggregate(user=ana, now=NOW)
    for name in ("visibility", "taste_visibility", "listens_visibility"):
        setattr(ana, name, level if name == area else Visibility.PUBLIC)
    ana.save()
    follower = listener("fan")
    Follow.objects.create(follower=follower, followed=ana)
    callers = {"visitor": visitor, "stranger": caller_of(stranger), "follower": caller_of(follower)}
    callers["ana"] = caller_of(ana)
    assert {name for name, each in callers.items() if each.get("users/ana/taste").status_code == 200} == seen_by


def test_nobody_computes_anybody_elses_taste(ana: User, stranger: User, service: Caller, jobs: Jobs) -> None:
    assert caller_of(stranger).post("users/ana/taste", {}).status_code == 403
    assert caller_of(ana).post("users/ana/taste", {}).status_code == 202
    assert service.post("users/ana/taste", {}).status_code == 202
    assert service.post("users/ana/taste", {"user": "stranger"}).status_code == 403


def test_an_invented_members_weeks_are_marked_so(ana: User) -> None:
    ana.is_demo = True
    ana.save()
    aggregate(user=ana, now=NOW)
    assert set(WeeklyTaste.objects.values_list("is_demo", flat=True)) == {True}
    assert TasteProfile.objects.filter(user=ana).exists()

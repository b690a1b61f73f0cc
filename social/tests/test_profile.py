"""What members change about themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from sidetrack import slots
from social.errors import Refused
from social.models import User
from social.moderation import suspend
from social.profile import change_appearance, change_handle, change_notifications, change_privacy, change_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[str]]:
    calls: list[str] = []
    slots.register("people:changed", lambda: calls.append("changed"), name="test")
    yield calls
    slots._fillers["people:changed"] = [one for one in slots.fillers("people:changed") if one.name != "test"]


def fresh(member: User) -> User:
    return User.objects.get(pk=member.pk)


def test_only_what_is_given_and_differs_changes(rin: User) -> None:
    assert change_profile(member=rin, display_name=" Rin R. ", timezone="UTC") == ["display_name"]
    assert (fresh(rin).display_name, fresh(rin).bio) == ("Rin R.", "")


def test_a_name_may_be_emptied(rin: User) -> None:
    change_profile(member=rin, display_name="")
    assert str(fresh(rin)) == "rin"


@pytest.mark.parametrize(
    ("change", "given", "field"),
    [
        (change_profile, {"display_name": "x" * 65}, "display_name"),
        (change_profile, {"bio": "x" * 501}, "bio"),
        (change_profile, {"timezone": "Mars/Olympus"}, "timezone"),
        (change_privacy, {"visibility": "friends"}, "visibility"),
        (change_appearance, {"theme": "neon"}, "theme"),
        (change_notifications, {"quiet_from": time(22, 0)}, "quiet_until"),
        (partial(change_handle, now=now()), {"handle": "me"}, "handle"),
        (partial(change_handle, now=now()), {"handle": "no spaces"}, "handle"),
        (partial(change_handle, now=now()), {"handle": "SOL"}, "handle"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_changes_nothing(
    rin: User, sol: User, change: Any, given: dict[str, Any], field: str
) -> None:
    before = {name: getattr(rin, name) for name in given}
    with pytest.raises(ValidationError) as refusal:
        change(member=rin, **given)
    assert list(refusal.value.message_dict) == [field]
    assert {name: getattr(rin, name) for name in given} == before
    assert {name: getattr(fresh(rin), name) for name in given} == before


def test_a_handle_may_change_its_case(rin: User) -> None:
    assert change_handle(member=rin, handle="Rin", now=now()) == ["handle"]
    assert fresh(rin).handle == "Rin"


@pytest.mark.parametrize(
    ("change", "given", "n_calls"),
    [
        (change_profile, {"display_name": "Rin R."}, 1),
        (change_profile, {"display_name": "Rin"}, 0),
        (change_profile, {"timezone": "Europe/Berlin"}, 1),
        (change_privacy, {"club_visibility": "members"}, 1),
        (change_privacy, {"searchable": True}, 1),
        (change_privacy, {"listens_visibility": "me"}, 1),
        (change_privacy, {"taste_visibility": "me"}, 0),
        (change_privacy, {"shows_progress": True}, 1),
        (change_privacy, {"shows_ballots": True}, 1),
        (change_appearance, {"theme": "dark"}, 0),
        (partial(change_handle, now=now()), {"handle": "rin2"}, 1),
    ],
)
def test_whoever_keeps_public_copies_is_told_when_one_could_differ(
    rin: User, told: list[str], change: Any, given: dict[str, Any], n_calls: int
) -> None:
    change(member=rin, **given)
    assert len(told) == n_calls


def test_quiet_hours_come_and_go_together(rin: User) -> None:
    change_notifications(member=rin, quiet_from=time(22, 0), quiet_until=time(8, 0))
    assert (fresh(rin).quiet_from, fresh(rin).quiet_until) == (time(22, 0), time(8, 0))
    assert change_notifications(member=rin) == ["quiet_from", "quiet_until"]
    assert fresh(rin).quiet_from is None


def test_a_suspended_member_writes_nothing_that_others_read(rin: User, mod: User) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=now())
    for change in (partial(change_handle, handle="new"), partial(change_profile, bio="Read this!")):
        with pytest.raises(Refused, match="You are suspended"):
            change(member=rin, now=now())
    assert change_handle(member=rin, handle="rin", now=now()) == []
    assert change_profile(member=rin, timezone="Europe/Berlin") == ["timezone"]
    assert (fresh(rin).handle, fresh(rin).bio) == ("rin", "")

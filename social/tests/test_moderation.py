"""Suspending, warning, and the log of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from social.errors import NotAllowed, Refused
from social.models import ModerationAction, User
from social.moderation import (
    acknowledge_warnings,
    lift_suspension,
    log_action,
    require_moderator,
    suspend,
    unread_warnings,
    warn,
)

pytestmark = pytest.mark.django_db


def test_a_suspension_ends_by_itself(rin: User, mod: User, monday: datetime) -> None:
    until = monday + timedelta(days=7)
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=monday, until=until)
    rin.refresh_from_db()
    assert rin.is_suspended(monday)
    assert rin.is_suspended(until - timedelta(seconds=1))
    assert not rin.is_suspended(until)


def test_a_suspension_without_an_end_lasts_until_it_is_lifted(rin: User, mod: User, monday: datetime) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=monday)
    assert rin.is_suspended(monday + timedelta(days=999))
    lift_suspension(member=rin, moderator=mod, now=monday + timedelta(days=1))
    rin.refresh_from_db()
    assert not rin.is_suspended(monday + timedelta(days=1))
    with pytest.raises(Refused, match="not suspended"):
        lift_suspension(member=rin, moderator=mod, now=monday + timedelta(days=1))


def test_the_log_says_who_did_what_to_whom_and_how_it_was(rin: User, mod: User, monday: datetime) -> None:
    suspend(member=rin, moderator=mod, reason=" Spoilers. ", now=monday)
    entry = ModerationAction.objects.get()
    assert (entry.moderator, entry.verb, entry.kind, entry.object_id) == (mod, "suspend", "social.user", rin.pk)
    assert (entry.label, entry.reason, entry.created_at) == ("Rin", "Spoilers.", monday)
    assert entry.before["suspended_at"] is None
    assert entry.after["suspended_at"] == monday.isoformat()


@pytest.mark.parametrize("verb", [suspend, warn])
def test_members_do_not_moderate(rin: User, stranger: User, monday: datetime, verb: Any) -> None:
    with pytest.raises(NotAllowed):
        verb(member=rin, moderator=stranger, reason="I say so.", now=monday)
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("verb", [suspend, warn])
def test_a_reason_is_needed(rin: User, mod: User, monday: datetime, verb: Any) -> None:
    with pytest.raises(Refused, match="reason"):
        verb(member=rin, moderator=mod, reason="  ", now=monday)


@pytest.mark.parametrize("verb", [suspend, warn])
def test_nobody_moderates_themselves_or_the_operator(mod: User, monday: datetime, verb: Any) -> None:
    operator = User.objects.create_superuser("operator")
    with pytest.raises(Refused, match="themselves"):
        verb(member=mod, moderator=mod, reason="Oops.", now=monday)
    with pytest.raises(NotAllowed, match="superuser"):
        verb(member=operator, moderator=mod, reason="Mutiny.", now=monday)
    verb(member=mod, moderator=operator, reason="Order.", now=monday)


def test_a_suspension_ends_in_the_future(rin: User, mod: User, monday: datetime) -> None:
    with pytest.raises(Refused, match="lie ahead"):
        suspend(member=rin, moderator=mod, reason="Spoilers.", now=monday, until=monday)


def test_a_warning_is_read_once(rin: User, mod: User, monday: datetime) -> None:
    warn(member=rin, moderator=mod, reason="Be kind.", now=monday)
    assert [warning.text for warning in unread_warnings(rin)] == ["Be kind."]
    assert acknowledge_warnings(member=rin, now=monday) == 1
    assert acknowledge_warnings(member=rin, now=monday) == 0
    assert not unread_warnings(rin).exists()


def test_the_log_is_only_added_to(rin: User, mod: User, monday: datetime) -> None:
    entry = log_action(moderator=mod, verb="warn", obj=rin, reason="Be kind.", now=monday)
    entry.reason = "Nothing happened."
    rows = ModerationAction.objects.filter(pk=entry.pk)
    for attempt in [entry.save, entry.delete, rows.delete, lambda: rows.update(reason="")]:
        with pytest.raises(NotAllowed, match="only ever added to"):
            attempt()
    assert rows.get().reason == "Be kind."


def test_the_log_outlives_the_moderator(rin: User, mod: User, monday: datetime) -> None:
    entry = log_action(moderator=mod, verb="warn", obj=rin, reason="Be kind.", now=monday)
    mod.delete()
    assert ModerationAction.objects.get(pk=entry.pk).moderator is None


def test_one_act_is_taken_back_once(rin: User, mod: User, monday: datetime) -> None:
    from django.db import IntegrityError, transaction

    act = log_action(moderator=mod, verb="suspend", obj=rin, now=monday)
    log_action(moderator=mod, verb="lift_suspension", obj=rin, now=monday, undoes=act)
    with pytest.raises(IntegrityError), transaction.atomic():
        log_action(moderator=mod, verb="lift_suspension", obj=rin, now=monday, undoes=act)


def test_an_inactive_moderator_is_none(mod: User) -> None:
    assert require_moderator(User.objects.get(pk=mod.pk)) == mod
    User.objects.update(is_active=False)
    with pytest.raises(NotAllowed):
        require_moderator(User.objects.get(pk=mod.pk))
    with pytest.raises(NotAllowed):
        require_moderator(None)

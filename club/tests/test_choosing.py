"""Changing the club's own choices: checked, logged, undone, and what becomes of weeks."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from club.choosing import change_settings
from club.errors import ClubRuleBroken
from club.lifecycle import advance_due_weeks, open_week
from club.models import ClubSettings, Phase, Week
from club.moderating import undo
from club.undoing import undoable
from social.models import ModerationAction, User

DAY = timedelta(days=1)


def test_choices_are_written_logged_and_undone(mod: User, monday: datetime) -> None:
    change_settings(by=mod, now=monday, reason="We grew.", minimum_ratings=5, poll_close_time=time(21, 30), name="Ours")
    settings = ClubSettings.load()
    assert (settings.minimum_ratings, settings.poll_close_time, settings.name) == (5, time(21, 30), "Ours")
    act = ModerationAction.objects.get(verb="change_settings")
    assert (act.moderator, act.reason, act.before["minimum_ratings"], act.after["minimum_ratings"]) == (
        mod, "We grew.", 3, 5,
    )  # fmt: skip
    undo(by=mod, now=monday + DAY)
    settings = ClubSettings.load()
    assert (settings.minimum_ratings, settings.poll_close_time, settings.name) == (3, time(20), "Sidetrack")
    assert not undoable().exists()


def test_the_choices_that_stand_change_nothing(mod: User, monday: datetime) -> None:
    change_settings(by=mod, now=monday, minimum_ratings=3)
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"timezone": "Europe/Atlantis"}, "no time zone"),
        ({"poll_close_day": 2}, "Each phase must end after the one before it"),
        ({"open_weekday": 7}, "less than or equal to 6"),
        ({"nominations_per_member": 0}, "greater than or equal to 1"),
        ({"minimum_ratings": "many"}, "integer"),
        ({"tea_time": "17:00"}, "no setting called tea_time"),
        ({"name": ""}, "blank"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    mod: User, monday: datetime, choices: dict[str, object], words: str
) -> None:
    with pytest.raises(ClubRuleBroken, match=words):
        change_settings(by=mod, now=monday, **choices)
    assert not ModerationAction.objects.exists()


def test_only_moderators_choose(rin: User, monday: datetime) -> None:
    with pytest.raises(ClubRuleBroken) as refusal:
        change_settings(by=rin, now=monday, minimum_ratings=5)
    assert refusal.value.code == "not_a_moderator"


def test_undoing_is_refused_once_somebody_chose_again(mod: User, monday: datetime) -> None:
    change_settings(by=mod, now=monday, minimum_ratings=5)
    ClubSettings.objects.update(minimum_ratings=6)
    with pytest.raises(ClubRuleBroken) as refusal:
        undo(by=mod, now=monday)
    assert refusal.value.code == "moved_on"


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "Pacific/Honolulu"])
def test_a_new_zone_leaves_running_weeks_alone_and_takes_the_planned_one_along(
    mod: User, monday: datetime, zone: str
) -> None:
    change_settings(by=mod, now=monday, timezone="Europe/Berlin", auto_open=True)
    running = open_week(now=monday, by=mod)[0]
    advance_due_weeks(monday + DAY)
    planned = Week.objects.get(phase=Phase.SCHEDULED)
    as_it_was = planned.deadlines
    assert planned.opens_at.hour == 8, "nine o'clock in Berlin's winter"

    change_settings(by=mod, now=monday + 2 * DAY, timezone=zone)
    assert Week.objects.get(pk=running.pk).deadlines == running.deadlines
    advance_due_weeks(monday + 2 * DAY)
    moved = Week.objects.get(phase=Phase.SCHEDULED)
    assert moved.pk == planned.pk, "one week, not two"
    local = moved.opens_at.astimezone(ClubSettings.load().rhythm.zone)
    assert (local.date().isoformat(), local.hour) == ("2025-11-17", 9)

    undo(by=mod, now=monday + 2 * DAY)
    assert Week.objects.get(pk=planned.pk).deadlines == as_it_was


def test_a_new_opening_day_takes_the_planned_week_along_and_back(mod: User, monday: datetime) -> None:
    change_settings(by=mod, now=monday, timezone="UTC", auto_open=True)
    advance_due_weeks(monday + DAY)
    planned = Week.objects.get()
    change_settings(by=mod, now=monday + 2 * DAY, open_weekday=2)
    planned.refresh_from_db()
    assert planned.opens_at == monday + 9 * DAY
    undo(by=mod, now=monday + 2 * DAY)
    planned.refresh_from_db()
    assert planned.opens_at == monday + 7 * DAY


def test_a_planned_week_that_a_moderator_moved_stays(mod: User, monday: datetime) -> None:
    own = {"opens_at": monday + 9 * DAY}
    week = open_week(now=monday, deadlines=own, by=mod)[0]
    change_settings(by=mod, now=monday, open_time=time(7))
    week.refresh_from_db()
    assert week.opens_at == own["opens_at"]


def test_an_opening_by_a_moderator_is_logged_and_undone_by_cancelling(mod: User, monday: datetime) -> None:
    week = open_week(now=monday, by=mod, reason="It is time.")[0]
    act = ModerationAction.objects.get()
    assert (act.verb, act.reason, act.label) == ("open_week", "It is time.", str(week))
    undo(by=mod, now=monday)
    week.refresh_from_db()
    assert week.phase == Phase.CANCELLED


def test_the_clubs_own_openings_are_not_moderators_acts(db: None, monday: datetime) -> None:
    open_week(now=monday)
    assert not ModerationAction.objects.exists()


def test_undo_takes_back_only_what_was_seen(mod: User, monday: datetime) -> None:
    change_settings(by=mod, now=monday, minimum_ratings=5)
    seen = undoable().get()
    change_settings(by=mod, now=monday, minimum_ratings=6)
    with pytest.raises(ClubRuleBroken, match="Something else was done meanwhile"):
        undo(by=mod, now=monday, act=seen)


def test_somebody_vouched_for_acts_but_opens_no_admin(rin: User, monday: datetime) -> None:
    rin.acts_as_moderator = True
    assert open_week(now=monday, by=rin)[0].number == 1
    assert not rin.is_staff
    rin.suspended_at = monday
    with pytest.raises(ClubRuleBroken) as refusal:
        open_week(now=monday, by=rin)
    assert refusal.value.code == "suspended"


def test_the_admins_form_goes_the_same_way(mod: User, client: Client, monday: datetime) -> None:
    mod.is_superuser = True
    mod.save()
    client.force_login(mod)
    settings = ClubSettings.load()
    address = reverse("admin:club_clubsettings_change", args=[settings.pk])
    data = {name: "" if value is False else value for name, value in model_to_dict(settings).items()}
    answer = client.post(address, data | {"minimum_ratings": 4})
    assert answer.status_code == 302, answer.content
    assert ClubSettings.load().minimum_ratings == 4
    act = ModerationAction.objects.get()
    assert (act.verb, act.moderator, act.before) == ("change_settings", mod, {"minimum_ratings": 3})

"""After a move all history is read in the new zone, by a job that nobody has to ask for."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from conftest import Jobs
from listening import zones
from listening.figures.history import history_of
from listening.models import DayTotal
from listening.tasks import read_in_new_zone, read_moved_in_new_zone
from listening.tests.histories import NOW, counted, heard, listener, moved, track
from social.models import User
from social.profile import change_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    ana = listener("ana", zone="Europe/Berlin")
    heard(ana, track("Late"), "2025-10-31 22:30")
    counted(ana)
    return ana


def days(member: User) -> list[date]:
    return list(DayTotal.objects.filter(user=member).values_list("day", flat=True))


def test_moving_has_history_read_anew(ana: User, jobs: Jobs, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        change_profile(member=ana, timezone="Asia/Tokyo")
    assert jobs.queued() == [("listening.tasks.read_in_new_zone", (ana.pk,))]
    assert days(ana) == [date(2025, 10, 31)]
    assert jobs.run() == [f"The history of member {ana.pk} is read in Asia/Tokyo."]
    assert days(ana) == [date(2025, 11, 1)]
    assert not history_of(ana, now=NOW).is_moving


def test_changing_something_else_reads_nothing_anew(
    ana: User, jobs: Jobs, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        change_profile(member=ana, display_name="Anna")
    assert jobs.queued() == []


def test_a_sweep_finds_who_moved_while_nobody_looked(ana: User, jobs: Jobs) -> None:
    listener("bo", zone="Asia/Tokyo")  # without a listen: nothing to read
    moved(ana, "Asia/Tokyo")
    assert zones.moved_listeners() == [ana.pk]
    assert read_moved_in_new_zone() == "Queued 1 histories to be read in another zone."
    jobs.run()
    assert days(ana) == [date(2025, 11, 1)]
    assert zones.moved_listeners() == []


def test_the_job_may_run_twice_and_for_somebody_gone(ana: User) -> None:
    moved(ana, "Asia/Tokyo")
    with time_machine.travel(NOW, tick=False):
        assert "already" not in read_in_new_zone(ana.pk)
        assert "already" in read_in_new_zone(ana.pk)
    assert read_in_new_zone(0) == "Member 0 is gone."

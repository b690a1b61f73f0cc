"""What runs by itself: the list in the code is the list in the database."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.core.management import call_command
from django_q.models import Schedule

from sidetrack.schedule import JOBS, Job, sync

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 10, 12, 0, tzinfo=UTC)
OFTEN = Job("Often", "sidetrack.tasks.heartbeat", every_minutes=5)
NIGHTLY = Job("Nightly", "sidetrack.tasks.heartbeat", cron="30 4 * * *")


def test_every_job_names_a_function_that_exists():
    for job in JOBS:
        module, _, name = job.function.rpartition(".")
        assert callable(getattr(import_module(module), name)), job


def test_names_are_different_and_fit_the_column():
    names = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= Schedule._meta.get_field("name").max_length


def test_a_job_needs_one_rule():
    with pytest.raises(ValueError, match="either"):
        Job("None", "sidetrack.tasks.heartbeat")
    with pytest.raises(ValueError, match="either"):
        Job("Both", "sidetrack.tasks.heartbeat", every_minutes=1, cron="* * * * *")


def test_creates_then_changes_nothing():
    assert str(sync(now=NOON, jobs=[OFTEN, NIGHTLY])) == "2 created, 0 changed, 0 deleted"
    before = list(Schedule.objects.order_by("id").values())
    assert str(sync(now=NOON + timedelta(hours=3), jobs=[OFTEN, NIGHTLY])) == "0 created, 0 changed, 0 deleted"
    assert list(Schedule.objects.order_by("id").values()) == before


def test_a_cron_rule_is_read_in_the_time_zone_of_the_settings(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    sync(now=NOON, jobs=[NIGHTLY])
    assert Schedule.objects.get().next_run == datetime(2025, 11, 11, 3, 30, tzinfo=UTC)


def test_a_changed_rule_gets_a_new_next_time():
    sync(now=NOON, jobs=[OFTEN, NIGHTLY])
    later = NOON + timedelta(days=1)
    hourly, at_six = Job("Often", OFTEN.function, every_minutes=60), Job("Nightly", NIGHTLY.function, cron="0 6 * * *")
    assert str(sync(now=later, jobs=[hourly, at_six])) == "0 created, 2 changed, 0 deleted"
    assert Schedule.objects.get(name="Often").next_run == later
    assert Schedule.objects.get(name="Nightly").next_run == datetime(2025, 11, 12, 6, 0, tzinfo=UTC)


def test_what_left_the_list_and_doubles_are_deleted():
    sync(now=NOON, jobs=[OFTEN, NIGHTLY])
    Schedule.objects.create(name="Often", func=OFTEN.function, schedule_type=Schedule.MINUTES, minutes=5)
    assert str(sync(now=NOON, jobs=[OFTEN])) == "0 created, 0 changed, 2 deleted"
    assert Schedule.objects.get().name == "Often"


def test_the_command_makes_the_list_true(capsys):
    call_command("sync_schedules")
    call_command("sync_schedules")
    assert "Schedules: 0 created, 0 changed, 0 deleted." in capsys.readouterr().out
    assert set(Schedule.objects.values_list("func", flat=True)) == {job.function for job in JOBS}

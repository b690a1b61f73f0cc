"""/health, /ready, the heartbeat and the doctor."""

from contextlib import closing
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.tasks import async_task

from sidetrack import __version__, heartbeat, slots
from sidetrack.diagnosis import Finding
from sidetrack.heartbeat import beat, beat_after_task
from sidetrack.management.commands.worker import is_hung
from sidetrack.models import Heartbeat
from sidetrack.tasks import heartbeat as heartbeat_task
from sidetrack.tests.running import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def _own_slots(monkeypatch):
    monkeypatch.setattr(slots, "_fillers", {})


def test_health_says_that_it_lives_and_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive", "version": __version__})
    assert "no-store" in answer["Cache-Control"]


def test_ready_after_the_queue_ran_its_task(client, jobs):
    async_task("sidetrack.tasks.heartbeat")
    assert client.get("/ready").status_code == 503
    assert jobs.run() == ["1 beat"]
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["problems"]) == (200, "ready", [])


def test_not_ready_without_a_heartbeat(client):
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["The queue has not run a task yet: is a worker running?"]


def test_not_ready_when_the_queue_fell_silent(client):
    beat(timezone.now() - timedelta(minutes=7))
    assert client.get("/ready").json()["problems"] == ["The queue has run nothing for 7 minutes: is a worker running?"]


def test_not_ready_while_a_migration_waits(tmp_path, migrated):
    with closing(Site(tmp_path, like=migrated)) as site:
        status, problems = site.python(
            "from django.db import connection\n"
            "from django.db.migrations.recorder import MigrationRecorder\n"
            "from django.test import Client\n"
            "from sidetrack.tasks import heartbeat\n"
            "heartbeat()\n"
            "MigrationRecorder(connection).record_unapplied('sidetrack', '0001_heartbeat')\n"
            "told = Client(headers={'host': 'localhost'}).get('/ready')\n"
            "answer = [told.status_code, told.json()['problems']]"
        )
    assert status == 503
    assert problems == ["1 migrations are not applied: sidetrack.0001_heartbeat. Run manage.py migrate."]


def test_not_ready_when_the_database_does_not_answer(client):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("no route to db.example at 10.0.0.7")):
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["The database does not answer."]


@pytest.mark.usefixtures("_own_slots")
def test_apps_add_their_own_checks_and_a_broken_one_is_a_problem(client):
    heartbeat_task()
    slots.register("ready:checks", lambda: ["The sky is too low."], name="sky")
    slots.register("ready:checks", lambda: None, name="calm")
    slots.register("ready:checks", lambda: 1 / 0, name="division")
    assert client.get("/ready").json()["problems"] == [
        "The check “division” itself failed.",
        "The sky is too low.",
    ]


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_only_reading_is_allowed(client, path):
    assert client.post(path).status_code == 405


def test_a_plain_http_probe_is_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    assert client.get("/weeks/").status_code == 301


def test_any_finished_task_is_a_sign_of_life_but_not_a_write_each_time(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(heartbeat, "_last_written", None)
    beat_after_task(sender="django_q", func=None, task={})
    assert Heartbeat.objects.get().name == heartbeat.QUEUE
    with django_assert_num_queries(0):
        beat_after_task(sender="django_q", func=None, task={})


def test_a_heartbeat_that_cannot_be_written_does_not_stop_the_worker(monkeypatch, caplog):
    monkeypatch.setattr(heartbeat, "_last_written", None)
    with mock.patch.object(Heartbeat.objects, "update_or_create", side_effect=OperationalError("locked")):
        beat_after_task()
    assert "could not be written" in caplog.text


class TestWorkerCheck:
    def test_fails_before_the_first_task_and_after_a_long_silence(self):
        with pytest.raises(CommandError, match="not run a task"):
            call_command("worker", check=True)
        beat(timezone.now() - heartbeat.dead_after() - timedelta(seconds=1))
        with pytest.raises(CommandError, match="not run a task"):
            call_command("worker", check=True)

    def test_a_long_job_on_every_worker_is_not_taken_for_death(self, settings, capsys):
        beat(timezone.now() - timedelta(seconds=settings.Q_CLUSTER["timeout"]))
        call_command("worker", check=True)
        assert "The queue ran a task" in capsys.readouterr().out

    def test_a_fresh_cluster_is_given_its_time(self, monkeypatch):
        monkeypatch.setattr(connection, "close", lambda: None)
        now, limit = timezone.now(), heartbeat.dead_after()
        beat(now - timedelta(days=1))
        assert not is_hung(now.timestamp() - limit.total_seconds() / 2)
        assert is_hung(now.timestamp() - limit.total_seconds() - 1)
        beat(now)
        assert not is_hung(now.timestamp() - limit.total_seconds() - 1)


class TestDoctor:
    def said(self, capsys) -> str:
        call_command("doctor")
        return capsys.readouterr().out

    def test_names_the_variable_that_turns_a_feature_on(self, capsys, settings):
        settings.DISCORD_CLIENT_ID, settings.DISCORD_CLIENT_SECRET = "123", ""
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = "456", "a-google-secret"
        with pytest.raises(SystemExit):  # half a pair is a mistake
            call_command("doctor")
        said = capsys.readouterr().out
        assert "Sign-in with Discord: off. Set DISCORD_CLIENT_SECRET to turn it on." in said
        assert "Sign-in with Google: wired" in said
        assert "a-google-secret" not in said

    @pytest.mark.usefixtures("_own_slots")
    def test_apps_add_lines_and_a_well_site_is_praised(self, capsys):
        slots.register("doctor:lines", lambda: [Finding("Bees", False, "Set HIVE to turn it on.")])
        heartbeat_task()
        said = self.said(capsys)
        assert "Bees: off. Set HIVE to turn it on." in said
        assert "Everything that is switched on works." in said

    def test_a_queue_that_does_not_run_is_told(self, capsys):
        assert "The queue has not run a task yet" in self.said(capsys)

    def test_an_undocumented_password_of_the_database_is_never_shown(self, capsys, settings):
        settings.REDIS_URL = "redis://:very-secret-word@127.0.0.1:6379/0"
        assert "very-secret-word" not in self.said(capsys)

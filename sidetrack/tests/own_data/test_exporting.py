"""Taking one's data along: asked for, made by a job that may die, fetched by its owner alone for a week."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client
from django.utils.timezone import now

from social.models import DataExport, Notification, User
from social.own_data import exporting
from social.relations import block, follow
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/data/"
State = DataExport.State


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def made(member: User) -> DataExport:
    export = exporting.ask_for_export(member=member, now=now())
    exporting.make(export.pk, clock=now)
    export.refresh_from_db()
    assert export.state == State.READY, export.error
    return export


def zip_of(export: DataExport) -> zipfile.ZipFile:
    place = exporting.file_of(export, now=now())
    assert place is not None
    return zipfile.ZipFile(place)


def test_a_member_asks_waits_and_fetches(
    as_rin: Client, rin: User, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_rin.post(f"{PAGE}exports/new/")
    waiting = as_rin.get(PAGE).content.decode()
    assert "Waiting for its turn" in waiting
    assert 'hx-get="/settings/data/exports/"' in waiting
    assert "Make my zip" not in waiting
    [said] = jobs.run()
    assert "ready" in said
    page = as_rin.get(PAGE).content.decode()
    export = DataExport.objects.get()
    assert f"/settings/data/exports/{export.pk}/" in page
    assert "hx-get" not in page
    fetched = as_rin.get(f"{PAGE}exports/{export.pk}/")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert "no-store" in fetched["Cache-Control"]
    assert fetched.streaming
    with zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content))) as archive:
        assert json.loads(archive.read("profile/profile.json"))[0]["handle"] == "rin"
    assert Notification.objects.get(user=rin).kind == "export_ready"


def test_nobody_else_learns_that_it_exists(client: Client, rin: User, sol: User, mod: User) -> None:
    address = f"{PAGE}exports/{made(rin).pk}/"
    assert client.get(address).status_code == 302  # to the door
    for member in (sol, mod):
        client.force_login(member)
        assert client.get(address).status_code == 404
        assert client.post(f"{address}delete/").status_code == 404
    assert DataExport.objects.exists()


def test_the_link_ends_after_a_week_and_the_file_goes(as_rin: Client, rin: User) -> None:
    export = made(rin)
    place = exporting.file_of(export, now=now())
    assert place is not None
    DataExport.objects.update(expires_at=now() - timedelta(seconds=1))
    assert as_rin.get(f"{PAGE}exports/{export.pk}/").status_code == 404
    assert exporting.forget_expired(now=now()) == 1
    assert not place.exists()
    assert not DataExport.objects.exists()


def test_asked_twice_it_is_made_once_and_not_endlessly_often(rin: User) -> None:
    first = exporting.ask_for_export(member=rin, now=now())
    assert exporting.ask_for_export(member=rin, now=now()) == first
    for _ in range(exporting.A_DAY - 1):
        exporting.make(DataExport.objects.get(state=State.WAITING).pk, clock=now)
        exporting.ask_for_export(member=rin, now=now())
    exporting.make(DataExport.objects.get(state=State.WAITING).pk, clock=now)
    with pytest.raises(exporting.Refused, match="several times today"):
        exporting.ask_for_export(member=rin, now=now())


def test_what_a_member_wrote_runs_in_no_spreadsheet_and_no_other_is_named_who_hides(rin: User, sol: User) -> None:
    User.objects.filter(pk=rin.pk).update(bio="=HYPERLINK(1)")
    shy = UserFactory(handle="shy_one")
    follow(by=rin, whom=sol, now=now())
    follow(by=shy, whom=rin, now=now())
    User.objects.filter(pk=shy.pk).update(visibility="me")
    block(by=rin, whom=UserFactory(handle="blocked_one"))
    with zip_of(made(rin)) as archive:
        [row] = csv.DictReader(io.StringIO(archive.read("profile/profile.csv").decode()))
        assert row["bio"] == "'=HYPERLINK(1)"
        assert "password" not in row
        assert [each["followed"] for each in json.loads(archive.read("people/following.json"))] == ["sol"]
        assert {each["follower"] for each in json.loads(archive.read("people/followers.json"))} == {"sol", None}
        assert [each["blocked"] for each in json.loads(archive.read("people/blocked.json"))] == ["blocked_one"]
        assert "shy_one" not in archive.read("people/followers.csv").decode()


def test_what_breaks_fails_in_words_and_leaves_no_file(rin: User) -> None:
    from sidetrack import slots

    def broken(member: User) -> list[Any]:
        raise RuntimeError("a defect")

    slots.register("export:parts", broken, name="test.broken")
    try:
        export = exporting.ask_for_export(member=rin, now=now())
        exporting.make(export.pk, clock=now)
    finally:
        slots._fillers["export:parts"] = [each for each in slots.fillers("export:parts") if each.name != "test.broken"]
    export.refresh_from_db()
    assert (export.state, export.error) == (State.FAILED, exporting.OUR_FAULT)
    assert list(exporting.folder().iterdir()) == []


def test_a_lost_worker_is_followed_by_another_and_the_third_is_the_last(rin: User) -> None:
    export = exporting.ask_for_export(member=rin, now=now())
    lost = {"state": State.RUNNING, "beat_at": now() - exporting.LOST_AFTER * 2, "n_tries": 1}
    DataExport.objects.filter(pk=export.pk).update(**lost)
    assert exporting.sweep(now=now()) == 1
    made_anew = exporting.make(export.pk, clock=now)
    assert made_anew is not None
    assert (made_anew.state, made_anew.n_tries) == (State.READY, 2)
    DataExport.objects.filter(pk=export.pk).update(**lost | {"n_tries": 3})
    assert exporting.make(export.pk, clock=now) is None
    export.refresh_from_db()
    assert (export.state, export.error) == (State.FAILED, exporting.WORKER_LOST)


def test_a_worker_that_was_thought_lost_leaves_no_trace(rin: User) -> None:
    """Another took over while it slept: it stops at its next step, and the other's file stands."""
    export = exporting.ask_for_export(member=rin, now=now())
    slow = exporting._take(export.pk, now=now())
    assert slow is not None
    DataExport.objects.filter(pk=export.pk).update(beat_at=now() - exporting.LOST_AFTER * 2)
    assert exporting.make(export.pk, clock=now) is not None
    with pytest.raises(exporting.Lost):
        exporting._write(slow, exporting.folder() / "slow.part", clock=now)
    export.refresh_from_db()
    assert exporting.file_of(export, now=now()) is not None


def zips() -> list[Path]:
    return sorted(exporting.folder().iterdir())


def test_a_zip_that_was_finished_since_its_row_was_read_goes_too(rin: User) -> None:
    """Forgetting and finishing at once: who forgets holds the row as it was while the zip was made."""
    export = exporting.ask_for_export(member=rin, now=now())
    before = zips()
    as_read = DataExport.objects.get(pk=export.pk)
    exporting.make(export.pk, clock=now)
    assert len(zips()) == len(before) + 1
    exporting.forget_export(as_read)
    assert zips() == before


@pytest.mark.django_db(transaction=True)
def test_a_zip_whose_row_goes_in_the_moment_in_which_it_is_finished_goes_at_once(rin: User) -> None:
    """The member is forgotten between the worker's last write and its end, by one who knows of no file."""
    before = zips()
    export = exporting.ask_for_export(member=rin, now=now())

    def forgotten(sender: Any, instance: Notification, **_signal: Any) -> None:
        transaction.on_commit(lambda: DataExport.objects.filter(pk=export.pk).delete())

    post_save.connect(forgotten, sender=Notification)
    try:
        assert exporting.make(export.pk, clock=now) is None
    finally:
        post_save.disconnect(forgotten, sender=Notification)
    assert not DataExport.objects.exists()
    assert zips() == before


WORKER = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "sidetrack.settings"
import django
django.setup()
from django.utils import timezone
from sidetrack import slots
from social.own_data import exporting
from social.own_data.parts import Files

def slow(member):
    def pieces():
        yield b"x"
        print("writing", flush=True)
        time.sleep(60)
    return [Files("slow", "Slow", "Slow.", lambda: [("slow", pieces())])]

slots.register("export:parts", slow, order=99, name="slow")
exporting.make(int(sys.argv[1]), clock=timezone.now)
"""


@pytest.mark.postgres  # a database that another process reaches
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_is_followed_by_one_that_ends_it(rin: User, tmp_path: Path) -> None:
    from django.db import connection

    export = exporting.ask_for_export(member=rin, now=now())
    url = f"postgresql://{connection.settings_dict['USER']}@{connection.settings_dict['HOST']}:{connection.settings_dict['PORT']}/{connection.settings_dict['NAME']}"
    environment = {"DATABASE_URL": url, "EXPORTS_DIR": str(exporting.folder()), "DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(export.pk)],
        env={"PATH": "", "ENV_FILE": "/dev/null", "SECRET_KEY": "x" * 60, **environment},
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "writing\n"
    finally:
        worker.kill()
        worker.wait()
    export.refresh_from_db()
    assert export.state == State.RUNNING
    assert exporting.make(export.pk, clock=now) is None  # it may live still
    later = now() + exporting.LOST_AFTER * 2
    again = exporting.make(export.pk, clock=lambda: later)
    assert again is not None
    assert again.state == State.READY
    assert len(list(exporting.folder().glob("*.zip"))) == 1

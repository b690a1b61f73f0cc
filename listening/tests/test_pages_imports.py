"""Bringing a file on the page: each step by plain forms, each refusal in words, nobody else's imports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conftest import Jobs
from listening.models import ImportBatch, ListenEvent
from listening.tests.bringing import as_json, fresh, imported, looked_at, stream
from social.models import User
from social.moderation import suspend

pytestmark = pytest.mark.django_db
State = ImportBatch.State
HERE = "/settings/imports/"


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def upload(client: Client, content: bytes, name: str = "history.json") -> Any:
    return client.post(HERE, {"file": SimpleUploadedFile(name, content)})


def act(client: Client, batch: ImportBatch, verb: str) -> str:
    answer = client.post(f"{HERE}{batch.pk}/{verb}/", follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("path", [HERE, f"{HERE}list/", f"{HERE}1/", f"{HERE}1/report/", f"{HERE}listens.zip"])
def test_imports_are_for_members(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer["Location"].startswith("/accounts/login/")


def test_the_whole_way_of_a_file(
    as_rin: Client, rin: User, jobs: Jobs, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(as_rin, as_json([stream(0), stream(1), stream(2, incognito_mode=True)]))
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"{HERE}{batch.pk}/"
    assert "Being looked at" in as_rin.get(answer["Location"]).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run()
    page = as_rin.get(answer["Location"]).content.decode()
    assert "Import 2 listens" in page
    assert "Played in a private session" in page
    assert "Artist 2 – Song 2" in page
    assert not ListenEvent.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert "Waiting for its turn" in act(as_rin, batch, "confirm")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run()
    assert "What it brought" in as_rin.get(answer["Location"]).content.decode()
    assert ListenEvent.objects.filter(user=rin).count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        act(as_rin, batch, "undo")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run()
    assert "was taken back" in as_rin.get(answer["Location"]).content.decode()
    assert not ListenEvent.objects.exists()
    act(as_rin, batch, "forget")
    assert not ImportBatch.objects.exists()


def test_the_page_refreshes_itself_only_while_something_moves(as_rin: Client, rin: User) -> None:
    batch = looked_at(rin, as_json([stream()]))
    assert "every 2s" not in as_rin.get(HERE).content.decode()
    ImportBatch.objects.update(state=State.RUNNING, share_read=0.25)
    for path in (HERE, f"{HERE}list/", f"{HERE}{batch.pk}/", f"{HERE}{batch.pk}/report/"):
        page = as_rin.get(path).content.decode()
        assert "every 2s" in page
        assert 'value="25"' in page


def test_what_is_no_history_is_told_on_its_page(as_rin: Client, rin: User) -> None:
    batch = looked_at(rin, b"<!doctype html><title>Sign in</title>", name="export.zip")
    page = as_rin.get(f"{HERE}{batch.pk}/").content.decode()
    assert "This is a web page" in page
    assert "Nothing was written." in page


def test_a_file_that_is_too_large_is_refused_and_not_kept(as_rin: Client, settings: LazySettings) -> None:
    settings.IMPORT_MAX_MB = 1
    for megabytes in (1.2, 3):
        answer = upload(as_rin, b"[" + b" " * int(megabytes * 1_000_000))
        assert answer.status_code == 400
        assert "The file is larger than 1 MB." in answer.content.decode()
    assert not ImportBatch.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.import"))


@pytest.mark.parametrize(("sent", "words"), [({}, "Choose a file."), ({"file": b""}, "The file is empty.")])
def test_a_form_without_a_file_is_refused(as_rin: Client, sent: dict[str, bytes], words: str) -> None:
    answer = as_rin.post(HERE, {name: SimpleUploadedFile("a", content) for name, content in sent.items()})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_an_upload_needs_the_forms_token(rin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rin)
    assert upload(client, as_json([stream()])).status_code == 403
    assert not ImportBatch.objects.exists()


def test_a_suspended_member_brings_nothing(as_rin: Client, rin: User, mod: User) -> None:
    suspend(member=rin, moderator=mod, reason="Spam", now=timezone.now(), until=None)
    answer = upload(as_rin, as_json([stream()]))
    assert "You are suspended" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_the_same_file_again_is_the_import_that_waits(as_rin: Client) -> None:
    first, second = (upload(as_rin, as_json([stream()]))["Location"] for _ in range(2))
    assert first == second
    assert ImportBatch.objects.count() == 1


def test_a_file_that_was_imported_before_says_so(as_rin: Client, rin: User) -> None:
    imported(rin, as_json([stream()]))
    again = looked_at(rin, as_json([stream()]))
    page = as_rin.get(f"{HERE}{again.pk}/").content.decode()
    assert "You imported this very file on" in page
    assert "Import all the same" in page


def test_another_members_import_is_not_there(as_rin: Client, sol: User) -> None:
    batch = imported(sol, as_json([stream()]))
    for path in (f"{HERE}{batch.pk}/", f"{HERE}{batch.pk}/report/"):
        assert as_rin.get(path).status_code == 404
    for verb in ("confirm", "stop", "resume", "undo", "forget"):
        assert as_rin.post(f"{HERE}{batch.pk}/{verb}/").status_code == 404
    assert "history.json" not in as_rin.get(HERE).content.decode()
    assert fresh(batch).state == State.DONE


def test_a_button_that_does_not_fit_any_more_says_so(as_rin: Client, rin: User) -> None:
    batch = imported(rin, as_json([stream()]))
    assert "Take it back first" in act(as_rin, batch, "forget")
    assert "another state" in act(as_rin, batch, "stop")
    assert as_rin.post(f"{HERE}{batch.pk}/dance/").status_code == 404
    assert as_rin.get(f"{HERE}{batch.pk}/undo/").status_code == 405


def test_settings_lead_here(as_rin: Client) -> None:
    assert f'href="{HERE}"' in as_rin.get("/settings/profile/").content.decode()


def test_names_of_files_and_music_are_shown_as_text(as_rin: Client, rin: User) -> None:
    evil = "<script>alert(1)</script>"
    batch = looked_at(
        rin, as_json([stream(master_metadata_track_name=evil, incognito_mode=True)]), name=f"a{evil}.json"
    )
    page = as_rin.get(f"{HERE}{batch.pk}/").content.decode()
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_the_list_costs_the_same_with_twenty(as_rin: Client, rin: User, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        ImportBatch.objects.create(user=rin, file_name=f"{number}.json", created_at=timezone.now(), state=State.DONE)
    with django_assert_max_num_queries(12):
        assert as_rin.get(HERE).content.decode().count('class="import-name"') == 20


def test_stored_files_are_never_sent(as_rin: Client, rin: User) -> None:
    upload(as_rin, as_json([stream()]))
    batch = ImportBatch.objects.get()
    assert Path(batch.file.path).stat().st_mode & 0o077 == 0
    assert as_rin.get(f"/media/{batch.file.name}").status_code == 404

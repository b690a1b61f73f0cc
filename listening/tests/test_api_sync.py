"""REST queues readings of a member's accounts, and looks for tags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import Jobs
from listening.models import ListenEvent, SyncState
from listening.syncing.registry import sync_account
from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from social.identity import link_identity
from social.models import User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db

Committing = Any


@pytest.fixture
def fake(settings: Any) -> Iterator[FakeLastfm]:
    played = int((timezone.now() - timedelta(hours=2)).timestamp())
    fake = FakeLastfm(scrobbles=[Scrobble(played, "Portishead", "Roads", "Dummy")])
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


@pytest.fixture
def linked(rin: User, fake: FakeLastfm) -> User:
    link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", now=timezone.now())
    return rin


def test_a_member_s_accounts_are_queued_and_read(
    linked: User, jobs: Jobs, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = caller_of(linked).post("ingest/listens")
    assert response.status_code == 202
    (account,) = response.json()["accounts"]
    assert account == {
        "source": "lastfm",
        "account": "rin_fm",
        "status": "new",
        "queued": True,
        "last_ingested_at": None,
        "message": "",
    }
    jobs.run()
    assert ListenEvent.objects.get().track.title == "Roads"
    again = caller_of(linked).post("ingest/listens").json()["accounts"][0]
    assert again["status"] == "ok"
    assert again["last_ingested_at"].endswith("Z")


def test_an_earlier_start_reads_again_what_is_held(linked: User, fake: FakeLastfm, jobs: Jobs) -> None:
    caller_of(linked).post("ingest/listens")
    sync_account(SyncState.objects.get().pk, now=timezone.now())
    response = caller_of(linked).post("ingest/listens?since=2025-01-01T00:00:00")
    assert response.status_code == 202
    assert SyncState.objects.get().last_ingested_at == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("since", ["yesterday", "2025-13-01T00:00:00Z", "2999-01-01T00:00:00Z", "&until=now"])
def test_a_start_that_is_none_is_refused(linked: User, since: str) -> None:
    refused(caller_of(linked).post(f"ingest/listens?since={since}"), 400, "invalid")


def test_whoever_has_no_account_is_told_so_by_an_empty_list(rin: User) -> None:
    assert caller_of(rin).post("ingest/listens").json() == {"accounts": []}


def test_a_service_without_its_key_is_not_queued(linked: User, settings: Any, jobs: Jobs) -> None:
    settings.LASTFM_API_KEY = ""
    (account,) = caller_of(linked).post("ingest/listens").json()["accounts"]
    assert account["queued"] is False
    assert account["message"] == "Last.fm is switched off on this site."
    assert jobs.names() == []


def test_the_service_token_reads_for_whom_it_names(
    linked: User, service: Caller, jobs: Jobs, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert len(service.post("ingest/listens", {"user": "rin"}).json()["accounts"]) == 1
    assert jobs.names() == ["listening.syncing.tasks.sync"]
    refused(service.post("ingest/listens"), 400, "invalid")


def test_nobody_reads_another_s_accounts(linked: User, sol: User, visitor: Caller) -> None:
    refused(caller_of(sol).post("ingest/listens", {"user": "rin"}), 403, "not_your_own")
    refused(visitor.post("ingest/listens"), 401, "not_authenticated")


def test_a_suspended_member_does_not_start_a_reading(linked: User, monday: datetime) -> None:
    User.objects.filter(pk=linked.pk).update(suspended_at=monday)
    refused(caller_of(linked).post("ingest/listens"), 403, "suspended")


# --- Tags -----------------------------------------------------------------------------------------------------------
def test_tags_are_queued_once_a_minute(linked: User, jobs: Jobs) -> None:
    caller = caller_of(linked)
    assert caller.post("tags/lastfm/sync").json() == {"queued": True, "message": ""}
    assert caller.post("tags/lastfm/sync").json()["queued"] is False
    assert jobs.queued() == [("listening.syncing.tasks.sync_tags", (linked.pk, None))]


def test_the_service_token_asks_about_everybody_s_music(service: Caller, fake: FakeLastfm, jobs: Jobs) -> None:
    response = service.post("tags/lastfm/sync?since=2025-11-01T00:00:00Z")
    assert response.status_code == 202
    assert jobs.queued() == [("listening.syncing.tasks.sync_tags", (None, "2025-11-01T00:00:00+00:00"))]


def test_without_a_key_tags_are_off_and_the_answer_says_why(rin: User, settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    assert "LASTFM_API_KEY" in refused(caller_of(rin).post("tags/lastfm/sync"), 503, "unavailable")["message"]

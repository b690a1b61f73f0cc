"""A file told what an account of the same service tells too: when the file is taken back, the account's plays come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listening.importing import leases
from listening.importing.tasks import work
from listening.ingest import ingest
from listening.models import ImportBatch, ListenEvent, SyncState
from listening.plays import Play
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import sync_account
from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
HEARD = [Play(NOW - timedelta(days=20 * number), "Björk", f"Song {'abcdefgh'[number]}") for number in range(1, 8)]


@pytest.fixture
def account(rin: User, settings: Any) -> Iterator[SyncState]:
    scrobbles = [Scrobble(int(play.played_at.timestamp()), play.artist, play.title) for play in HEARD]
    with FakeLastfm(scrobbles=scrobbles).running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", now=NOW)
        follow_accounts(now=NOW)
        yield SyncState.objects.get()


def brought(user: User, plays: list[Play]) -> ImportBatch:
    batch = ImportBatch.objects.create(
        user=user, source="lastfm", file_name="old.csv", state="undoing", created_at=NOW, first_at=plays[-1].played_at
    )
    assert ingest(user=user, source="lastfm", plays=plays, now=NOW, batch=batch).n_new == len(plays)
    return batch


def take_back(batch: ImportBatch) -> None:
    leased = leases.take(batch.pk, [ImportBatch.State.UNDOING], now=NOW)
    assert leased is not None
    work(leased)
    batch.refresh_from_db()
    assert batch.state == "undone"


def titles() -> set[str]:
    return set(ListenEvent.objects.values_list("track__title", flat=True))


def test_what_the_file_had_told_is_read_from_the_account(rin: User, account: SyncState) -> None:
    batch = brought(rin, HEARD[2:])
    assert sync_account(account.pk, now=NOW).n_new == 2
    take_back(batch)
    assert titles() == {play.title for play in HEARD[:2]}
    account.refresh_from_db()
    assert sync_account(account.pk, now=account.due_at).n_new == 5
    assert titles() == {play.title for play in HEARD}


def test_an_account_that_stopped_stays_so_and_reads_it_when_it_goes_on(rin: User, account: SyncState) -> None:
    batch = brought(rin, HEARD)
    sync_account(account.pk, now=NOW)
    SyncState.objects.update(status="off")
    take_back(batch)
    account.refresh_from_db()
    assert (account.status, account.last_ingested_at) == ("off", HEARD[-1].played_at)


def test_an_account_that_holds_less_than_the_file_is_left_alone(rin: User, account: SyncState) -> None:
    batch = brought(rin, HEARD)
    take_back(batch)
    account.refresh_from_db()
    assert account.last_ingested_at is None
    assert sync_account(account.pk, now=NOW).n_new == 7

"""Accounts elsewhere are read when they are due, by one worker at a time, and tell in words what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import Jobs
from listening.clients import lastfm as client
from listening.models import ListenEvent, SyncState
from listening.syncing import registry, tasks
from listening.syncing.accounts import follow_accounts
from listening.syncing.reading import LEASE, LeaseLost, Progress
from listening.syncing.registry import ask_anew, due, lease, sync_account
from listening.syncing.sources import SOURCES
from listening.tests.fake_lastfm import FakeLastfm, Scrobble, error
from sidetrack.tests.local_server import Answer
from social.identity import link_identity, unlink_identity
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLastfm]:
    fake = FakeLastfm(scrobbles=[Scrobble(int((NOW - HOUR).timestamp()), "Portishead", "Roads")])
    monkeypatch.setattr(client, "RETRY_PAUSE_S", 0.01)
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


def connect(user: User, name: str = "", *, at: datetime = NOW) -> SyncState:
    link_identity(user=user, provider="lastfm", provider_user_id=name or f"{user.handle}_fm", now=at)
    LinkedAccount.objects.filter(user=user).update(created_at=at)
    follow_accounts(now=at)
    return SyncState.objects.get(user=user)


@pytest.fixture
def account(rin: User, fake: FakeLastfm) -> SyncState:
    return connect(rin)


def fresh(account: SyncState) -> SyncState:
    account.refresh_from_db()
    return account


# --- Accounts -------------------------------------------------------------------------------------------------------
def test_a_linked_account_is_due_at_once(account: SyncState) -> None:
    assert (account.source, account.account_name, account.status) == ("lastfm", "rin_fm", "new")
    assert list(due(NOW)) == [account]
    assert follow_accounts(now=NOW) == 0


def test_an_unlinked_account_is_forgotten_and_its_listens_stay(account: SyncState, rin: User) -> None:
    sync_account(account.pk, now=NOW)
    unlink_identity(user=rin, provider="lastfm")
    assert not SyncState.objects.exists()
    assert ListenEvent.objects.count() == 1


def test_a_reading_ends_where_its_member_left_meanwhile(account: SyncState, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(is_active=False)
    synced = sync_account(account.pk, now=NOW)
    assert (synced.problem, synced.n_new) == ("Its member left, or their account is switched off.", 0)
    assert fresh(account).lease_until is None
    assert not ListenEvent.objects.exists()
    assert not due(NOW + HOUR).exists()


def test_another_account_of_the_same_service_begins_anew(account: SyncState, rin: User) -> None:
    sync_account(account.pk, now=NOW)
    unlink_identity(user=rin, provider="lastfm")
    again = connect(rin, "rin_two", at=NOW + HOUR)
    assert (again.account_name, again.last_ingested_at, again.snapshot) == ("rin_two", None, {})
    assert again.due_at == NOW + HOUR


def test_an_account_that_stopped_goes_on_when_it_is_linked_again(
    fake: FakeLastfm, account: SyncState, rin: User
) -> None:
    fake.failures = [error(9)]
    sync_account(account.pk, now=NOW)
    assert fresh(account).status == "needs_relink"
    follow_accounts(now=NOW + HOUR)
    assert not due(NOW + HOUR).exists()
    link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", access_token="new", now=NOW + HOUR)
    follow_accounts(now=NOW + HOUR)
    assert list(due(NOW + HOUR)) == [account]


def test_a_one_person_site_names_its_accounts_in_settings(fake: FakeLastfm, rin: User, settings: Any) -> None:
    settings.DEFAULT_USER, settings.LASTFM_USER = "Rin", "rin_elsewhere"
    follow_accounts(now=NOW)
    assert SyncState.objects.get().account_name == "rin_elsewhere"
    settings.LASTFM_USER = ""
    follow_accounts(now=NOW)
    assert not SyncState.objects.exists()


def test_a_linked_account_counts_more_than_the_settings(fake: FakeLastfm, rin: User, settings: Any) -> None:
    settings.DEFAULT_USER, settings.LASTFM_USER = "rin", "rin_elsewhere"
    assert connect(rin).account_name == "rin_fm"


# --- Due ------------------------------------------------------------------------------------------------------------
def test_an_active_account_is_due_again_in_five_minutes(account: SyncState) -> None:
    sync_account(account.pk, now=NOW)
    assert not due(NOW + timedelta(minutes=4)).exists()
    assert due(NOW + timedelta(minutes=6)).exists()


def test_a_quiet_account_is_asked_ever_less(account: SyncState) -> None:
    moment, gaps = NOW, []
    for _ in range(26):
        sync_account(account.pk, now=moment)
        gaps.append(round((fresh(account).due_at - moment).total_seconds() / 60))
        moment = account.due_at
    assert gaps == sorted(gaps)
    assert gaps[0] == 5
    assert gaps[-1] > 10


def test_a_closed_account_of_a_member_is_not_read(account: SyncState, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(is_active=False)
    assert not due(NOW).exists()


def test_without_its_key_a_service_is_off_and_says_which(account: SyncState, settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    assert not due(NOW).exists()
    assert sync_account(account.pk, now=NOW).problem == "Last.fm is off: set LASTFM_API_KEY."
    assert fresh(account).status == "new"


def test_a_sweep_queues_each_due_account_once(account: SyncState, sol: User, jobs: Jobs) -> None:
    connect(sol)
    SyncState.objects.update(due_at=NOW)
    assert tasks.sync_due() == "Queued 2 accounts to read."
    assert tasks.sync_due() == "Queued 0 accounts to read."
    assert jobs.names() == ["listening.syncing.tasks.sync"] * 2
    assert all("1 play read: 1 new." in line for line in jobs.run())


def test_a_history_too_long_for_one_turn_goes_on_in_the_next(
    fake: FakeLastfm, account: SyncState, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LARGE_PAGE", 10)
    monkeypatch.setattr(tasks, "TURN_S", 0.0)
    fake.scrobbles = [Scrobble(int(NOW.timestamp()) - 300 * n, "Portishead", f"Track {n}") for n in range(1, 36)]
    SyncState.objects.update(due_at=NOW)
    tasks.sync_due()
    assert len(jobs.run()) == 4
    assert ListenEvent.objects.count() == 35
    assert fresh(account).status == "ok"


# --- One worker at a time -------------------------------------------------------------------------------------------
def test_an_account_is_lent_to_one_worker(account: SyncState) -> None:
    first = lease(account.pk, now=NOW)
    assert first is not None
    assert lease(account.pk, now=NOW + timedelta(minutes=1)) is None
    assert not due(NOW + timedelta(minutes=1)).exists()
    assert sync_account(account.pk, now=NOW).problem == "It is being read already."


def test_the_lease_of_a_dead_worker_ends(account: SyncState) -> None:
    lease(account.pk, now=NOW)
    later = NOW + LEASE
    assert list(due(later)) == [account]
    assert sync_account(account.pk, now=later).problem == ""
    assert ListenEvent.objects.count() == 1


def test_a_worker_that_lost_its_lease_writes_nothing_more(account: SyncState) -> None:
    state = lease(account.pk, now=NOW)
    assert state is not None
    progress = Progress(state, now=NOW)
    assert lease(account.pk, now=NOW + LEASE) is not None
    with pytest.raises(LeaseLost):
        progress.take_in([], checkpoint={"page": 7})
    assert fresh(account).checkpoint == {}


def test_each_page_keeps_the_lease_alive(account: SyncState) -> None:
    state = lease(account.pk, now=NOW)
    assert state is not None
    progress = Progress(state, now=NOW + timedelta(minutes=8))
    progress.take_in([], checkpoint={})
    assert lease(account.pk, now=NOW + timedelta(minutes=15)) is None


def test_an_account_unlinked_in_the_middle_is_left_alone(account: SyncState, rin: User) -> None:
    state = lease(account.pk, now=NOW)
    assert state is not None
    unlink_identity(user=rin, provider="lastfm")
    follow_accounts(now=NOW)
    with pytest.raises(LeaseLost):
        Progress(state, now=NOW).take_in([])


# --- When it fails --------------------------------------------------------------------------------------------------
def test_failures_wait_twice_as_long_each_time_and_a_success_forgets_them(fake: FakeLastfm, account: SyncState) -> None:
    moment, waits = NOW, []
    for _ in range(3):
        fake.failures = [error(11)] * 9
        sync_account(account.pk, now=moment)
        waits.append(round((fresh(account).due_at - moment).total_seconds() / 60))
        assert account.status == "waiting"
        assert "out of order for the moment" in account.error
        moment = account.due_at
    assert waits == [5, 10, 20]
    fake.failures = []
    sync_account(account.pk, now=moment)
    assert (fresh(account).n_failures, account.error, account.status) == (0, "", "ok")


def test_a_pause_that_a_service_asks_for_is_respected(fake: FakeLastfm, account: SyncState) -> None:
    fake.failures = [Answer(429, headers={"Retry-After": "7200"})]
    fake.failures *= 3
    sync_account(account.pk, now=NOW)
    assert fresh(account).due_at >= NOW + timedelta(hours=2)


@pytest.mark.parametrize("code", [10, 26])
def test_a_key_that_is_refused_rests_every_account_of_the_service(
    fake: FakeLastfm, account: SyncState, sol: User, code: int
) -> None:
    other = connect(sol)
    fake.failures = [error(code)]
    answer = sync_account(account.pk, now=NOW)
    assert "Nobody's Last.fm account is read" in answer.problem
    assert not due(NOW + registry.KEY_RESTS - timedelta(minutes=1)).exists()
    assert set(due(NOW + registry.KEY_RESTS + timedelta(minutes=1))) == {account, other}


def test_one_bad_account_stops_no_other(fake: FakeLastfm, account: SyncState, sol: User, jobs: Jobs) -> None:
    connect(sol)
    fake.users = {"sol_fm"}
    SyncState.objects.update(due_at=NOW)
    tasks.sync_due()
    jobs.run()
    assert fresh(account).status == "needs_relink"
    assert ListenEvent.objects.get().user == sol


def test_a_mistake_of_our_own_is_told_kept_and_tried_again(
    account: SyncState, caplog: pytest.LogCaptureFixture
) -> None:
    SyncState.objects.update(last_ingested_at=NOW, snapshot={"looked_back_at": "at no time"})
    answer = sync_account(account.pk, now=NOW)
    assert answer.problem == "Something went wrong on our side. It will be tried again."
    assert fresh(account).due_at >= NOW + timedelta(minutes=5)
    assert "broke" in caplog.text


def test_asking_for_an_account_makes_it_due_whatever_stopped_it(fake: FakeLastfm, account: SyncState) -> None:
    fake.failures = [error(17)]
    sync_account(account.pk, now=NOW)
    assert not due(NOW + timedelta(days=30)).exists()
    ask_anew(fresh(account), now=NOW + HOUR)
    assert list(due(NOW + HOUR)) == [account]
    sync_account(account.pk, now=NOW + HOUR)
    assert fresh(account).status == "ok"


def test_every_source_has_its_name_and_pace() -> None:
    assert all(name == source.source and source.label for name, source in SOURCES.items())
    assert all(timedelta(0) < source.pace.fastest <= source.pace.slowest for source in SOURCES.values())

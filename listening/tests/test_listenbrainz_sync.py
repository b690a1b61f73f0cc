"""A ListenBrainz account is read whole, once, and then stays true to what ListenBrainz has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listening.ingest import ingest, withdraw
from listening.models import ImportBatch, ListenEvent, ListenPayload, NowPlaying, SyncState
from listening.plays import Play
from listening.syncing import listenbrainz
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import Synced, sync_account
from listening.tests.fake_listenbrainz import FakeListenBrainz, Listened, reply
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
PAGE = 10


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeListenBrainz]:
    """A ListenBrainz with a history of 45 listens, one an hour until an hour ago."""
    fake = FakeListenBrainz(listens=[listened(hours=-n) for n in range(1, 46)])
    monkeypatch.setattr(listenbrainz, "MOST_A_PAGE", PAGE)
    monkeypatch.setattr(listenbrainz, "FIRST_PAGE", 5)
    with fake.running() as server:
        settings.LISTENBRAINZ_URL, settings.LISTENBRAINZ_RATE_LIMIT = server.url, 0
        yield fake


@pytest.fixture
def account(rin: User, fake: FakeListenBrainz) -> SyncState:
    link_identity(user=rin, provider="listenbrainz", provider_user_id="rin_lb", now=NOW)
    follow_accounts(now=NOW)
    return SyncState.objects.get()


def listened(*, hours: float, title: str = "") -> Listened:
    at = int((NOW + timedelta(hours=hours)).timestamp())
    minutes = round(hours * 60)
    return Listened(at, "Portishead", title or (f"Track {-minutes}" if minutes < 0 else f"Later {minutes}"), "Dummy")


def held() -> list[tuple[int, str]]:
    """Seconds and title of each listen held, oldest first."""
    rows = ListenEvent.objects.order_by("played_at", "track__title").values_list("played_at", "track__title")
    return [(int(at.timestamp()), title) for at, title in rows]


def upstream(fake: FakeListenBrainz) -> list[tuple[int, str]]:
    return sorted((each.at, each.title) for each in fake.listens)


def sync(account: SyncState, now: datetime = NOW, **options: Any) -> Synced:
    answer = sync_account(account.pk, now=now, **options)
    account.refresh_from_db()
    return answer


# --- A whole history ------------------------------------------------------------------------------------------------
def test_a_first_reading_goes_back_to_the_oldest_listen(fake: FakeListenBrainz, account: SyncState) -> None:
    answer = sync(account)
    assert held() == upstream(fake)
    assert (answer.n_new, answer.problem) == (45, "")
    assert (account.status, account.last_ingested_at, account.checkpoint) == ("ok", NOW, {})
    assert account.n_expected == 45
    assert not any("min_ts" in params for params in fake.pages())


def test_listens_of_one_second_are_not_lost_where_a_page_ends_between_them(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    one_second = [listened(hours=-10, title=f"Movement {number}") for number in range(7)]
    fake.listens = [*fake.listens, *one_second]
    for size in (5, 8, 9, 13):
        ListenEvent.objects.all().delete()
        SyncState.objects.update(last_ingested_at=None, snapshot={})
        fake.largest_page = size if size > len(one_second) + 1 else 9
        sync(account)
        assert held() == upstream(fake)


def test_more_listens_of_one_second_than_a_page_holds_do_not_stop_the_reading(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    crowd = [listened(hours=-10, title=f"Part {number:02}") for number in range(PAGE + 5)]
    fake.listens = [*fake.listens, *crowd]
    sync(account)
    got = held()
    assert len(got) >= len(fake.listens) - 6  # ListenBrainz shows no more than a page of one second
    assert {(each.at, each.title) for each in fake.listens} - set(got) <= {(each.at, each.title) for each in crowd}
    assert got[0] == upstream(fake)[0]


def test_fewer_listens_than_asked_for_are_not_the_end(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.largest_page = 3
    sync(account)
    assert held() == upstream(fake)


def test_listens_that_come_in_meanwhile_shift_nothing(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.before = lambda page: fake.listens.append(listened(hours=-0.01 * page, title=f"New {page}"))
    sync(account)
    fake.before = lambda page: None
    assert {title for _, title in held()} >= {f"Track {60 * n}" for n in range(1, 46)}
    sync(account, NOW + timedelta(minutes=5))
    assert held() == upstream(fake)


def test_a_reading_that_was_cut_off_goes_on_at_its_second(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account, seconds=0)
    assert account.status == "reading"
    n_first = ListenEvent.objects.count()
    assert n_first == PAGE
    fake.asked.clear()
    fake.listens.append(listened(hours=0.05, title="Heard meanwhile"))
    sync(account, NOW + timedelta(minutes=10))
    assert account.status == "ok"
    assert all(int(params["max_ts"]) <= int(listened(hours=-10).at) + 1 for params in fake.pages())
    assert account.last_ingested_at == NOW  # what came meanwhile is the next reading's
    sync(account, NOW + timedelta(minutes=15))
    assert held() == upstream(fake)


def test_a_long_history_keeps_no_payloads_and_new_listens_keep_theirs(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    sync(account)
    assert not ListenPayload.objects.exists()
    fake.listens.append(listened(hours=0.1, title="New"))
    sync(account, NOW + timedelta(minutes=10))
    assert [payload.body["track_metadata"]["track_name"] for payload in ListenPayload.objects.all()] == ["New"]


def test_an_empty_account_is_read_to_its_end(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.listens = []
    answer = sync(account)
    assert (answer.n_read, account.status, account.last_ingested_at) == (0, "ok", NOW)


def test_what_cannot_be_a_play_is_counted_with_its_reason(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.listens = [listened(hours=-1), Listened(listened(hours=-2).at, "", "Nobody's")]
    answer = sync(account)
    assert (answer.n_new, answer.n_skipped >= 1) == (1, True)


def test_a_new_account_shows_its_tops_while_its_history_is_read(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.tops = {
        "artists": [{"artist_name": "Portishead", "listen_count": 45}, {"artist_name": None, "listen_count": 3}],
        "releases": [{"release_name": "Dummy", "artist_name": "Portishead", "listen_count": 45}],
    }
    sync(account, seconds=0)
    assert account.snapshot["artists"] == [{"name": "Portishead", "artist": "", "n_listens": 45}]
    assert account.snapshot["albums"] == [{"name": "Dummy", "artist": "Portishead", "n_listens": 45}]
    assert {each.params["range"] for each in fake.asked if "/stats/" in each.path} == {"all_time"}
    fake.asked.clear()
    sync(account, NOW + timedelta(minutes=1))
    sync(account, NOW + timedelta(minutes=10))
    assert not any("/stats/" in each.path for each in fake.asked)


def test_a_user_whom_listenbrainz_has_not_counted_has_no_tops_and_all_listens(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    sync(account)
    assert (account.snapshot["artists"], account.snapshot["albums"]) == ([], [])
    assert held() == upstream(fake)


# --- Afterwards -----------------------------------------------------------------------------------------------------
def test_an_account_that_is_up_to_date_costs_two_requests(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.asked.clear()
    fake.listens.append(listened(hours=0.1, title="New"))
    answer = sync(account, NOW + timedelta(minutes=10))
    assert answer.n_new == 1
    assert [each.path.rsplit("/", 1)[1] for each in fake.asked] == ["playing-now", "listens"]
    assert fake.pages()[0]["count"] == "5"


def test_a_listen_that_was_sent_two_hours_late_is_found(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.listens.append(listened(hours=-2.5, title="Late"))
    sync(account, NOW + timedelta(minutes=10))
    assert held() == upstream(fake)


def test_days_without_a_reading_are_caught_up_with(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.listens += [listened(hours=n / 2) for n in range(1, 60)]
    sync(account, NOW + timedelta(hours=30))
    assert held() == upstream(fake)


def test_what_its_member_deletes_there_goes_here(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.listens = [each for each in fake.listens if each.title != "Track 120"]
    answer = sync(account, NOW + timedelta(minutes=10))
    assert answer.n_withdrawn == 1
    assert held() == upstream(fake)


def test_what_was_deleted_days_later_goes_with_the_daily_look_back(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.listens = [each for each in fake.listens if each.title != "Track 1200"]
    sync(account, NOW + timedelta(hours=12))
    assert "Track 1200" in {title for _, title in held()}
    sync(account, NOW + timedelta(hours=25))
    assert held() == upstream(fake)


def test_a_listenbrainz_that_forgot_everything_takes_nothing_from_us(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    sync(account)
    before = held()
    fake.listens = []
    answer = sync(account, NOW + timedelta(hours=25))
    assert held() == before
    assert "no longer has 45 of 45 listens" in answer.problem


def test_an_imported_file_is_not_taken_for_deleted_listens(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    batch = ImportBatch.objects.create(user=account.user, source="listenbrainz", file_name="old.zip", created_at=NOW)
    play = Play(played_at=NOW - timedelta(hours=1, minutes=30), artist="Tricky", title="Overcome")
    ingest(user=account.user, source="listenbrainz", plays=[play], now=NOW, batch=batch)
    assert sync(account, NOW + timedelta(minutes=10)).n_withdrawn == 0
    assert "Overcome" in {title for _, title in held()}


def test_an_import_at_listenbrainz_is_found_by_its_count(fake: FakeListenBrainz, account: SyncState) -> None:
    sync(account)
    fake.listens += [listened(hours=-24 * 365 - n, title=f"Old {n}") for n in range(60)]
    sync(account, NOW + timedelta(hours=12))
    assert len(held()) == 45
    sync(account, NOW + timedelta(hours=25))
    assert held() == upstream(fake)
    fake.asked.clear()
    sync(account, NOW + timedelta(hours=50))
    assert len(fake.pages()) <= 8  # two weeks, and not everything once more


def test_listens_that_a_file_had_told_come_back_when_the_file_is_taken_back(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    batch = ImportBatch.objects.create(user=account.user, source="listenbrainz", file_name="old.zip", created_at=NOW)
    plays = [Play(datetime.fromtimestamp(each.at, UTC), each.artist, each.title) for each in fake.listens]
    ingest(user=account.user, source="listenbrainz", plays=plays, now=NOW, batch=batch)
    assert sync(account).n_new == 0
    ids = list(ListenEvent.objects.filter(import_batch=batch).values_list("pk", flat=True))
    assert withdraw(user=account.user, listen_ids=ids, now=NOW) == 45
    sync(account, NOW + timedelta(hours=25))
    assert held() == upstream(fake)


def test_many_deletions_of_old_listens_are_found_by_the_count(fake: FakeListenBrainz, account: SyncState) -> None:
    old = [listened(hours=-24 * 100 - n, title=f"Old {'abcdefghijklmnopqrstuvwxyz'[n % 26]}") for n in range(200)]
    recent = fake.listens
    fake.listens = [*recent, *old]
    sync(account)
    fake.listens = [*recent, *old[40:]]
    answer = sync(account, NOW + timedelta(hours=25))
    assert answer.n_withdrawn == 40
    assert held() == upstream(fake)


def test_a_count_that_cannot_be_had_stops_nothing(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.failures = [reply({"code": 500}, 500)] * 4
    answer = sync(account)
    assert (answer.n_new, account.status) == (45, "ok")


def test_listens_that_we_leave_out_do_not_make_us_read_all_every_day(
    fake: FakeListenBrainz, account: SyncState
) -> None:
    fake.listens += [Listened(listened(hours=-24 * 100 - n).at, "", "Nameless") for n in range(60)]
    sync(account)
    fake.asked.clear()
    sync(account, NOW + timedelta(hours=25))
    assert len(fake.pages()) <= 8


# --- What plays, and what goes wrong --------------------------------------------------------------------------------
def test_what_plays_now_is_shown_until_it_ends(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.playing = Listened(
        0, "Tricky", "Overcome", "Maxinquaye", {"duration_ms": 270_000, "media_player": "Navidrome"}
    )
    sync(account)
    playing = NowPlaying.objects.get()
    assert (playing.artist_name, playing.title, playing.album_title) == ("Tricky", "Overcome", "Maxinquaye")
    assert (playing.source, playing.client) == ("listenbrainz", "Navidrome")
    assert playing.expires_at - playing.started_at == timedelta(seconds=270)
    assert len(held()) == 45
    fake.playing = None
    sync(account, NOW + timedelta(minutes=5))
    assert not NowPlaying.objects.exists()


def test_an_unknown_name_is_told_to_its_member(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.user = "somebody_else"
    sync(account)
    assert account.status == "needs_relink"
    assert "“rin_lb”" in account.error


def test_a_listenbrainz_that_is_down_is_asked_again_when_it_said(fake: FakeListenBrainz, account: SyncState) -> None:
    fake.failures = [reply({"code": 503}, 503, Retry_After="1200")]
    sync(account)
    assert account.status == "waiting"
    assert account.due_at >= NOW + timedelta(seconds=1200)
    sync(account, account.due_at)
    assert held() == upstream(fake)

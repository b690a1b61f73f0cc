"""A Last.fm account is read whole, once, and stays true to what Last.fm has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from listening.clients import lastfm as client
from listening.ingest import ingest, withdraw
from listening.models import ImportBatch, ListenEvent, NowPlaying, SyncState
from listening.plays import Play
from listening.syncing import lastfm
from listening.syncing.accounts import follow_accounts
from listening.syncing.deletions import is_plausible
from listening.syncing.registry import Synced, ask_anew, sync_account
from listening.tests.fake_lastfm import FakeLastfm, Scrobble, error
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = 10


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLastfm]:
    """A Last.fm with a history of 45 plays, one an hour until an hour ago."""
    fake = FakeLastfm(scrobbles=[scrobble(hours=-n) for n in range(1, 46)])
    monkeypatch.setattr(client, "RETRY_PAUSE_S", 0.01)
    monkeypatch.setattr(client, "LARGE_PAGE", PAGE)
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


@pytest.fixture
def account(rin: User, fake: FakeLastfm) -> SyncState:
    link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", now=NOW)
    follow_accounts(now=NOW)
    return SyncState.objects.get()


def scrobble(*, hours: float, title: str = "") -> Scrobble:
    at = int((NOW + timedelta(hours=hours)).timestamp())
    return Scrobble(at, "Portishead", title or f"Track {round(hours * 60)}", "Dummy")


def held() -> list[tuple[int, str]]:
    """Seconds and title of each listen held, oldest first."""
    rows = ListenEvent.objects.order_by("played_at", "pk").values_list("played_at", "track__title")
    return [(int(at.timestamp()), title) for at, title in rows]


def upstream(fake: FakeLastfm) -> list[tuple[int, str]]:
    return sorted((each.uts, each.title) for each in fake.scrobbles if each.uts)


def sync(account: SyncState, now: datetime = NOW, **options: Any) -> Synced:
    answer = sync_account(account.pk, now=now, **options)
    account.refresh_from_db()
    return answer


def pages(fake: FakeLastfm) -> list[int]:
    return [int(asked["page"]) for asked in fake.asked if asked["method"] == "user.getRecentTracks"]


# --- A whole history ------------------------------------------------------------------------------------------------
def test_a_first_reading_brings_everything_from_the_oldest_page_on(fake: FakeLastfm, account: SyncState) -> None:
    answer = sync(account)
    assert held() == upstream(fake)
    assert (answer.n_read, answer.n_new, answer.problem) == (45, 45, "")
    assert pages(fake) == [1, 5, 4, 3, 2, 1]
    assert len({asked["to"] for asked in fake.asked if "to" in asked}) == 1
    assert (account.status, account.last_ingested_at, account.checkpoint) == ("ok", NOW, {})
    assert (account.n_read, account.n_expected) == (45, 45)


def test_the_next_reading_asks_for_three_hours_before_and_adds_what_is_new(
    fake: FakeLastfm, account: SyncState
) -> None:
    sync(account)
    fake.asked.clear()
    fake.scrobbles.append(scrobble(hours=0.5, title="Glory Box"))
    answer = sync(account, NOW + timedelta(hours=1))
    assert answer.n_new == 1
    assert held() == upstream(fake)
    (asked,) = fake.asked
    assert int(asked["from"]) == int((NOW - lastfm.OVERLAP).timestamp())


def test_a_play_that_comes_while_pages_are_read_shifts_nothing(fake: FakeLastfm, account: SyncState) -> None:
    fake.before = lambda page: fake.scrobbles.append(scrobble(hours=0.01 + len(fake.asked) / 1000))
    sync(account)
    assert held() == [each for each in upstream(fake) if each[0] < NOW.timestamp()]


def test_a_play_added_late_while_pages_are_read_is_not_lost(fake: FakeLastfm, account: SyncState) -> None:
    """A player that was offline sends last night's plays: what follows in the list moves to a page already read."""

    def send_late(page: int) -> None:
        if page == 3 and len(fake.scrobbles) == 45:
            fake.scrobbles += [scrobble(hours=-2.5 - n / 100) for n in range(3)]

    fake.before = send_late
    sync(account)
    assert held() == upstream(fake)


def test_a_play_deleted_while_pages_are_read_loses_no_other(fake: FakeLastfm, account: SyncState) -> None:
    def delete(page: int) -> None:
        if page == 3:
            fake.scrobbles = [each for each in fake.scrobbles if each.title != "Track -120"]

    fake.before = delete
    sync(account)
    assert held() == upstream(fake)


def test_a_server_that_gives_smaller_pages_than_asked_is_read_whole(fake: FakeLastfm, account: SyncState) -> None:
    fake.largest_page = 4
    sync(account)
    assert held() == upstream(fake)


def test_plays_without_a_time_are_left_out_and_counted(fake: FakeLastfm, account: SyncState) -> None:
    fake.scrobbles += [Scrobble(0, "Portishead", "Long ago"), Scrobble(None, "Portishead", "Some day")]
    answer = sync(account)
    assert (answer.n_read, answer.n_new, answer.n_skipped) == (47, 45, 2)
    assert held() == [each for each in upstream(fake) if each[0]]


def test_characters_that_no_database_keeps_stop_nothing(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    fake.playing = Scrobble(None, "Porti\x00shead", "Ro\x00ads")
    fake.scrobbles.append(Scrobble(int(NOW.timestamp()) + 60, "Porti\x00shead", "Glory\x00 Box", "Dum\x00my"))
    answer = sync(account, NOW + timedelta(hours=1))
    assert (answer.n_new, answer.problem) == (1, "")


def test_an_empty_account_is_up_to_date(fake: FakeLastfm, account: SyncState) -> None:
    fake.scrobbles = []
    answer = sync(account)
    assert (answer.n_read, answer.problem, account.status) == (0, "", "ok")


def test_the_first_look_keeps_top_artists_and_albums(fake: FakeLastfm, account: SyncState) -> None:
    fake.tops = {
        "artists": [{"name": "Portishead", "playcount": "45"}],
        "albums": [{"name": "Dummy", "playcount": 44, "artist": {"name": "Portishead"}}],
    }
    sync(account)
    assert account.snapshot["artists"] == [{"name": "Portishead", "artist": "", "n_listens": 45}]
    assert account.snapshot["albums"] == [{"name": "Dummy", "artist": "Portishead", "n_listens": 44}]
    fake.asked.clear()
    sync(account, NOW + DAY)
    assert not {"user.getTopArtists", "user.getTopAlbums"} & {asked["method"] for asked in fake.asked}


# --- Cut off, and going on ------------------------------------------------------------------------------------------
def test_a_reading_that_fails_goes_on_at_its_page(fake: FakeLastfm, account: SyncState) -> None:
    def fail(page: int) -> None:
        if page == 3:
            fake.failures += [error(8)] * client.N_TRIES

    fake.before = fail
    answer = sync(account)
    assert "Last.fm could not read the listens of “rin_fm”" in answer.problem
    assert len(held()) == 25  # pages 5 and 4, and 3, which was made before the failure was served
    assert account.last_ingested_at is None
    fake.before, fake.failures = lambda page: None, []
    fake.asked.clear()
    sync(account, account.due_at)
    assert held() == upstream(fake)
    assert pages(fake) == [2, 1]
    assert account.last_ingested_at == NOW


def test_a_reading_whose_time_is_up_goes_on_at_once_and_later(fake: FakeLastfm, account: SyncState) -> None:
    rounds = 0
    while account.status != "ok":
        rounds += 1
        assert rounds < 10
        assert sync(account, seconds=0).problem == ""
        assert account.due_at <= NOW + timedelta(minutes=1) or account.status == "ok"
    assert rounds == 5
    assert held() == upstream(fake)
    assert (account.n_read, account.n_expected) == (45, 45)


def test_an_account_that_keeps_failing_is_read_in_small_pages(fake: FakeLastfm, account: SyncState) -> None:
    SyncState.objects.update(n_failures=2, checkpoint={})
    sync(account)
    assert {asked["limit"] for asked in fake.asked if "page" in asked} == {str(client.SMALL_PAGE)}
    assert held() == upstream(fake)


def test_a_page_is_found_again_when_pages_are_smaller_now() -> None:
    checkpoint = {"since": None, "until": 1_762_765_200, "page": 3, "limit": 1000, "n_plays": 2500, "begun_from": ""}
    window = lastfm.resumed(checkpoint, 200)
    assert window is not None
    assert window.page == 15  # plays 2001 to 3000 in thousands are 2801 to 3000 and on in two hundreds
    back = lastfm.resumed({**checkpoint, "page": 11, "limit": 200}, 1000)
    assert back is not None
    assert back.page == 3


def test_an_earlier_start_that_is_asked_for_is_read_again(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    old = scrobble(hours=-30.5, title="Sent late")
    fake.scrobbles.append(old)
    ask_anew(account, since=NOW - timedelta(hours=40), now=NOW + timedelta(hours=1))
    sync(account, NOW + timedelta(hours=1))
    assert held() == upstream(fake)


def test_an_earlier_start_asked_for_in_the_middle_of_a_reading_is_not_forgotten(
    fake: FakeLastfm, account: SyncState
) -> None:
    sync(account)
    fake.scrobbles.append(scrobble(hours=-30.5, title="Sent late"))
    SyncState.objects.update(snapshot={**account.snapshot, "looked_back_at": (NOW + DAY).isoformat()})
    later = NOW + timedelta(hours=1)
    sync(account, later, tell=lambda words: ask_anew(account, since=NOW - timedelta(hours=40), now=later))
    assert account.last_ingested_at == NOW - timedelta(hours=40)
    assert account.due_at <= later + timedelta(seconds=30)
    sync(account, later)
    assert held() == upstream(fake)


# --- What changed at Last.fm ----------------------------------------------------------------------------------------
def test_what_was_deleted_at_lastfm_goes_here_too(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    gone = {scrobble(hours=-2).uts}
    fake.scrobbles = [each for each in fake.scrobbles if each.uts not in gone]
    answer = sync(account, NOW + timedelta(hours=0.5))
    assert answer.n_withdrawn == 1
    assert held() == upstream(fake)


def test_what_was_edited_at_lastfm_is_edited_here(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    fake.scrobbles = [scrobble(hours=-2, title="Roads") if s.title == "Track -120" else s for s in fake.scrobbles]
    answer = sync(account, NOW + timedelta(hours=0.5))
    assert (answer.n_new, answer.n_withdrawn) == (1, 1)
    assert held() == upstream(fake)


def test_once_a_day_two_weeks_are_looked_through(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    fake.scrobbles = [each for each in fake.scrobbles if each.title != "Track -1200"]
    fake.scrobbles.append(scrobble(hours=-20.5, title="Played on a train"))
    sync(account, NOW + timedelta(hours=1))
    assert held() != upstream(fake)
    sync(account, NOW + DAY)
    assert held() == upstream(fake)


def test_an_implausible_loss_is_not_followed_but_told(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    before = held()
    fake.scrobbles = fake.scrobbles[:5]
    answer = sync(account, NOW + DAY)
    assert answer.n_withdrawn == 0
    assert held() == before
    assert account.status == "ok"
    assert "no longer has 40 of 45 listens" in account.error


@pytest.mark.parametrize(
    ("n_vanished", "n_held", "answer"), [(1, 1, True), (5, 5, True), (6, 10, False), (6, 24, True), (300, 1000, False)]
)
def test_what_may_have_been_deleted_by_hand(n_vanished: int, n_held: int, answer: bool) -> None:
    assert is_plausible(n_vanished, n_held) is answer


def test_what_came_a_moment_ago_may_be_missing_for_a_moment(fake: FakeLastfm, account: SyncState) -> None:
    fake.scrobbles.append(scrobble(hours=-0.1, title="Glory Box"))
    sync(account)
    fake.scrobbles.pop()
    assert sync(account, NOW + timedelta(minutes=5)).n_withdrawn == 0


def test_listens_of_an_imported_file_stay_whatever_lastfm_has(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    batch = ImportBatch.objects.create(user=account.user, source="lastfm", file_name="old.csv", created_at=NOW)
    play = Play(NOW - timedelta(hours=2, minutes=30), "Portishead", "Only in the file")
    ingest(user=account.user, source="lastfm", plays=[play], now=NOW, batch=batch)
    assert sync(account, NOW + timedelta(hours=1)).n_withdrawn == 0
    assert "Only in the file" in [title for _, title in held()]


# --- Far apart ------------------------------------------------------------------------------------------------------
def test_an_old_history_that_was_sent_to_lastfm_is_read(fake: FakeLastfm, account: SyncState) -> None:
    sync(account)
    fake.scrobbles += [scrobble(hours=-10_000 - n, title=f"Old {n}") for n in range(40)]
    sync(account, NOW + timedelta(hours=1))
    assert len(held()) == 45
    sync(account, NOW + DAY)
    assert held() == upstream(fake)
    fake.asked.clear()
    sync(account, NOW + 2 * DAY)
    begins = {int(asked["from"]) for asked in fake.asked if "from" in asked}
    assert begins == {int((NOW + DAY - lastfm.LOOK_BACK).timestamp())}  # not everything again


def test_a_history_that_was_deleted_at_lastfm_goes_here_too(fake: FakeLastfm, account: SyncState) -> None:
    fake.scrobbles += [scrobble(hours=-10_000 - n, title=f"Old {n}") for n in range(200)]
    sync(account)
    fake.scrobbles = [each for each in fake.scrobbles if not each.title.startswith("Old 1")]
    fake.scrobbles += [scrobble(hours=-9_000 - n, title=f"Other {n}") for n in range(55)]
    sync(account, NOW + DAY)
    assert "no longer has 111 of" in account.error  # more than a quarter is not believed at once
    fake.scrobbles += [scrobble(hours=-10_000 - n, title=f"Old {n}") for n in range(100, 200)]
    fake.scrobbles = [each for each in fake.scrobbles if not each.title.startswith("Old 2")]
    sync(account, NOW + 2 * DAY)
    assert held() == upstream(fake)


def test_plays_of_a_file_that_was_taken_back_come_from_the_account_again(fake: FakeLastfm, account: SyncState) -> None:
    batch = ImportBatch.objects.create(user=account.user, source="lastfm", file_name="old.csv", created_at=NOW)
    told = [Play(datetime.fromtimestamp(each.uts, UTC), each.artist, each.title) for each in fake.scrobbles if each.uts]
    ingest(user=account.user, source="lastfm", plays=told, now=NOW, batch=batch)
    assert sync(account).n_new == 0
    ids = list(ListenEvent.objects.values_list("pk", flat=True))
    assert withdraw(user=account.user, listen_ids=ids, now=NOW) == 45
    sync(account, NOW + DAY)
    assert held() == upstream(fake)


# --- Now playing ----------------------------------------------------------------------------------------------------
def test_what_plays_now_is_told_and_is_no_listen(fake: FakeLastfm, account: SyncState) -> None:
    fake.playing = Scrobble(None, "Portishead", "Roads", "Dummy")
    sync(account)
    playing = NowPlaying.objects.get()
    assert (playing.artist_name, playing.title, playing.album_title) == ("Portishead", "Roads", "Dummy")
    assert len(held()) == 45
    fake.playing = None
    sync(account, NOW + timedelta(minutes=5))
    assert not NowPlaying.objects.exists()


# --- What the member has to do --------------------------------------------------------------------------------------
def test_a_private_account_is_not_asked_again_and_says_what_to_do(fake: FakeLastfm, account: SyncState) -> None:
    fake.failures = [error(17, "Login: User required to be logged in")]
    answer = sync(account)
    assert account.status == "private"
    assert "Show recent listening in your privacy settings" in answer.problem
    assert account.error == answer.problem


def test_an_unknown_name_asks_to_connect_again(fake: FakeLastfm, account: SyncState) -> None:
    fake.users = {"somebody"}
    sync(account)
    assert (account.status, account.error) == (
        "needs_relink",
        "Last.fm knows nobody called “rin_fm”. Connect it again in your settings.",
    )


def test_the_permission_that_a_member_gave_is_used(fake: FakeLastfm, account: SyncState, settings: Any) -> None:
    settings.LASTFM_API_SECRET = "shh"
    link_identity(user=account.user, provider="lastfm", provider_user_id="rin_fm", access_token="sk-rin", now=NOW)
    sync(account)
    assert {asked["sk"] for asked in fake.asked} == {"sk-rin"}


def test_a_permission_that_cannot_be_read_any_more_keeps_no_public_listening_back(
    fake: FakeLastfm, account: SyncState, settings: Any
) -> None:
    settings.LASTFM_API_SECRET = "shh"
    link_identity(user=account.user, provider="lastfm", provider_user_id="rin_fm", access_token="sk-rin", now=NOW)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    sync(account)
    assert held() == upstream(fake)
    assert not any("sk" in asked for asked in fake.asked)


def test_a_refused_snapshot_keeps_no_listen_back(fake: FakeLastfm, account: SyncState) -> None:
    fake.failures = [error(8)] * client.N_TRIES
    sync(account)
    assert held() == upstream(fake)
    assert "artists" not in account.snapshot

"""A Spotify account is asked every quarter of an hour, so that of its fifty plays none is missed or told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listening.clients import spotify_permission
from listening.models import ListenEvent, NowPlaying, SyncState
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import Synced, ask_anew, due, sync_account
from listening.tests.fake_spotify import FakeSpotify, Heard, now_playing_of, refusal
from social.identity import link_identity
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSpotify]:
    """A Spotify on which eight tracks were heard, one after the other, until now."""
    monkeypatch.setattr(spotify_permission, "RACE_PAUSE_S", 0.01)
    fake = FakeSpotify(plays=[heard(-4 * n) for n in range(8)])
    with fake.running():
        yield fake


@pytest.fixture
def account(rin: User, fake: FakeSpotify) -> SyncState:
    permit(rin)
    follow_accounts(now=NOW)
    return SyncState.objects.get()


def permit(user: User, *, now: datetime = NOW) -> None:
    link_identity(
        user=user,
        provider="spotify",
        provider_user_id=f"spotify-{user.handle}",
        now=now,
        access_token="access-0",
        refresh_token="refresh-0",
        expires_at=now + timedelta(days=2),
    )


def heard(minutes: float, title: str = "") -> Heard:
    ended_at = NOW + timedelta(minutes=minutes, milliseconds=750)
    return Heard(ended_at, ("Portishead",), title or f"Minute {round(minutes * 60) + 100_000}", "Dummy", length_s=240)


def titles() -> list[str]:
    return list(ListenEvent.objects.order_by("played_at").values_list("track__title", flat=True))


def upstream(fake: FakeSpotify) -> list[str]:
    return [each.title for each in sorted(fake.plays, key=lambda each: each.ended_at)]


def sync(account: SyncState, now: datetime = NOW) -> Synced:
    answer = sync_account(account.pk, now=now)
    account.refresh_from_db()
    return answer


def test_a_first_reading_brings_all_that_spotify_remembers(fake: FakeSpotify, account: SyncState) -> None:
    answer = sync(account)
    assert (answer.n_new, answer.problem, account.status) == (8, "", "ok")
    assert titles() == upstream(fake)
    newest = ListenEvent.objects.latest("played_at")
    assert newest.played_at == NOW - timedelta(seconds=240)  # Spotify tells the end
    assert newest.ms_played is None
    assert newest.track.artist.name == "Portishead"
    assert account.last_ingested_at == NOW + timedelta(milliseconds=750)


def test_it_is_asked_again_in_a_quarter_of_an_hour_however_quiet_it_is(fake: FakeSpotify, account: SyncState) -> None:
    moment = NOW
    for _ in range(30):
        sync(account, moment)
        assert account.due_at - moment < QUARTER + timedelta(minutes=1)
        assert account.due_at - moment >= QUARTER
        moment = account.due_at


def test_what_was_read_is_not_told_again_and_what_appears_late_is_found(fake: FakeSpotify, account: SyncState) -> None:
    sync(account)
    fake.plays += [heard(10, "New"), heard(-90, "Late by an hour and a half")]
    answer = sync(account, NOW + QUARTER)
    assert (answer.n_new, answer.n_read) == (2, 10)
    assert titles() == upstream(fake)


def test_a_quiet_night_loses_nothing_that_appears_late_behind_it(fake: FakeSpotify, account: SyncState) -> None:
    """The overlap is counted from the newest play, not from the last reading."""
    sync(account)
    sync(account, NOW + timedelta(hours=8))
    fake.plays.append(heard(2, "Appeared eight hours late"))
    sync(account, NOW + timedelta(hours=9))
    assert titles()[-1] == "Appeared eight hours late"


def test_more_plays_than_spotify_remembers_leave_a_gap_that_is_told(fake: FakeSpotify, account: SyncState) -> None:
    sync(account)
    fake.plays += [heard(2 * n, f"Short {n}") for n in range(1, 60)]
    later = NOW + timedelta(hours=2)
    answer = sync(account, later)
    assert "remembers 50 plays only" in answer.problem
    assert "2026-11-10 12:00 and 2026-11-10 12:20" in answer.problem
    assert (account.status, account.error) == ("ok", answer.problem)
    fake.plays.append(heard(130, "Last"))
    assert sync(account, later + QUARTER).problem == ""
    assert account.error == ""


def test_reading_again_from_an_earlier_day_finds_no_gap(fake: FakeSpotify, account: SyncState) -> None:
    fake.plays = [heard(-2 * n) for n in range(60)]
    sync(account)
    ask_anew(account, now=NOW, since=NOW - timedelta(days=400))
    answer = sync(account, NOW + QUARTER)
    assert (answer.n_new, answer.problem) == (0, "")
    assert account.last_ingested_at == NOW + timedelta(milliseconds=750)


def test_what_plays_now_is_shown_with_its_true_start(fake: FakeSpotify, account: SyncState) -> None:
    fake.playing = now_playing_of(heard(0, "Glory Box"), progress_s=90)
    sync(account)
    playing = NowPlaying.objects.get()
    assert (playing.title, playing.source, playing.client) == ("Glory Box", "spotify", "Spotify")
    assert playing.started_at == NOW - timedelta(seconds=90)
    assert playing.expires_at == NOW + timedelta(seconds=150)
    fake.playing = None
    sync(account, NOW + timedelta(minutes=2))
    assert not NowPlaying.objects.exists()


def test_who_only_signs_in_with_spotify_is_not_read(rin: User, sol: User, fake: FakeSpotify) -> None:
    LinkedAccount.objects.create(user=rin, provider="spotify", provider_user_id="signs-in")
    permit(sol)
    follow_accounts(now=NOW)
    assert [state.user for state in SyncState.objects.all()] == [sol]
    permit_again = LinkedAccount.objects.get(user=rin)
    link_identity(
        user=rin,
        provider="spotify",
        provider_user_id=permit_again.provider_user_id,
        now=NOW,
        access_token="access-0",
        refresh_token="refresh-0",
        expires_at=NOW + timedelta(hours=1),
    )
    follow_accounts(now=NOW)
    assert SyncState.objects.filter(user=rin).exists()


def test_a_permission_that_is_over_stops_the_account_until_it_is_given_again(
    fake: FakeSpotify, account: SyncState, rin: User
) -> None:
    fake.good, fake.refresh_tokens = set(), set()
    answer = sync(account)
    assert account.status == "needs_relink"
    assert answer.problem == "Spotify no longer accepts your permission. Connect Spotify again in your settings."
    n_asked = len(fake.asked)
    sync(account, NOW + timedelta(days=1))
    assert len(fake.asked) == n_asked  # the tokens are gone: nobody asks with them
    fake.good = {"access-0"}
    later = NOW + timedelta(days=2)
    permit(rin, now=later)
    follow_accounts(now=later)
    sync(account, later)
    assert account.status == "ok"
    assert len(titles()) == 8


def test_a_day_s_pause_moves_everybody_s_next_time(fake: FakeSpotify, account: SyncState, sol: User) -> None:
    permit(sol)
    follow_accounts(now=NOW)
    fake.failures = [refusal(429, "API rate limit exceeded", Retry_After="80000")]
    for state in SyncState.objects.order_by("pk"):
        sync(state)
        assert state.status == "waiting"
        assert state.due_at - NOW >= timedelta(seconds=79_000)
    assert len(fake.asked) == 1


def test_wrong_keys_rest_all_accounts_and_are_told_to_the_operator(
    fake: FakeSpotify, account: SyncState, settings: Any
) -> None:
    fake.good = set()
    settings.SPOTIFY_CLIENT_SECRET = "wrong"
    answer = sync(account)
    assert "check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET" in answer.problem
    assert account.status == "waiting"


def test_without_keys_nobody_is_due(fake: FakeSpotify, account: SyncState, settings: Any) -> None:
    assert list(due(NOW)) == [account]
    settings.SPOTIFY_CLIENT_SECRET = ""
    assert not due(NOW).exists()
    assert sync(account).problem == "Spotify is off: set SPOTIFY_CLIENT_SECRET."

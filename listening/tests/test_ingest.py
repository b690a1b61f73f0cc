"""Plays become listens: each once, with totals that are always what plain counting gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from catalog.models import Artist, Track
from listening.ingest import MAX_PLAYS, ingest, preview, withdraw
from listening.models import (
    ArtistTotal,
    Correction,
    DayTotal,
    HourTotal,
    ImportBatch,
    IncognitoRange,
    ListenEvent,
    ListenPayload,
    RemovedListen,
    TrackTotal,
)
from listening.plays import Outcome, Play, Reason, Skipped, msid_of
from listening.tests.plays import EVENING, listener_of, play, prove
from social.models import User
from social.standing import Closed

pytestmark = pytest.mark.django_db
NOW = EVENING + timedelta(days=30)


def take_in(user: User, *plays: Play, source: str = "lastfm", batch: ImportBatch | None = None) -> Outcome:
    return ingest(user=user, source=source, plays=plays, now=NOW, batch=batch)


def brought(user: User, source: str) -> ImportBatch:
    return ImportBatch.objects.create(user=user, source=source, file_name="history.csv", created_at=NOW)


def test_plays_become_listens_of_tracks(rin: User) -> None:
    outcome = take_in(rin, play(0), play(5, "Strangers"), play(10, ms_played=120_000))
    assert outcome == Outcome(n_new=3)
    assert [each.track.title for each in ListenEvent.objects.order_by("played_at")] == ["Roads", "Strangers", "Roads"]
    assert ListenEvent.objects.values("album__title", "artist__name").distinct().get() == {
        "album__title": "Dummy",
        "artist__name": "Portishead",
    }
    listener = listener_of(rin)
    assert (listener.n_listens, listener.ms_played) == (3, 120_000)
    assert (listener.first_at, listener.last_at) == (EVENING, EVENING + timedelta(minutes=10))
    prove(rin)


def test_nothing_is_written_down_of_a_closed_account(rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(is_active=False)  # `rin` is as a job read them before
    with pytest.raises(Closed):
        take_in(rin, play(0))
    assert not ListenEvent.objects.exists()


def test_the_same_plays_again_change_nothing(rin: User) -> None:
    plays = [play(0), play(5, "Strangers")]
    take_in(rin, *plays)
    before = listener_of(rin)
    assert take_in(rin, *plays, play(0, "ROADS ", "PORTISHEAD")) == Outcome(n_known=3)
    assert listener_of(rin).revision == before.revision
    assert ListenEvent.objects.count() == 2


def test_a_play_given_twice_is_one(rin: User) -> None:
    assert take_in(rin, play(0), play(0)) == Outcome(n_new=1, n_known=1)


def test_two_members_hear_the_same_second(rin: User, sol: User) -> None:
    take_in(rin, play(0))
    assert take_in(sol, play(0)) == Outcome(n_new=1)
    assert TrackTotal.objects.filter(track=Track.objects.get()).count() == 2


def test_totals_count_by_day_and_hour_of_the_member(rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(timezone="Asia/Kathmandu")  # 5:45 ahead: 20:00 is 01:45 of the next day
    rin.refresh_from_db()
    take_in(rin, play(0), play(14), play(16))
    assert list(DayTotal.objects.values_list("day", "n_listens")) == [(datetime(2025, 11, 11, tzinfo=UTC).date(), 3)]
    assert sorted(HourTotal.objects.values_list("hour", "n_listens")) == [(1, 2), (2, 1)]
    prove(rin)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (play(0, artist=" "), Reason.NO_NAMES),
        (play(0, title="\x00"), Reason.NO_NAMES),
        (Play(datetime(1970, 1, 1, tzinfo=UTC), "A", "B"), Reason.NO_TIME),
        (Play(datetime(2001, 1, 1, tzinfo=UTC), "A", "B"), Reason.TOO_OLD),
        (Play(NOW + timedelta(hours=2), "A", "B"), Reason.IN_FUTURE),
    ],
)
def test_what_cannot_be_a_play_is_left_out_with_the_reason(rin: User, given: Play, reason: str) -> None:
    assert take_in(rin, play(1), given) == Outcome(n_new=1, skipped=(Skipped(1, reason),))


def test_too_many_at_once_are_refused(rin: User) -> None:
    with pytest.raises(ValueError, match="20000 at most"):
        take_in(rin, *[play(n) for n in range(MAX_PLAYS + 1)])


def test_what_the_member_keeps_out_stays_out(rin: User) -> None:
    track = Track.objects.create(
        title="Roads (live)", title_key="roads live", artist=Artist.objects.create(name="P", name_key="p", slug="p")
    )
    RemovedListen.objects.create(
        user=rin, source="lastfm", played_at=EVENING, msid=play(0).msid, track=track, removed_at=NOW
    )
    IncognitoRange.objects.create(
        user=rin, starts_at=EVENING + timedelta(minutes=9), ends_at=EVENING + timedelta(minutes=11)
    )
    Correction.objects.create(
        user=rin, msid=msid_of("Cast", "Episode 7"), artist_name="Cast", title="Episode 7", verb="not_music",
        created_at=NOW,
    )  # fmt: skip
    outcome = take_in(rin, play(0), play(10), play(20, "Episode 7", "Cast"), play(30))
    assert outcome.n_new == 1
    assert {each.index: each.reason for each in outcome.skipped} == {
        0: Reason.REMOVED, 1: Reason.PRIVATE_TIME, 2: Reason.NOT_MUSIC,
    }  # fmt: skip


def test_a_correction_holds_for_what_comes_later(rin: User) -> None:
    take_in(rin, play(0, "Roads"))
    right = Track.objects.get()
    Correction.objects.create(
        user=rin, msid=msid_of("Portished", "Raods"), artist_name="Portished", title="Raods", verb="relink",
        track=right, created_at=NOW,
    )  # fmt: skip
    take_in(rin, play(5, "Raods", "Portished"))
    assert ListenEvent.objects.filter(track=right, artist=right.artist).count() == 2
    prove(rin)


def test_what_a_service_said_is_kept_beside_the_listen(rin: User) -> None:
    take_in(rin, play(0, payload={"client": "Pano"}), play(5))
    assert ListenPayload.objects.get().body == {"client": "Pano"}


# --- One play told twice ----------------------------------------------------------------------------------------------
def test_another_source_tells_the_play_too(rin: User) -> None:
    take_in(rin, play(0, ms_played=300_000))
    assert take_in(rin, play(0.5), source="librefm") == Outcome(n_duplicates=1)
    first, second = ListenEvent.objects.order_by("played_at")
    assert (first.duplicate_of, second.duplicate_of) == (None, first)
    assert (listener_of(rin).n_listens, listener_of(rin).n_duplicates) == (1, 1)
    prove(rin)


def test_the_source_that_is_believed_more_stands_whoever_comes_first(rin: User) -> None:
    take_in(rin, play(0.5), source="librefm")
    take_in(rin, play(0.7), source="maloja")
    assert take_in(rin, play(0, ms_played=300_000), source="spotify") == Outcome(n_duplicates=1)
    stands = ListenEvent.objects.get(source="spotify")
    assert list(ListenEvent.objects.filter(duplicate_of=stands).values_list("source", flat=True)) == [
        "librefm",
        "maloja",
    ]
    assert listener_of(rin).n_duplicates == 2
    prove(rin)


def test_a_member_may_believe_another_source_more(rin: User) -> None:
    take_in(rin, play(0), source="spotify")
    listener = listener_of(rin)
    listener.source_order = ["lastfm", "spotify"]
    listener.save()
    take_in(rin, play(0.1), source="lastfm")
    assert ListenEvent.objects.get(duplicate_of=None).source == "lastfm"
    prove(rin)


def test_of_all_that_was_heard_around_it_a_play_is_told_by_what_is_called_alike(rin: User) -> None:
    take_in(rin, play(0, "Roads (Live)"), play(5, "Strangers"), play(300, "Roads"))
    outcome = take_in(rin, play(0.1, "Roads"), play(5.1, "Roads"), play(600, "Roads"), source="spotify")
    assert outcome == Outcome(n_new=2, n_duplicates=1)


def test_a_play_whose_track_was_given_another_title_is_still_known(rin: User) -> None:
    take_in(rin, play(0))
    Track.objects.filter(title="Roads").update(title="Numb", title_key="numb")
    again = [play(0)]
    assert preview(user=rin, source="lastfm", plays=again, now=NOW) == Outcome(n_known=1)
    assert take_in(rin, *again) == Outcome(n_known=1)


def test_two_files_of_one_service_tell_a_play_once(rin: User) -> None:
    take_in(rin, play(0), batch=brought(rin, "lastfm"))
    minutes_only = play(-0.25)
    assert take_in(rin, play(0), minutes_only, batch=brought(rin, "lastfm")).n_known == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(rin: User) -> None:
    take_in(rin, play(0), play(10, "Numb"), source="lastfm")
    plays = [play(0.2), play(20, "Glory Box"), play(30, "Never Heard", "Nobody Known"), play(40, artist="")]
    expected = Outcome(n_new=2, n_duplicates=1, skipped=(Skipped(3, Reason.NO_NAMES),))
    n_tracks, revision = Track.objects.count(), listener_of(rin).revision
    assert preview(user=rin, source="librefm", plays=plays, now=NOW) == expected
    assert (Track.objects.count(), listener_of(rin).revision) == (n_tracks, revision)
    assert take_in(rin, *plays, source="librefm") == expected


# --- Out again --------------------------------------------------------------------------------------------------------
def test_withdrawing_leaves_what_was_before(rin: User) -> None:
    take_in(rin, play(0), play(5, "Strangers"))
    before = {row["artist"]: row for row in ArtistTotal.objects.values("artist", "n_listens", "first_at", "last_at")}
    take_in(rin, play(-60), play(60, ms_played=1000), play(70, "Army of Me", "Björk", ""), source="librefm")
    later = ListenEvent.objects.filter(source="librefm").values_list("pk", flat=True)
    assert withdraw(user=rin, listen_ids=list(later), now=NOW) == 3
    assert before == {
        row["artist"]: row for row in ArtistTotal.objects.values("artist", "n_listens", "first_at", "last_at")
    }
    assert withdraw(user=rin, listen_ids=[1, 2, 10**9], now=NOW) in {0, 1, 2}
    prove(rin)


def test_a_play_stays_by_the_other_sources_row(rin: User) -> None:
    take_in(rin, play(0), source="spotify")
    take_in(rin, play(0.1), source="librefm")
    take_in(rin, play(0.2), source="lastfm")
    stands = ListenEvent.objects.get(source="spotify")
    assert withdraw(user=rin, listen_ids=[stands.pk], now=NOW) == 1
    heir = ListenEvent.objects.get(duplicate_of=None)
    assert heir.source == "lastfm"
    assert ListenEvent.objects.get(source="librefm").duplicate_of == heir
    assert (listener_of(rin).n_listens, listener_of(rin).n_duplicates) == (1, 1)
    prove(rin)


def test_nobody_withdraws_the_listens_of_another(rin: User, sol: User) -> None:
    take_in(rin, play(0))
    assert withdraw(user=sol, listen_ids=[ListenEvent.objects.get().pk], now=NOW) == 0
    assert ListenEvent.objects.count() == 1


def test_the_id_of_two_names_never_changes() -> None:
    assert msid_of("Portishead", "Roads") == msid_of(" PORTISHEAD", "roads ") == UUID(str(play(0).msid))
    assert str(msid_of("Portishead", "Roads")) == "0eda2465-de82-5301-b243-6279d0e25bfc"

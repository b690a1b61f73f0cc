"""Albums heard whole and round numbers reached: what counts, and that they follow every change of the listens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from catalog.merging import merge_albums, merge_tracks
from catalog.models import Album, AlbumTrack, Track
from catalog.tests.factories import AlbumFactory, TrackFactory
from listening import corrections
from listening.forgetting import forget_listens
from listening.ingest import ingest
from listening.models import AlbumSession, Listener, ListenEvent, Milestone, Source
from listening.occasions import finding, reached, sessions
from listening.occasions.whole_albums import Heard, in_sessions, is_whole, whole_albums
from listening.plays import Play
from listening.private_times import keep_private
from listening.tests.plays import EVENING
from listening.totals import recount
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

NOW = EVENING + timedelta(days=9)
LISTS = {1: frozenset(range(10, 20)), 2: frozenset(range(30, 34)), 3: frozenset({10, 11, 12})}


def at(minutes: float) -> datetime:
    return EVENING + timedelta(minutes=minutes)


def session(tracks: Sequence[int], album: int | None = 1, *, start: float = 0) -> list[Heard]:
    return [Heard(at(start + 4 * place), track, album) for place, track in enumerate(tracks)]


# --- What counts ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("n_heard", "n_tracks", "whole"),
    [(8, 10, True), (7, 10, False), (4, 5, True), (4, 4, True), (3, 4, False), (3, 3, False)],
)
def test_four_fifths_of_four_tracks_or_more(n_heard: int, n_tracks: int, whole: bool) -> None:
    assert is_whole(n_heard, n_tracks) == whole


def test_order_and_other_music_between_do_not_matter_and_a_track_counts_once() -> None:
    plays = session([19, 10, 99, 11, 11, 12, 13, 14, 15, 16])
    (found,) = whole_albums(plays, LISTS)
    assert (found.album_id, found.n_tracks, found.n_tracks_of) == (1, 8, 10)
    assert (found.started_at, found.ended_at) == (at(0), at(36))


def test_half_an_hour_of_silence_is_still_one_session_and_a_minute_more_is_not() -> None:
    first = session([10, 11, 12, 13])
    assert len(in_sessions([*first, *session([14, 15, 16, 17], start=12 + 30)])) == 1
    assert len(in_sessions([*first, *session([14, 15, 16, 17], start=12 + 31)])) == 2


def test_a_play_that_names_another_album_does_not_count_and_one_that_names_none_does() -> None:
    assert whole_albums(session(range(10, 20), album=2), LISTS) == []
    (found,) = whole_albums(session(range(10, 20), album=None), LISTS)
    assert found.album_id == 1


def test_plays_without_an_album_count_for_one_album_only() -> None:
    lists = {1: frozenset(range(10, 20)), 2: frozenset(range(10, 18))}
    (found,) = whole_albums(session(range(10, 20), album=None), lists)
    assert found.album_id == 1


@given(st.lists(st.tuples(st.integers(10, 36), st.sampled_from([1, 2, None])), max_size=40))
def test_whatever_is_found_is_what_it_says(plays: list[tuple[int, int | None]]) -> None:
    heard = [Heard(at(place), track, album) for place, (track, album) in enumerate(plays)]
    for found in whole_albums(heard, LISTS):
        mine = {play.track_id for play in heard if play.album_id in (found.album_id, None)} & LISTS[found.album_id]
        assert found.n_tracks <= len(mine)
        assert found.n_tracks * 5 >= found.n_tracks_of * 4
        assert found.started_at <= found.ended_at


# --- Found, and kept true -------------------------------------------------------------------------------------------
@pytest.fixture
def dummy(db: None) -> Album:
    """An album of ten tracks."""
    return AlbumFactory(title="Dummy", artist__name="Portishead", n_tracks=10)


def hear(user: User, album: Album, n: int = 10, *, start: float = 0, source: str = Source.LASTFM) -> None:
    titles = list(album.lines.order_by("position").values_list("track__title", flat=True))[:n]
    plays = [Play(at(start + 4 * place), album.artist.name, title, album.title) for place, title in enumerate(titles)]
    ingest(user=user, source=source, plays=plays, now=NOW)


def found(user: User) -> list[tuple[int, datetime, int]]:
    rows = AlbumSession.objects.filter(user=user).order_by("started_at")
    return list(rows.values_list("album", "started_at", "n_tracks"))


def look(user: User) -> list[tuple[int, datetime, int]]:
    finding.find_marked(now=NOW)
    return found(user)


def test_an_album_is_found_once_it_was_heard_and_grows_with_what_comes_in(rin: User, dummy: Album) -> None:
    hear(rin, dummy, 7)
    assert look(rin) == []
    hear(rin, dummy, 8)
    assert look(rin) == [(dummy.pk, at(0), 8)]
    kept = AlbumSession.objects.get().pk
    hear(rin, dummy, 10)
    assert look(rin) == [(dummy.pk, at(0), 10)]
    assert AlbumSession.objects.get().pk == kept
    assert AlbumSession.objects.get().ended_at == at(36)


def test_looking_again_changes_nothing(rin: User, dummy: Album) -> None:
    hear(rin, dummy)
    before = look(rin)
    rows = list(AlbumSession.objects.values())
    assert finding.find_marked(now=NOW) == (0, 0)
    call_command("find_occasions", "--all")
    assert found(rin) == before
    assert list(AlbumSession.objects.values()) == rows


def test_the_same_plays_from_two_services_are_one_hearing(rin: User, dummy: Album) -> None:
    hear(rin, dummy)
    hear(rin, dummy, source=Source.SPOTIFY)
    assert look(rin) == [(dummy.pk, at(0), 10)]


def test_what_comes_in_late_joins_two_halves(rin: User, dummy: Album) -> None:
    titles = list(dummy.lines.order_by("position").values_list("track__title", flat=True))
    halves = [Play(at(4 * n), "Portishead", titles[n], "Dummy") for n in range(4)]
    halves += [Play(at(45 + 4 * n), "Portishead", titles[4 + n], "Dummy") for n in range(5)]
    ingest(user=rin, source=Source.LASTFM, plays=halves, now=NOW)
    assert look(rin) == []
    between = Play(at(30), "Portishead", titles[9], "Dummy")
    ingest(user=rin, source=Source.LASTFM, plays=[between], now=NOW)
    assert look(rin) == [(dummy.pk, at(0), 10)]


def test_plays_that_are_deleted_or_made_private_take_the_album_along_at_once(rin: User, dummy: Album) -> None:
    hear(rin, dummy)
    hear(rin, dummy, start=600)
    look(rin)
    ids = list(ListenEvent.objects.filter(played_at__lt=at(300)).values_list("pk", flat=True)[:3])
    corrections.delete_listens(user=rin, listen_ids=ids, now=NOW)
    assert [row[1] for row in found(rin)] == [at(600)], "before any job has run"
    assert look(rin) == [(dummy.pk, at(600), 10)]
    keep_private(user=rin, starts_at=at(599), ends_at=at(700), removes_stored=True, now=NOW)
    assert found(rin) == []
    assert look(rin) == []


def test_forgetting_all_listens_forgets_what_was_told_of_them(rin: User, dummy: Album) -> None:
    hear(rin, dummy)
    Milestone.objects.create(user=rin, n_plays=100, reached_at=NOW)
    look(rin)
    forget_listens(user=rin)
    assert not AlbumSession.objects.exists()
    assert not Milestone.objects.exists()


def test_albums_that_become_one_are_heard_as_one(rin: User, mod: User, dummy: Album) -> None:
    other = AlbumFactory(title="Dummy Sessions", artist=dummy.artist)
    titles = list(dummy.lines.order_by("position").values_list("track__title", flat=True))
    plays = [Play(at(4 * n), "Portishead", titles[n], "Dummy" if n < 5 else "Dummy Sessions") for n in range(10)]
    ingest(user=rin, source=Source.LASTFM, plays=plays, now=NOW)
    assert look(rin) == []
    merge_albums(keep=dummy, drop=other, moderator=mod, reason="One album", now=NOW)
    assert look(rin) == [(dummy.pk, at(0), 10)]


def test_tracks_that_become_one_count_where_the_kept_one_stands(rin: User, mod: User, dummy: Album) -> None:
    hear(rin, dummy, 7)
    stray = TrackFactory(artist=dummy.artist, title="Roads (Live)", title_key="roads (live)")
    ingest(user=rin, source=Source.LASTFM, plays=[Play(at(30), "Portishead", "Roads (Live)", "Dummy")], now=NOW)
    assert look(rin) == []
    heard_as = ListenEvent.objects.get(played_at=at(30)).track
    last = Track.objects.get(pk=dummy.lines.get(position=10).track_id)
    merge_tracks(keep=last, drop=heard_as, moderator=mod, reason="One song", now=NOW)
    assert look(rin) == [(dummy.pk, at(0), 8)]
    assert stray.pk


def test_a_track_list_that_is_known_later_makes_hearings_known(
    rin: User, dummy: Album, django_capture_on_commit_callbacks: Any
) -> None:
    from listening.occasions.marking import track_list_changed

    hear(rin, dummy)
    lines = list(AlbumTrack.objects.filter(album=dummy).values("disc", "position", "track_id"))
    AlbumTrack.objects.filter(album=dummy).delete()
    assert look(rin) == []
    AlbumTrack.objects.bulk_create(AlbumTrack(album=dummy, **line) for line in lines)
    with django_capture_on_commit_callbacks(execute=True):
        track_list_changed(dummy.pk, [line["track_id"] for line in lines])
    assert look(rin) == [(dummy.pk, at(0), 10)]


def test_a_history_longer_than_one_piece_is_looked_through_whole(
    rin: User, dummy: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(0, 60, 6):
        hear(rin, dummy, start=hours * 60)
    whole = look(rin)
    AlbumSession.objects.all().delete()
    monkeypatch.setattr(sessions, "A_READ", 25)
    finding.look_again(user=rin)
    assert look(rin) == whole
    assert len(whole) == 10


def test_a_job_out_of_time_goes_on_in_the_next_run(rin: User, sol: User, dummy: Album) -> None:
    hear(rin, dummy)
    hear(sol, dummy)
    n_done, n_waiting = finding.find_marked(now=NOW, budget_s=0)
    assert (n_done, n_waiting) == (1, 1)
    assert finding.find_marked(now=NOW) == (1, 0)
    assert found(rin) == found(sol) != []


def test_counting_anew_looks_through_everything(rin: User, dummy: Album) -> None:
    hear(rin, dummy)
    look(rin)
    AlbumSession.objects.all().delete()
    recount(user=rin, now=NOW)
    assert len(look(rin)) == 1


# --- Round numbers --------------------------------------------------------------------------------------------------
def many(user: User, n: int, *, artist: str = "Low", start: float = 0, step: float = 4) -> list[datetime]:
    moments = [at(start + step * place) for place in range(n)]
    plays = [Play(moment, artist, f"Song {place % 7}", "") for place, moment in enumerate(moments)]
    ingest(user=user, source=Source.LASTFM, plays=plays, now=NOW + timedelta(days=400))
    return moments


def numbers(user: User) -> dict[tuple[str, int], datetime]:
    finding.find_marked(now=NOW)
    rows = Milestone.objects.filter(user=user).select_related("artist")
    return {(row.artist.name if row.artist else "", row.n_plays): row.reached_at for row in rows}


def test_the_hundredth_play_is_told_by_the_moment_of_the_very_play(rin: User) -> None:
    first = many(rin, 99)
    assert numbers(rin) == {}
    (last,) = many(rin, 1, start=1_000)
    assert numbers(rin) == {("", 100): last, ("Low", 100): last}
    corrections.delete_listens(user=rin, listen_ids=[ListenEvent.objects.get(played_at=first[0]).pk], now=NOW)
    assert numbers(rin) == {}


def test_earlier_plays_that_come_in_late_move_the_moment(rin: User) -> None:
    moments = many(rin, 120)
    assert numbers(rin)["Low", 100] == moments[99]
    kept = Milestone.objects.get(artist__isnull=False).pk
    many(rin, 10, start=-500)
    assert numbers(rin) == {("", 100): moments[89], ("Low", 100): moments[89]}
    assert Milestone.objects.get(artist__isnull=False).pk == kept


def test_numbers_of_an_artist_are_those_of_that_artist(rin: User) -> None:
    many(rin, 60)
    yo = many(rin, 260, artist="Yo La Tengo", start=2_000)
    told = numbers(rin)
    assert told["Yo La Tengo", 100] == yo[99]
    assert told["Yo La Tengo", 250] == yo[249]
    assert told["", 100] == yo[39]
    assert ("Low", 100) not in told


def test_only_artists_in_doubt_are_counted_again(rin: User, django_assert_num_queries: Any) -> None:
    many(rin, 120)
    numbers(rin)
    listener = Listener.objects.select_related("user").get(pk=rin.pk)
    with django_assert_num_queries(2):
        reached.make_true(listener, since=NOW, now=NOW)


# --- Who may know ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("area", ["visibility", "listens_visibility"])
def test_who_hides_listens_hides_what_is_told_of_them(rin: User, stranger: User, dummy: Album, area: str) -> None:
    hear(rin, dummy)
    many(rin, 100, start=5_000)
    numbers(rin)
    assert AlbumSession.objects.visible_to(stranger).count() == 1
    User.objects.filter(pk=rin.pk).update(**{area: Visibility.FOLLOWERS})
    for model in (AlbumSession, Milestone):
        assert not model.objects.visible_to(stranger).exists()
        assert model.objects.visible_to(rin).exists()


def test_of_members_who_are_gone_nothing_is_looked_for(dummy: Album) -> None:
    gone = UserFactory()
    hear(gone, dummy)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert finding.find_marked(now=NOW) == (0, 0)

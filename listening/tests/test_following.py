"""Listens follow their music through merges, their undoing and corrections; totals are always true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog.correcting import correct
from catalog.merging import merge_albums, merge_artists, merge_tracks, unmerge
from catalog.models import Album, Artist, Track
from catalog.tests.factories import ArtistFactory
from listening import doubles
from listening.ingest import ingest
from listening.models import ArtistTotal, Feedback, ListenEvent
from listening.plays import Play
from listening.tasks import follow_merges
from listening.tests.plays import EVENING, listener_of, play, prove
from social.models import User

pytestmark = pytest.mark.django_db
NOW = EVENING + timedelta(days=30)


def take_in(user: User, *plays: Play, source: str = "lastfm") -> None:
    ingest(user=user, source=source, plays=plays, now=NOW)


def where(*users: User) -> list[tuple[Any, ...]]:
    for user in users:
        prove(user)
    rows = ListenEvent.objects.order_by("pk")
    return list(rows.values_list("pk", "track__title", "artist__name", "album__title", "duplicate_of"))


def test_tracks_take_their_listens_along_and_give_exactly_those_back(rin: User, sol: User, mod: User) -> None:
    take_in(rin, play(0), play(6, "Rodas"), play(12, "Rodas", ms_played=90_000), play(18, "Strangers"))
    take_in(sol, play(0, "Rodas"))
    before, revision = where(rin, sol), listener_of(sol).revision
    keep, drop = Track.objects.get(title="Roads"), Track.objects.get(title="Rodas")
    report = merge_tracks(keep=keep, drop=drop, moderator=mod, reason="a typo", now=NOW)
    assert [row[1] for row in where(rin, sol)] == ["Roads", "Roads", "Roads", "Strangers", "Roads"]
    assert listener_of(sol).revision > revision
    take_in(rin, play(30))
    take_in(rin, play(36, "Rodas"))
    unmerge(action=report.action, moderator=mod, now=NOW)
    after = where(rin, sol)
    assert after[:5] == before
    assert [row[1] for row in after[5:]] == ["Roads", "Roads"]  # they came to the kept one, and stay there


def test_artists_take_listens_and_tracks_of_one_name_along(rin: User, mod: User) -> None:
    take_in(rin, play(0), play(6, artist="Portis Head"), play(12, "Strangers", artist="Portis Head"))
    before = where(rin)
    keep, drop = Artist.objects.get(name="Portishead"), Artist.objects.get(name="Portis Head")
    report = merge_artists(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    assert [row[1:4] for row in where(rin)] == [
        ("Roads", "Portishead", "Dummy"),
        ("Roads", "Portishead", "Dummy"),
        ("Strangers", "Portishead", "Dummy"),
    ]
    assert ArtistTotal.objects.get(user=rin).n_listens == 3
    assert set(ListenEvent.objects.values_list("album", flat=True)) == {Album.objects.current().get().pk}
    unmerge(action=report.action, moderator=mod, now=NOW)
    assert where(rin) == before


def test_listens_that_came_after_a_merge_of_artists_follow_their_tracks_back(rin: User, mod: User) -> None:
    take_in(rin, play(0), play(6, "Strangers", artist="Portis Head"))
    keep, drop = Artist.objects.get(name="Portishead"), Artist.objects.get(name="Portis Head")
    report = merge_artists(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    take_in(rin, play(12, "Strangers", artist="Portis Head"))
    unmerge(action=report.action, moderator=mod, now=NOW)
    assert [row[2] for row in where(rin)] == ["Portishead", "Portis Head", "Portis Head"]


def test_albums_take_their_listens_along(rin: User, mod: User) -> None:
    take_in(rin, play(0), play(6, album="Dumy"))
    before = where(rin)
    keep, drop = Album.objects.get(title="Dummy"), Album.objects.get(title="Dumy")
    report = merge_albums(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    assert [row[3] for row in where(rin)] == ["Dummy", "Dummy"]
    unmerge(action=report.action, moderator=mod, now=NOW)
    assert where(rin) == before


@pytest.mark.parametrize("at_once", [doubles.AT_ONCE, timedelta()], ids=["at once", "by a job"])
def test_two_sources_tell_one_play_once_their_tracks_are_one(
    rin: User, mod: User, at_once: timedelta, jobs: Any, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(doubles, "AT_ONCE", at_once)
    take_in(rin, play(0), source="spotify")
    take_in(rin, play(0.2, "Rodas"))
    before = where(rin)
    with django_capture_on_commit_callbacks(execute=True):
        report = merge_tracks(
            keep=Track.objects.get(title="Roads"),
            drop=Track.objects.get(title="Rodas"),
            moderator=mod,
            reason="",
            now=NOW,
        )
    jobs.run()
    assert listener_of(rin).n_listens == 1
    prove(rin)
    with django_capture_on_commit_callbacks(execute=True):
        unmerge(action=report.action, moderator=mod, now=NOW)
    jobs.run()
    assert where(rin) == before


def test_a_track_that_gets_another_artist_takes_its_listens_along(rin: User, sol: User, mod: User) -> None:
    take_in(rin, play(0), play(6, "Strangers"))
    take_in(sol, play(0))
    beth = ArtistFactory(name="Beth Gibbons")
    correct(row=Track.objects.get(title="Roads"), moderator=mod, now=NOW, artist=beth)
    assert [row[1:3] for row in where(rin, sol)] == [
        ("Roads", "Beth Gibbons"),
        ("Strangers", "Portishead"),
        ("Roads", "Beth Gibbons"),
    ]
    assert ArtistTotal.objects.filter(artist=beth).count() == 2


def test_love_for_both_tracks_is_love_for_the_kept_one(rin: User, mod: User) -> None:
    take_in(rin, play(0), play(6, "Rodas"))
    keep, drop = Track.objects.get(title="Roads"), Track.objects.get(title="Rodas")
    for track, score in ((keep, 1), (drop, -1)):
        Feedback.objects.create(user=rin, track=track, score=score, created_at=NOW)
    merge_tracks(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    assert Feedback.objects.get(user=rin, track=keep).score == 1


def test_listens_that_came_in_during_a_merge_are_moved_later(rin: User, mod: User) -> None:
    take_in(rin, play(0), play(6, "Rodas"))
    keep, drop = Track.objects.get(title="Roads"), Track.objects.get(title="Rodas")
    merge_tracks(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    assert follow_merges() == "Moved the late listens of 0 rows."
    ListenEvent.objects.filter(played_at=play(6).played_at).update(track=drop)  # as an ingest under way would do
    assert follow_merges() == "Moved the late listens of 1 rows."
    assert {row[1] for row in where(rin)} == {"Roads"}


def test_listens_whose_track_got_another_artist_meanwhile_are_moved_later(rin: User) -> None:
    take_in(rin, play(0))
    beth = ArtistFactory(name="Beth Gibbons")
    track = Track.objects.get()
    track.artist = beth
    track.save()
    assert follow_merges() == "Moved the late listens of 1 rows."
    assert [row[2] for row in where(rin)] == ["Beth Gibbons"]


def test_a_merge_asks_no_more_of_the_database_for_many_listens(
    rin: User, mod: User, django_assert_max_num_queries: Any
) -> None:
    take_in(rin, *(play(n, "Rodas") for n in range(400)), play(500))
    keep, drop = Track.objects.get(title="Roads"), Track.objects.get(title="Rodas")
    with django_assert_max_num_queries(80):
        merge_tracks(keep=keep, drop=drop, moderator=mod, reason="", now=NOW)
    prove(rin)

"""The demo's listens: about as many as asked for, plausible, and out again without a trace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.models import Album, Track
from listening.ingest import ingest
from listening.models import ArtistTotal, DayTotal, ImportBatch, Listener, ListenEvent, NowPlaying
from listening.plays import Play
from listening.tests.plays import prove
from sidetrack.demo.removal import remove
from sidetrack.demo.stage import Stage
from sidetrack.demo.story import play
from social.models import User

NOW = datetime(2026, 5, 14, 17, 30, tzinfo=UTC)
N = 3_000


@pytest.fixture(scope="class")
def played(django_db_setup: None, django_db_blocker) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(now=NOW, n_weeks=4, n_listens=N, with_taste=False)
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestTheDemoListens:
    def test_about_as_many_as_asked_for(self, played: Stage) -> None:
        assert 0.6 * N < ListenEvent.objects.filter(duplicate_of=None).count() < 1.6 * N
        assert Listener.objects.filter(n_listens__gt=0).count() == len(played.users)

    def test_totals_are_true(self, played: Stage) -> None:
        for user in played.users.values():
            prove(user)

    def test_nobody_hears_two_things_at_once_or_tomorrow(self, played: Stage) -> None:
        ends: dict[int, datetime] = defaultdict(lambda: datetime(2000, 1, 1, tzinfo=UTC))
        for listen in ListenEvent.objects.filter(ms_played__isnull=False).order_by("user", "played_at"):
            assert listen.played_at >= ends[listen.user_id]
            ends[listen.user_id] = listen.played_at + timedelta(milliseconds=listen.ms_played or 0)
            assert ends[listen.user_id] <= NOW + timedelta(seconds=1)

    def test_only_music_of_the_demo_is_heard(self, played: Stage) -> None:
        assert not Track.objects.filter(is_demo=False).exists()
        assert Album.objects.count() == 300

    def test_some_plays_are_told_by_two_sources(self, played: Stage) -> None:
        assert ListenEvent.objects.filter(duplicate_of__isnull=False).count() > 10

    def test_a_file_was_imported_and_something_plays(self, played: Stage) -> None:
        batch = ImportBatch.objects.filter(n_lines__gt=0).first()
        assert batch is not None
        assert batch.n_lines == batch.n_new + batch.n_known + batch.n_duplicates
        assert NowPlaying.objects.filter(expires_at__gt=NOW).count() == 3


@pytest.mark.django_db
def test_the_demos_listens_go_with_it_and_real_ones_stay(rin: User) -> None:
    play(now=NOW, n_weeks=1, n_listens=300, with_taste=False)
    album = Album.objects.filter(home_tracks__isnull=False).first()
    assert album is not None
    track = album.home_tracks.all()[0]
    ingest(
        user=rin, source="lastfm", plays=[Play(NOW, album.artist.name, track.title, album.title)], now=timezone.now()
    )
    remove(now=NOW)
    assert ListenEvent.objects.get().user == rin
    assert set(ArtistTotal.objects.values_list("user", flat=True)) == {rin.pk}
    assert set(DayTotal.objects.values_list("user", flat=True)) == {rin.pk}
    assert Track.objects.filter(pk=track.pk, is_demo=False).exists()
    assert Album.objects.get() == album  # with the rest of its tracks
    prove(rin)

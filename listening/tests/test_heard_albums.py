"""Albums that came with listens: which names take the ids of a track list, and which are forgotten again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from catalog.forgetting import forget_unused_names
from catalog.identification import identify_album
from catalog.models import Album, Alias, Artist, Track
from catalog.tests.factories import AlbumFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, release, release_group
from listening.ingest import ingest, withdraw
from listening.models import ListenEvent
from listening.plays import Play
from social.models import User

pytestmark = pytest.mark.django_db


def hear(user: User, album: str, now: datetime, *, n: int = 1, artist: str = "Low") -> Album:
    plays = [Play(now - timedelta(hours=hour), artist, f"Song of {album}", album) for hour in range(1, n + 1)]
    ingest(user=user, source="lastfm", plays=plays, now=now)
    return Album.objects.get(title=album)


def test_an_album_s_track_list_gives_its_ids_to_what_was_heard_from_it_and_not_to_the_song_on_another(
    rin: User, monday: datetime, musicbrainz: MusicBrainzDouble
) -> None:
    titles = [("Roads", "Dummy"), ("Numb", "Roseland NYC Live"), ("Glory Box", "")]
    plays = [Play(monday - timedelta(hours=n), "Portishead", *names) for n, names in enumerate(titles, start=1)]
    ingest(user=rin, source="lastfm", plays=plays, now=monday)
    stage = Album.objects.get(title="Roseland NYC Live")
    group = release_group("Roseland NYC Live", "Portishead", date="1998")
    musicbrainz.add(group, release("Roseland NYC Live", date="1998", discs=[["Numb", "Roads", "Glory Box"]]))
    identify_album(album=stage, now=monday)
    heard = Track.objects.filter(listens__isnull=False)
    assert set(heard.filter(recording_mbid__isnull=True).values_list("title", flat=True)) == {"Roads"}
    assert Track.objects.filter(title="Roads").count() == 2
    ingest(user=rin, source="lastfm", plays=[Play(monday, "Portishead", "Roads", "Dummy")], now=monday)
    assert set(heard.filter(title="Roads").values_list("recording_mbid", flat=True)) == {None}


def test_names_that_nobody_says_any_more_are_forgotten_after_a_while(rin: User, monday: datetime) -> None:
    heard = hear(rin, "Things We Lost", monday)
    kept = hear(rin, "Secret Name", monday, artist="Slint")
    known = AlbumFactory(title="Known", artist__name="Gone", release_group_mbid="0a2b3c4d-0000-4000-8000-000000000001")
    demo = AlbumFactory(title="Of the demo", artist__name="Invented", artist__is_demo=True, is_demo=True)
    called = AlbumFactory(title="Called so", artist__name="Somebody")
    Alias.objects.create(kind="album", artist_key="x", title_key="y", album=called, source="test")
    made = timezone.now()
    withdraw(
        user=rin, listen_ids=list(ListenEvent.objects.filter(album=heard).values_list("pk", flat=True)), now=monday
    )
    assert forget_unused_names(now=made + timedelta(days=1)) == 0
    assert forget_unused_names(now=made + timedelta(days=3)) == 3  # a track, its album, their artist
    assert set(Album.objects.all()) == {kept, known, demo, called}
    assert not Artist.objects.filter(name="Low").exists()
    assert forget_unused_names(now=made + timedelta(days=3)) == 0

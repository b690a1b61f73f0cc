"""Several processes at once make one row, store one track list, and none of them fails. Needs PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from catalog.identification import identify_album
from catalog.models import Album, Artist, Track
from catalog.naming import get_or_create_album
from catalog.tests.factories import AlbumFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, release, release_group

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts in threads of their own that start together; their answers; an error of one is an error."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)
    errors: list[Exception] = []

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[index] = act()
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    return answers


def test_eight_people_name_one_album_at_once() -> None:
    answers = at_once(*[lambda: get_or_create_album(title="Blue", artist="Joni Mitchell")] * 8)
    assert len({album.pk for album, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    assert (Album.objects.count(), Artist.objects.count()) == (1, 1)


def test_eight_albums_of_one_artist_are_named_at_once() -> None:
    acts = [lambda n=n: get_or_create_album(title=f"Blue {n}", artist="Joni Mitchell") for n in range(8)]
    assert all(is_new for _, is_new in at_once(*acts))
    assert Artist.objects.count() == 1
    assert Album.objects.values("slug").distinct().count() == 8


def test_albums_that_share_recordings_are_identified_at_once(musicbrainz: MusicBrainzDouble, monday: datetime) -> None:
    titles = ["Blue", "Blue Again", "Best of Blue", "All of Blue"]
    for title in titles:
        musicbrainz.add(
            release_group(title, "Joni Mitchell", date="1971"),
            release(title, date="1971", discs=[[f"Song {n}" for n in range(20)]]),
        )
    albums = [AlbumFactory(title=title, artist__name="joni mitchell", release_year=None) for title in titles[:1]]
    maker = albums[0].artist
    albums += [AlbumFactory(title=title, artist=maker, release_year=None) for title in titles[1:]]
    at_once(*[lambda album=album: identify_album(album=album, now=monday) for album in albums * 2])
    assert Track.objects.count() == 20
    assert [album.lines.count() for album in albums] == [20] * 4
    assert Artist.objects.count() == 1

"""A typed name becomes a row at once, the same row for every spelling, and is looked up afterwards."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django_q.models import OrmQ

from catalog.bulk_naming import Heard, Names
from catalog.models import Album, Alias, Artist, Track
from catalog.naming import get_or_create_album, get_or_create_artist, get_or_create_track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory

pytestmark = pytest.mark.django_db


def test_the_same_album_in_another_spelling_is_the_same_row() -> None:
    first, made = get_or_create_album(title="Ágætis byrjun", artist="Sigur Rós", year=1999)
    again, made_again = get_or_create_album(title="agaetis  BYRJUN (Deluxe Edition)", artist="sigur ros")
    assert (made, made_again) == (True, False)
    assert first == again
    assert first.slug == "sigur-ros-agaetis-byrjun"


def test_a_new_album_is_looked_up_once_after_the_commit(django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:  # type: ignore[operator]
        album, _ = get_or_create_album(title="Blue", artist="Joni Mitchell")
        get_or_create_album(title="Blue", artist="Joni Mitchell")
    assert len(callbacks) == 1
    (queued,) = OrmQ.objects.all()
    assert (queued.func(), queued.task["args"]) == ("catalog.tasks.identify", (album.pk,))


def test_an_album_that_was_only_heard_is_looked_up_once_when_a_person_names_it(
    django_capture_on_commit_callbacks: object,
) -> None:
    Names().resolve([Heard("Joni Mitchell", "River", "Blue")])
    with django_capture_on_commit_callbacks(execute=True) as callbacks:  # type: ignore[operator]
        album, made = get_or_create_album(title="Blue", artist="Joni Mitchell")
        get_or_create_album(title="Blue", artist="Joni Mitchell")
    assert not made
    assert len(callbacks) == 1
    assert OrmQ.objects.get().task["args"] == (album.pk,)


def test_a_demo_album_is_not_looked_up_until_a_person_names_it(django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        demo, _ = get_or_create_album(title="Blue", artist="Joni Mitchell", is_demo=True)
    assert callbacks == []
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        real, made = get_or_create_album(title="Blue", artist="Joni Mitchell")
    assert real == demo
    assert not made
    assert not real.is_demo
    assert len(callbacks) == 1


def test_the_year_tells_two_albums_of_one_title_apart() -> None:
    weezer = ArtistFactory(name="Weezer")
    blue = AlbumFactory(title="Weezer", artist=weezer, release_year=1994, release_group_mbid=uuid4())
    green = AlbumFactory(title="Weezer", artist=weezer, release_year=2001, release_group_mbid=uuid4())
    assert get_or_create_album(title="Weezer", artist="Weezer", year=2001) == (green, False)
    assert get_or_create_album(title="Weezer", artist="Weezer", year=1995) == (blue, False)
    white, made = get_or_create_album(title="Weezer", artist="Weezer", year=2016)
    assert made
    assert white.slug not in {blue.slug, green.slug}


def test_an_id_finds_the_album_under_any_name_and_completes_a_row_without_one() -> None:
    mbid = uuid4()
    named, _ = get_or_create_album(title="OK Computer", artist="Radiohead")
    completed, made = get_or_create_album(title="OK Computer", artist="Radiohead", release_group_mbid=mbid, year=1997)
    assert (completed, made) == (named, False)
    assert (completed.release_group_mbid, completed.release_year) == (mbid, 1997)
    assert get_or_create_album(title="Something else", artist="Somebody", release_group_mbid=str(mbid))[0] == named
    assert Album.objects.count() == 1


def test_a_merged_album_answers_with_the_one_that_was_kept() -> None:
    kept = AlbumFactory(title="In Rainbows", artist__name="Radiohead")
    AlbumFactory(title="In Rainbow", artist=kept.artist, merged_into=kept, release_group_mbid=(mbid := uuid4()))
    assert get_or_create_album(title="?", artist="?", release_group_mbid=mbid) == (kept, False)


def test_an_alias_of_album_artist_or_track_is_remembered() -> None:
    album = AlbumFactory(title="Sign o’ the Times", artist__name="Prince")
    track = TrackFactory(title="Housequake", artist=album.artist, album=album)
    Alias.objects.create(kind="album", artist_key="prince", title_key="sign of the times", album=album, source="test")
    Alias.objects.create(kind="artist", artist_key="the artist", artist=album.artist, source="test")
    Alias.objects.create(kind="track", artist_key="prince", title_key="house quake", track=track, source="test")
    assert get_or_create_album(title="Sign of the Times", artist="Prince")[0] == album
    assert get_or_create_artist(name="The Artist")[0] == album.artist
    assert get_or_create_album(title="Sign o' the Times", artist="The Artist")[0] == album
    assert get_or_create_track(title="House Quake", artist="Prince")[0] == track


def test_namesakes_with_different_ids_are_different_artists() -> None:
    grunge, _ = get_or_create_artist(name="Nirvana", mbid=uuid4())
    sixties, _ = get_or_create_artist(name="Nirvana", mbid=uuid4())
    assert grunge != sixties
    assert grunge.slug != sixties.slug
    assert get_or_create_artist(name="Nirvana")[0] == grunge
    assert Artist.objects.count() == 2


def test_a_track_prefers_the_album_it_stands_on() -> None:
    album = AlbumFactory(artist__name="Low", n_tracks=2)
    line = album.lines.get(position=2)
    loose = TrackFactory(title=line.track.title, artist=album.artist)
    assert get_or_create_track(title=line.track.title, artist="Low", album=album)[0] == line.track
    assert get_or_create_track(title=line.track.title, artist="Low")[0] == loose
    assert Track.objects.count() == 3


@pytest.mark.parametrize(("title", "artist"), [(" ", "Low"), ("Hey What", "\x00")])
def test_a_blank_name_is_refused(title: str, artist: str) -> None:
    with pytest.raises(ValueError, match="needs a"):
        get_or_create_album(title=title, artist=artist)


def test_names_without_latin_letters_get_an_address_too() -> None:
    signs, _ = get_or_create_album(title="( )", artist="!!!")
    kanji, _ = get_or_create_album(title="教育", artist="東京事変")
    assert signs.slug
    assert kanji.slug
    assert get_or_create_album(title="( )", artist="!!!") == (signs, False)

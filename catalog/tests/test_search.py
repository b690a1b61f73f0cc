"""Search forgives typing errors and accents, and puts what was meant first."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Alias
from catalog.outside_search import search_musicbrainz_albums
from catalog.search import search_albums, search_tracks
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, mbid, release_group
from sidetrack.http import TryLater

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> None:
    """A small shelf with neighbours that look alike."""
    radiohead = ArtistFactory(name="Radiohead")
    for title in ("OK Computer", "Kid A", "In Rainbows"):
        AlbumFactory(title=title, artist=radiohead)
    for title, artist in [
        ("Ágætis byrjun", "Sigur Rós"),
        ("Vespertine", "Björk"),
        ("To Pimp a Butterfly", "Kendrick Lamar"),
        ("The Velvet Underground & Nico", "The Velvet Underground"),
        ("Blue", "Joni Mitchell"),
        ("Blue Lines", "Massive Attack"),
        ("Kind of Blue", "Miles Davis"),
        ("Группа крови", "Кино"),
        ("教育", "東京事変"),
        ("( )", "Sigur Rós Tribute"),
    ]:
        AlbumFactory(title=title, artist=ArtistFactory(name=artist))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("ok computer", "OK Computer"),
        ("ok computr", "OK Computer"),
        ("OK COMPUTER radiohead", "OK Computer"),
        ("radiohead in rainbows", "In Rainbows"),
        ("in ranbows", "In Rainbows"),
        ("agaetis byrjun", "Ágætis byrjun"),
        ("bjork", "Vespertine"),
        ("vespertin", "Vespertine"),
        ("to pimp a buterfly", "To Pimp a Butterfly"),
        ("kendrik lamar", "To Pimp a Butterfly"),
        ("velvet undergrund nico", "The Velvet Underground & Nico"),
        ("blue", "Blue"),
        ("joni mitchel blue", "Blue"),
        ("miles davis", "Kind of Blue"),
        ("gruppa krovi", "Группа крови"),
        ("кино", "Группа крови"),
        ("教育", "教育"),
        ("( )", "( )"),
    ],
)
def test_what_was_meant_comes_first(shelf: None, query: str, title: str) -> None:
    assert search_albums(query)[0].title == title


@pytest.mark.parametrize("query", ["", "  ", "zzzzqqq", "xylophone concerto"])
def test_nothing_is_found_for_nothing_like_it(shelf: None, query: str) -> None:
    assert search_albums(query) == []


def test_an_artist_s_name_finds_all_their_albums(shelf: None) -> None:
    assert {album.title for album in search_albums("radiohed")} == {"OK Computer", "Kid A", "In Rainbows"}
    assert len(search_albums("radiohead", limit=2)) == 2


def test_a_remembered_name_finds_its_album(shelf: None) -> None:
    album = search_albums("vespertine")[0]
    Alias.objects.create(kind="album", artist_key="bjork", title_key="domestika", album=album, source="test")
    assert search_albums("domestika") == [album]


def test_a_merged_album_is_not_found(shelf: None) -> None:
    kept = search_albums("kid a")[0]
    AlbumFactory(title="Kid AAA", artist=kept.artist, merged_into=kept)
    assert [album.title for album in search_albums("kid aaa")] == ["Kid A"]


def test_tracks_are_found_by_title_and_artist(shelf: None) -> None:
    album = search_albums("kid a")[0]
    track = TrackFactory(title="Everything in Its Right Place", artist=album.artist, album=album)
    TrackFactory(title="Everything", artist=ArtistFactory(name="Somebody"))
    assert search_tracks("radiohead everything in its right place")[0] == track
    assert search_tracks("evrything in its rigt place")[0].album == album


def test_a_search_is_a_fixed_number_of_queries(shelf: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        assert [str(album) for album in search_albums("radiohed")]


def test_musicbrainz_is_asked_for_more(musicbrainz: MusicBrainzDouble) -> None:
    musicbrainz.add(release_group("Hounds of Love", "Kate Bush", date="1985-09-16"))
    (found,) = search_musicbrainz_albums("hounds love", limit=5)
    assert (found.title, found.artist, found.year) == ("Hounds of Love", "Kate Bush", 1985)
    assert str(found.mbid) == mbid("group Kate Bush Hounds of Love 1985-09-16 Album")
    assert musicbrainz.server.asked[0].params["limit"] == "5"
    search_musicbrainz_albums("hounds  love ", limit=5)
    assert len(musicbrainz.server.asked) == 1
    assert search_musicbrainz_albums("!!", limit=5) == []


def test_a_member_does_not_wait_for_a_long_queue(musicbrainz: MusicBrainzDouble, settings: Any) -> None:
    settings.MUSICBRAINZ_RATE_LIMIT = 0.1
    search_musicbrainz_albums("one", limit=5, wait_s=0.5)
    with pytest.raises(TryLater):
        search_musicbrainz_albums("two", limit=5, wait_s=0.5)


def test_beginnings_of_words_find_an_album_while_it_is_being_typed() -> None:
    blue = AlbumFactory(title="Blue", artist__name="Joni Mitchell")
    AlbumFactory(title="Blue Train", artist__name="John Coltrane")
    assert search_albums("blue jon")[0] == blue

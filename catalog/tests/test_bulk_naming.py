"""Thousands of names at once mean the rows that one name alone would mean."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.bulk_naming import Heard, Names
from catalog.models import Album, Alias, Artist, Track
from catalog.naming import get_or_create_album, get_or_create_artist, get_or_create_track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory

pytestmark = pytest.mark.django_db


def test_names_become_rows_and_the_same_names_in_other_spellings_the_same_rows() -> None:
    first = Heard("Sigur Rós", "Starálfur", "Ágætis byrjun")
    again = Heard("SIGUR ROS", "Staralfur (Remastered)", "Agaetis byrjun [Deluxe Edition]")
    other = Heard("Sigur Rós feat. Nobody", "Svefn-g-englar")
    known = Names().resolve([first, again, other])
    assert known[first] == known[again]
    assert known[other].artist_id == known[first].artist_id
    assert known[other].album_id is None
    track = Track.objects.get(pk=known[first].track_id)
    assert (track.title, track.artist.name, track.album) == ("Starálfur", "Sigur Rós", None)
    assert Album.objects.get().slug == "sigur-ros-agaetis-byrjun"
    assert (Artist.objects.count(), Track.objects.count()) == (1, 2)


def test_guests_stay_in_the_tracks_credit_and_joint_names_stay_whole() -> None:
    guest, joint = Heard("Beyoncé feat. JAY-Z", "Drunk in Love"), Heard("Simon & Garfunkel", "America")
    known = Names().resolve([guest, joint])
    drunk, america = (Track.objects.get(pk=known[each].track_id) for each in (guest, joint))
    assert (drunk.artist.name, drunk.artist_credit) == ("Beyoncé", "Beyoncé feat. JAY-Z")
    assert (america.artist.name, america.artist_credit) == ("Simon & Garfunkel", "")


def test_finding_writes_nothing_and_says_what_would_be_made() -> None:
    track = TrackFactory(title="Lullaby", artist__name="Low")
    held, new = Heard("low", "lullaby", "I Could Live in Hope"), Heard("Low", "Words")
    found = Names().find([held, new])
    assert found[held] is not None
    assert (found[held].track_id, found[held].album_id) == (track.pk, None)
    assert found[new] is None
    assert (Track.objects.count(), Album.objects.count()) == (1, 0)


def test_aliases_and_merged_rows_lead_to_the_row_that_stands() -> None:
    prince = ArtistFactory(name="Prince")
    kept = AlbumFactory(title="Sign o’ the Times", artist=prince)
    album = AlbumFactory(title="Sign of the Times", artist=prince, merged_into=kept)
    track = TrackFactory(title="Housequake", artist=prince)
    Alias.objects.create(kind="artist", artist_key="the artist", artist=prince, source="test")
    Alias.objects.create(kind="album", artist_key="prince", title_key="times", album=album, source="test")
    Alias.objects.create(kind="track", artist_key="prince", title_key="quake", track=track, source="test")
    by_artist, by_track = Heard("The Artist", "Housequake", "Sign o' the Times"), Heard("Prince", "Quake", "Times")
    known = Names().resolve([by_artist, by_track])
    assert known[by_artist] == known[by_track]
    assert known[by_track].track_id == track.pk
    assert known[by_track].album_id == kept.pk
    assert get_or_create_track(title="Housequake", artist="The Artist") == (track, False)


def test_the_albums_artist_is_who_made_the_album() -> None:
    heard = Heard("Low", "Blue Christmas", "Santa’s Own", album_artist="Various Artists")
    known = Names().resolve([heard])[heard]
    assert Album.objects.get(pk=known.album_id).artist.name == "Various Artists"
    assert Artist.objects.get(pk=known.artist_id).name == "Low"


def test_an_identified_row_is_meant_before_a_namesake() -> None:
    artist = ArtistFactory(name="Nirvana")
    sixties = ArtistFactory(name="Nirvana", mbid=uuid4())
    TrackFactory(title="Lithium", artist=artist)
    known = TrackFactory(title="Lithium", artist=sixties, recording_mbid=uuid4())
    lithium, new = Heard("Nirvana", "Lithium"), Heard("Nirvana", "Rainbow Chaser")
    answers = Names().resolve([lithium, new])
    assert answers[lithium].track_id == known.pk
    assert answers[new].artist_id == sixties.pk


def test_blank_names_are_left_out() -> None:
    blank = [Heard("", "Blue"), Heard("Joni Mitchell", " \x00"), Heard("\ud800", "Blue")]
    assert Names().resolve([*blank, (blue := Heard("Joni Mitchell", "Blue", " "))]).keys() == {blue}
    assert Names().find(blank) == {}


def test_a_row_of_the_demo_becomes_real_when_a_real_listen_names_it() -> None:
    heard, new = Heard("Low", "Lullaby", "I Could Live in Hope"), Heard("Slint", "Washer")
    demo = Names(is_demo=True).resolve([heard])[heard]
    TrackFactory(title="Glenn", artist__name="Slint", artist__is_demo=True, is_demo=True)
    assert all(row.is_demo for model in (Artist, Album, Track) for row in model.objects.all())
    assert Names().find([heard])[heard] == demo
    assert Track.objects.get(pk=demo.track_id).is_demo
    assert Names().resolve([heard, new])[heard] == demo
    assert not Artist.objects.filter(is_demo=True).exists()
    assert not Album.objects.filter(is_demo=True).exists()
    assert list(Track.objects.filter(is_demo=True).values_list("title", flat=True)) == ["Glenn"]


def test_the_demo_changes_no_real_row() -> None:
    heard = Heard("Low", "Lullaby", "I Could Live in Hope")
    real = Names().resolve([heard])
    assert Names(is_demo=True).resolve([heard]) == real
    assert not Track.objects.filter(is_demo=True).exists()


def test_names_that_make_one_address_get_different_ones() -> None:
    AlbumFactory(title="( )", artist__name="Sun")
    signs = [Heard("Sun", sign, sign) for sign in ("!", "!!", "?", "+", "÷", "×", "=", "%")]
    known = Names().resolve(signs)
    assert len({each.album_id for each in known.values()}) == len(signs)
    slugs = set(Album.objects.values_list("slug", flat=True))
    assert len(slugs) == Album.objects.count()
    assert {"sun", "sun-2", "sun-3"} <= slugs


def test_what_is_remembered_is_not_asked_again_until_a_name_means_something_else() -> None:
    names, heard = Names(), [Heard("Low", f"Song {n}", "Secret Name") for n in range(50)]
    first = names.resolve(heard)
    with CaptureQueriesContext(connection) as queries:
        assert names.resolve(heard) == first
    assert len(queries) == 2
    other = TrackFactory(title="Starfire", artist__name="Low, the band")
    Alias.objects.create(kind="track", artist_key="low", title_key="song 7", track=other, source="person")
    assert names.resolve(heard)[heard[7]].track_id == other.pk


def test_a_dry_run_asks_for_each_name_once_too() -> None:
    TrackFactory(title="Song 1", artist__name="Low")
    names, heard = Names(), [Heard("Low", f"Song {n}") for n in range(50)]
    first = names.find(heard)
    with CaptureQueriesContext(connection) as queries:
        assert names.find(heard) == first
    assert len(queries) == 2
    assert sum(known is None for known in first.values()) == 49
    assert None not in names.resolve(heard).values()


def test_no_more_is_remembered_than_allowed() -> None:
    names, heard = Names(remember=40), [Heard("Low", f"Song {n}") for n in range(100)]
    first = names.resolve(heard)
    assert len(names._resolved.answers) <= 40
    assert names.resolve(heard) == first


def test_a_thousand_names_take_few_queries() -> None:
    heard = [Heard(f"Artist {n % 300}", f"Song {n}", f"Album {n % 400}") for n in range(1000)]
    with CaptureQueriesContext(connection) as queries:
        Names().resolve(heard)
    n_reads = sum(query["sql"].startswith("SELECT") for query in queries)
    assert n_reads < 50
    assert (Artist.objects.count(), Track.objects.count()) == (300, 1000)


ARTISTS = st.sampled_from(
    [
        "Sigur Rós",
        "SIGUR ROS",
        "sigur ros ft. Jónsi",
        "Simon & Garfunkel",
        "Simon and Garfunkel",
        "!!!",
        "Alias",
        "東京事変",
    ]
)
TITLES = st.sampled_from(
    ["Intro", "intro", "Intro (Live)", "Intro - 2011 Remaster", "(Intro) [feat. X]", "Cecilia", "Known as", "( )", "÷"]
)
ALBUMS = st.sampled_from(["", "Intro", "Ágætis byrjun", "agaetis byrjun (deluxe edition)", "( )"])


class AgreementTest(TestCase):
    """hypothesis rolls each example back."""

    @given(
        heard=st.lists(st.builds(Heard, ARTISTS, TITLES, ALBUMS, st.just("") | ARTISTS), min_size=1, max_size=12),
        held=st.lists(st.tuples(ARTISTS, TITLES, st.booleans(), st.booleans(), st.booleans()), max_size=6),
    )
    def test_each_name_means_what_it_means_alone(self, heard: list[Heard], held: list[Any]) -> None:
        for artist, title, is_identified, is_on_album, is_merged in held:
            maker, _ = get_or_create_artist(name=artist, mbid=uuid4() if is_identified else None)
            track, _ = get_or_create_track(title=title, artist=artist, recording_mbid=uuid4() if is_on_album else None)
            album, _ = get_or_create_album(title=title, artist=artist)
            if is_merged:
                names = {"artist_key": "alias", "source": "test"}
                Alias.objects.get_or_create(kind="artist", **names, defaults={"artist": maker})
                Alias.objects.get_or_create(kind="track", title_key="known as", **names, defaults={"track": track})
                Alias.objects.get_or_create(kind="album", title_key="intro", **names, defaults={"album": album})
        known = Names().resolve(heard)
        for each in heard:
            track, is_new = get_or_create_track(title=each.title, artist=each.artist)
            assert (track.pk, track.artist_id, is_new) == (known[each].track_id, known[each].artist_id, False)
            if each.album:
                album, is_new = get_or_create_album(title=each.album, artist=each.album_artist or each.artist)
                assert (album.pk, is_new) == (known[each].album_id, False)
            else:
                assert known[each].album_id is None
        assert Names().resolve(heard) == known

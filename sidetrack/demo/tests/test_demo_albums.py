"""The demo's facts: 300 albums from everywhere, each told once, with titles that belong to them."""

from __future__ import annotations

from collections import Counter

from catalog.countries import NAMES
from catalog.names import name_key, title_key
from sidetrack.demo.albums import demo_albums


def test_three_hundred_albums_are_all_different() -> None:
    keys = {(name_key(album.artist), title_key(album.title)) for album in demo_albums()}
    assert len(demo_albums()) == len(keys) == 300


def test_every_country_is_one_and_no_two_of_them_make_up_the_club() -> None:
    countries = Counter(album.country for album in demo_albums())
    assert countries.keys() <= NAMES.keys()
    assert len(countries) >= 60
    assert sum(n for _, n in countries.most_common(2)) < 150


def test_every_decade_since_the_fifties_is_there() -> None:
    assert {album.decade for album in demo_albums()} == {f"{year}s" for year in range(1950, 2030, 10)}


def test_titles_come_in_many_scripts() -> None:
    titles = " ".join(album.title for album in demo_albums())
    for script in ("風街ろまん", "أنت عمري", "Группа крови", "아니 벌써", "เมด อิน ไทยแลนด์", "Το χαμόγελο"):
        assert script in titles


def test_a_whole_track_list_names_each_track_once() -> None:
    whole = [album for album in demo_albums() if album.is_whole]
    assert len(whole) >= 80
    for album in whole:
        assert len(set(album.tracks)) == len(album.tracks) > 1, album.name


def test_an_album_is_sung_rapped_or_neither() -> None:
    assert {album.voice for album in demo_albums()} == {"sung", "rapped", "none"}

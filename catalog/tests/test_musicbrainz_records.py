"""MusicBrainz's answers are read in old and new shapes, and with anything missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.clients import musicbrainz_records as records
from catalog.clients.coverart import read_images
from catalog.clients.musicbrainz import escaped
from catalog.clients.spotify import read_album, read_found_albums, read_found_tracks, read_track

ID = "b1392450-e666-3926-a536-22c65f834433"
READERS = [
    records.read_artist,
    records.read_artists,
    records.read_release_group,
    records.read_release_groups,
    records.read_release,
    records.read_releases,
    records.read_recording,
    records.read_recordings,
    read_images,
    read_album,
    read_track,
    read_found_albums,
    read_found_tracks,
]


def test_a_search_of_2014_has_string_scores_and_nameless_credits() -> None:
    body = {
        "release-groups": [
            {
                "id": ID,
                "score": "93",
                "title": "Bleach",
                "primary-type": "Album",
                "secondary-types": None,
                "artist-credit": [
                    {"artist": {"id": ID, "name": "Nirvana", "sort-name": "Nirvana", "aliases": [{"name": "N US"}]}},
                    " & ",
                    {"artist": {"id": ID, "name": "Somebody"}, "name": "S.", "joinphrase": None},
                ],
            },
            {"id": None, "title": "No id"},
            {"id": ID, "title": None},
            None,
        ]
    }
    (group,) = records.read_release_groups(body)
    assert (group.score, group.credit.text, group.year) == (93, "Nirvana & S.", None)
    assert group.credit.artists[0].aliases == ("N US",)


def test_a_release_of_2014_counts_its_tracks_by_their_order() -> None:
    tracks = [{"title": title, "length": "1000", "recording": {"id": ID}} for title in ("A", "B")]
    body = {"id": ID, "title": "X", "date": "????-05", "media": [{"track-offset": 3, "track": tracks}]}
    release = records.read_release(body)
    assert release is not None
    assert [(track.disc, track.position, track.length_ms) for track in release.tracks] == [(1, 4, 1000), (1, 5, 1000)]
    assert release.date == ""


def test_a_hidden_track_comes_before_the_first_and_data_tracks_do_not_count() -> None:
    medium = {
        "position": 2,
        "track-count": 1,
        "pregap": {"title": "Hidden", "position": 0, "recording": {"id": ID}},
        "tracks": [{"title": "One", "position": 1, "recording": {"id": ID}}],
        "data-tracks": [{"title": "Video", "position": 2}],
    }
    release = records.read_release({"id": ID, "title": "X", "media": [medium]})
    assert release is not None
    assert [(track.disc, track.position, track.title) for track in release.tracks] == [(2, 0, "Hidden"), (2, 1, "One")]


def test_underscores_mean_the_same_as_dashes() -> None:
    group = records.read_release_group({"id": ID, "title": "X", "first_release_date": "1997-05", "primary_type": "EP"})
    assert group is not None
    assert (group.first_release_date, group.year, group.primary_type) == ("1997-05", 1997, "EP")


def test_labels_are_named_once() -> None:
    labels = [{"label": {"name": "XL"}}, {"label": None}, {"label": {"name": "XL"}}, {"label": {"name": "TBD"}}]
    release = records.read_release({"id": ID, "title": "X", "label-info": labels})
    assert release is not None
    assert release.label == "XL / TBD"


def test_an_artist_s_country_may_stand_in_the_area() -> None:
    artist = records.read_artist({"id": ID, "name": "X", "country": None, "area": {"iso-3166-1-codes": ["JP"]}})
    assert artist == records.ArtistRecord(UUID(ID), "X", "", "JP", 0, "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(ID),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "title", "name", "media", "tracks", "recording", "artist-credit", "artist", "releases", "images",
             "release-groups", "label-info", "label", "items", "albums", "album", "front", "thumbnails", "length",
             "secondary-types", "area", "pregap", "position", "track-offset", "date", "artists", "url", "width"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__.rsplit('.', 1)[1]}.{read.__name__}")
@given(body=json_values)
def test_no_json_whatever_breaks_a_reader(read: Any, body: Any) -> None:
    read(body)


def test_lucene_s_operators_are_taken_literally() -> None:
    assert escaped('AC/DC (Live) "x" && !a*?~^:[]{}+-\\') == (
        r"AC\/DC \(Live\) \"x\" \&& \!a\*\?\~\^\:\[\]\{\}\+\-" + "\\\\"
    )

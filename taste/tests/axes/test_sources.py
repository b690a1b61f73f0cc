"""What Spotify, AcousticBrainz and tags say, read into axes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.names import name_key
from taste.axes.sources import acousticbrainz, spotify_features, tag_table
from taste.axes.sources.tag_table import AXES_OF, TagSaid
from taste.models.sound import RANGES

SPOTIFY = {
    "danceability": 0.366, "energy": 0.963, "key": 11, "loudness": -5.301, "mode": 0, "speechiness": 0.142,
    "acousticness": 0.000273, "instrumentalness": 0.0122, "liveness": 0.115, "valence": 0.211, "tempo": 137.114,
    "type": "audio_features", "id": "7fwXWKdDNI5IutOMc5OKYw", "duration_ms": 343_187, "time_signature": 4,
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["highlevel", "rhythm", "tonal", "all", "danceability", "mood_happy", "happy", "bpm", "key_key", "energy",
         "metadata", "tags", "musicbrainz_recordingid"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def binary(name: str, chance: float) -> dict[str, Any]:
    return {"all": {name: chance, f"not_{name}": 1 - chance}, "probability": max(chance, 1 - chance)}


def test_spotifys_object_says_eleven_axes() -> None:
    found = spotify_features.read(SPOTIFY)
    assert {axis: each.value for axis, each in found.items()} == {axis: SPOTIFY[axis] for axis in RANGES}
    assert found["energy"].confidence > found["valence"].confidence > found["liveness"].confidence
    assert "not quite LUFS" in found["loudness"].method


def test_a_row_of_the_table_says_the_same_under_other_names() -> None:
    row = {name: str(value) for name, value in SPOTIFY.items()}
    row["audio_valence"], row["audio_mode"] = row.pop("valence"), row.pop("mode")
    assert spotify_features.read(row) == spotify_features.read(SPOTIFY)


def test_what_spotify_does_not_know_is_left_out() -> None:
    found = spotify_features.read(SPOTIFY | {"tempo": 0, "key": -1, "energy": 1.5, "valence": None, "liveness": "nan"})
    assert not {"tempo", "key", "mode", "energy", "valence", "liveness"} & set(found)


def test_an_acousticbrainz_document_says_moods_as_axes() -> None:
    document = {"highlevel": {
        "danceability": binary("danceable", 0.9), "mood_acoustic": binary("acoustic", 0.1),
        "voice_instrumental": {"all": {"voice": 0.8, "instrumental": 0.2}}, "mood_happy": binary("happy", 0.8),
        "mood_sad": binary("sad", 0.1), "mood_party": binary("party", 0.9), "mood_relaxed": binary("relaxed", 0.05),
        "mood_aggressive": binary("aggressive", 0.6), "genre_rosamerica": {"all": {"spe": 0.02, "roc": 0.9}},
    }}  # fmt: skip
    found = acousticbrainz.read(document)
    assert found["danceability"].value == 0.9
    assert found["instrumentalness"].value == 0.2
    assert found["energy"].value > 0.7
    assert 0.5 < found["valence"].value <= 0.8
    assert found["speechiness"].value == 0.02
    assert all(each.confidence < 0.5 for each in found.values())


def test_happy_and_sad_at_once_is_believed_hardly_at_all() -> None:
    models = {"mood_happy": binary("happy", 0.9), "mood_sad": binary("sad", 0.1)}
    at_odds = models | {"mood_sad": binary("sad", 0.8)}
    valence = [acousticbrainz.read({"highlevel": each})["valence"] for each in (models, at_odds)]
    assert valence[1].confidence < 0.5 * valence[0].confidence


@settings(max_examples=40)
@given(JSON)
def test_any_json_is_read_or_left(document: Any) -> None:
    if isinstance(document, dict):
        for read in (acousticbrainz.read, spotify_features.read):
            for axis, each in read(document).items():
                assert RANGES[axis][0] <= each.value <= RANGES[axis][1]
        acousticbrainz.recording_of(document)


@pytest.mark.realdata
def test_a_real_acousticbrainz_answer_is_read(real_data: Path) -> None:
    document = json.loads((real_data / "features" / "acousticbrainz_high_and_low_level.json").read_text())
    found = acousticbrainz.read(document)
    assert acousticbrainz.recording_of(document) == UUID("cd3f5efa-bc5e-4064-a765-960494ad4bb4")
    assert found["tempo"].value == pytest.approx(162.53, abs=0.01)
    assert (found["key"].value, found["mode"].value) == (9, 0)
    assert found["danceability"].value == pytest.approx(0.144, abs=0.001)
    assert found["valence"].value == pytest.approx(0.5 + 0.3 * (0.0895 - 0.2997), abs=0.001)
    assert set(found) == {"danceability", "acousticness", "instrumentalness", "speechiness", "energy", "valence",
                          "tempo", "key", "mode"}  # fmt: skip


def test_tags_are_known_by_their_keys_and_say_something() -> None:
    assert len(AXES_OF) > 200
    for key, values in AXES_OF.items():
        assert name_key(key) == key
        assert values
        assert all(0 <= value <= 1 for value in values.values())


def test_tags_of_the_track_say_more_than_those_of_its_album_and_artist() -> None:
    by_level = [tag_table.read([TagSaid("happy", 1.0, level)])["valence"] for level in ("track", "album", "artist")]
    assert [each.value for each in by_level] == pytest.approx([0.9, 0.9, 0.9])
    assert [each.confidence for each in by_level] == sorted((each.confidence for each in by_level), reverse=True)
    both = tag_table.read([TagSaid("sad", 1.0, "track"), TagSaid("happy", 1.0, "artist")])["valence"]
    assert both.value < 0.5


def test_tags_that_agree_are_believed_more_and_tags_that_differ_less() -> None:
    def energy(*keys: str) -> float:
        return tag_table.read([TagSaid(key, 1.0, "track") for key in keys])["energy"].confidence

    assert energy("punk") < energy("punk", "hardcore") < energy("punk", "hardcore", "grindcore") < tag_table.MOST
    assert energy("punk", "ambient") < energy("punk")


def test_a_tag_given_twice_counts_once_and_unknown_tags_not_at_all() -> None:
    once = tag_table.read([TagSaid("techno", 1.0, "track")])
    twice = [TagSaid("techno", 0.4, "track"), TagSaid("techno", 1.0, "track"), TagSaid("seen live", 1.0, "artist")]
    assert tag_table.read(twice) == once
    assert tag_table.read([TagSaid("seen live", 1.0, "track"), TagSaid("techno", 0.0, "track")]) == {}
    assert once["energy"].method == "tags: techno"


@given(st.lists(st.builds(TagSaid, st.sampled_from(sorted(AXES_OF)), st.floats(0, 1), st.sampled_from(["track", "album", "artist"]))))  # fmt: skip  # noqa: E501
def test_any_tags_give_weak_values_in_range(tags: list[TagSaid]) -> None:
    for each in tag_table.read(tags).values():
        assert 0 <= each.value <= 1
        assert 0 <= each.confidence <= tag_table.MOST
        assert len(each.method) <= 120


PLAYLISTS = {
    "Acoustic Hits": "acoustic", "Punk Rock Workout": "punk rock", "Extreme Metal Workout": "death metal",
    "80s Hard Rock": "hard rock", "Salsa Classics": "salsa", "Piano In The Background": "solo piano",
    "I Love My '90s Hip-Hop": "hip hop", "Reggaeton Classics": "reggaeton", "Bedroom Pop": "bedroom pop",
    "Chill Instrumental Beats": "instrumental hip hop", "All A Cappella": "a cappella",
    "60s Rock Anthems": "classic rock",
    "The Birth of Rhythm & Blues": "oldies", "EDM Workout": "edm", "Latin Jazz": "latin",
}  # fmt: skip


@pytest.mark.realdata
def test_the_table_of_tags_follows_the_playlists_of_their_kind(real_data: Path) -> None:
    with (real_data / "features" / "spotify_19000_songs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs: dict[str, list[tuple[float, float]]] = {}
    for playlist, tag in PLAYLISTS.items():
        songs = [row for row in rows if row["playlist"].lower() == playlist.lower()]
        assert len(songs) > 20, playlist
        for axis, value in AXES_OF[tag].items():
            heard = median(float(row["audio_valence" if axis == "valence" else axis]) for row in songs)
            pairs.setdefault(axis, []).append((value, heard))
            assert abs(value - heard) <= 0.27, (playlist, axis, value, heard)
    for axis in ("energy", "acousticness", "instrumentalness"):
        said, heard = zip(*pairs[axis], strict=True)
        assert len(said) >= 4
        assert correlation(said, heard) > 0.9, axis


def correlation(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    import numpy as np

    return float(np.corrcoef(one, other)[0, 1])

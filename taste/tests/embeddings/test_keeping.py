"""Vectors of tracks in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from catalog.models import Track
from catalog.tests.factories import ArtistFactory, TrackFactory
from taste.embeddings import Embedded, neighbours, store, vectors
from taste.models import TrackEmbedding

pytestmark = pytest.mark.django_db


def embedded(*values: float, **heads: float) -> Embedded:
    return Embedded(np.array(values, np.float32), heads)


def some_tracks(n: int) -> list[Track]:
    return TrackFactory.create_batch(n, artist=ArtistFactory())


def test_what_is_stored_is_read_bit_for_bit(monday: datetime) -> None:
    tracks = some_tracks(3)
    chance = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
    by_track = {track.pk: Embedded(row) for track, row in zip(tracks, chance, strict=True)}
    assert store(model="musicnn", version="1", embedded=by_track, now=monday) == 3
    ids, found = vectors([track.pk for track in reversed(tracks)], "musicnn")
    assert ids.dtype == np.int64
    assert ids.tolist() == sorted(track.pk for track in tracks)
    np.testing.assert_array_equal(found, chance)
    assert found.dtype == np.float32
    found[0] = 0  # whoever reads it may change it


def test_storing_again_replaces_and_never_doubles(monday: datetime) -> None:
    (track,) = some_tracks(1)
    store(model="musicnn", version="1", embedded={track.pk: embedded(1, 2, happy=0.5)}, now=monday)
    later = monday + timedelta(days=1)
    store(model="musicnn", version="2", embedded={track.pk: embedded(3, 4, 5, sad=0.25)}, now=later)
    store(model="dsp-v1", version="1", embedded={track.pk: embedded(9)}, now=later)
    row = TrackEmbedding.objects.get(track=track, model="musicnn")
    assert (row.version, row.dimensions, row.tags, row.computed_at) == ("2", 3, {"sad": 0.25}, later)
    assert vectors(None, "musicnn")[1].tolist() == [[3, 4, 5]]
    assert vectors(None, "dsp-v1")[1].tolist() == [[9]]


def test_tags_are_the_heads_that_say_something(monday: datetime) -> None:
    (track,) = some_tracks(1)
    heads = embedded(1, faint=0.0004, calm=0.12345, loud=0.9)
    store(model="musicnn", version="1", embedded={track.pk: heads}, now=monday)
    assert TrackEmbedding.objects.get().tags == {"loud": 0.9, "calm": 0.123}


def test_nothing_heard_and_no_numbers_are_left_out(monday: datetime) -> None:
    one, two, three = some_tracks(3)
    given = {one.pk: Embedded.nothing(), two.pk: embedded(float("nan"), 1), three.pk: embedded(1, 2)}
    assert store(model="musicnn", version="1", embedded=given, now=monday) == 1
    assert vectors(None, "musicnn")[0].tolist() == [three.pk]


def test_without_vectors_the_arrays_are_empty() -> None:
    ids, found = vectors([1, 2, 3], "musicnn")
    assert (ids.shape, found.shape) == ((0,), (0, 0))
    assert vectors([], "musicnn")[0].size == 0
    assert neighbours(np.ones(3, np.float32), "musicnn", 5) == []


def test_vectors_of_two_versions_are_never_mixed(monday: datetime) -> None:
    tracks = some_tracks(3)
    for version, some in {"1": tracks[:2], "2": tracks[2:]}.items():
        given = {track.pk: embedded(float(version), 0) for track in some}
        store(model="musicnn", version=version, embedded=given, now=monday)
    ids, found = vectors(None, "musicnn")
    assert ids.tolist() == [track.pk for track in tracks[:2]]
    assert found.tolist() == [[1, 0], [1, 0]]
    assert vectors([tracks[2].pk], "musicnn")[1].tolist() == [[2, 0]]


@pytest.mark.parametrize("n", [1, 20])
def test_one_query_reads_and_one_writes(n: int, monday: datetime, django_assert_num_queries: Any) -> None:
    tracks = some_tracks(n)
    given = {track.pk: embedded(1, 2) for track in tracks}
    with django_assert_num_queries(3):  # with the savepoint's two
        store(model="musicnn", version="1", embedded=given, now=monday)
    with django_assert_num_queries(1):
        vectors([track.pk for track in tracks], "musicnn")


def test_neighbours_are_the_most_alike_first(monday: datetime) -> None:
    east, north_east, west, south = some_tracks(4)
    given = {
        east.pk: embedded(11, 10),
        north_east.pk: embedded(10.7, 10.7),
        west.pk: embedded(9, 10),
        south.pk: embedded(9.3, 9.3),
    }
    store(model="musicnn", version="1", embedded=given, now=monday)
    found = neighbours(np.array([12, 10], np.float32), "musicnn", 3)
    assert [track_id for track_id, _ in found[:2]] == [east.pk, north_east.pk]
    assert found[0][1] == pytest.approx(1, abs=1e-4)
    assert found[1][1] == pytest.approx(2**-0.5, abs=1e-3)
    assert len(found) == 3
    assert neighbours(np.ones(7, np.float32), "musicnn", 3) == []

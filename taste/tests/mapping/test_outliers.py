"""What stands out of a member's plays, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.models import User
from taste.mapping.reducing import distances_from_centre, reduced_by
from taste.models import Label, TrackEmbedding, TrackFeatures
from taste.outliers import look, outliers_of
from taste.tests.mapping.scenes import MONDAY, NOW, analysed, hear, planted


# --- Arithmetic -----------------------------------------------------------------------------------------------------
def test_a_planted_stranger_lies_farthest() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 40)).astype(np.float32)
    rows[17] += 6
    found = distances_from_centre(reduced_by(rows)(rows), np.ones(60))
    assert found.argmax() == 17


def test_the_centre_is_where_most_was_played() -> None:
    rows, labels = planted(40, n_clusters=2, spread=0.2)
    plays = np.where(labels == 0, 50.0, 1.0)
    found = distances_from_centre(reduced_by(rows)(rows), plays)
    assert found[labels == 1].mean() > 1.2 * found[labels == 0].mean()


def test_equal_rows_have_no_distance_and_few_axes_are_kept_of_few_rows() -> None:
    assert distances_from_centre(np.ones((30, 4)), np.ones(30)).tolist() == [0] * 30
    assert reduced_by(np.random.default_rng(0).normal(size=(5, 90)).astype(np.float32)).axes.shape == (90, 5)


@given(st.floats(0.01, 100), st.integers(0, 5))
def test_distance_has_no_unit(size: float, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(30, 5))
    one, two = (distances_from_centre(each, np.ones(30)) for each in (rows, rows * size + 3))
    assert np.allclose(one, two, rtol=1e-3)


def test_reduced_rows_keep_distances() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 20)).astype(np.float32)
    reduced = reduced_by(rows)
    full, kept = reduced.standard(rows), reduced(rows)
    assert np.linalg.norm(kept[3] - kept[8]) == pytest.approx(np.linalg.norm(full[3] - full[8]), rel=1e-4)


# --- Of a member ----------------------------------------------------------------------------------------------------
pytestmark_db = pytest.mark.django_db


def stage(rin: User, n: int = 30) -> list:
    vectors, _ = planted(n, n_clusters=1, spread=0.5)
    vectors[0] += 5
    tracks = analysed(vectors)
    hear(rin, {tracks[0]: 2} | dict.fromkeys(tracks[1:], 1))
    return tracks


@pytestmark_db
def test_the_stranger_comes_first_with_its_plays_and_its_reasons(rin: User) -> None:
    tracks = stage(rin)
    TrackFeatures.objects.bulk_create(
        TrackFeatures(track=track, energy=0.95 if at == 0 else 0.3 + at / 300, tempo=120, updated_at=NOW)
        for at, track in enumerate(tracks)
    )
    TrackEmbedding.objects.filter(track=tracks[0]).update(tags={"msd:opera": 0.7, "mtt:opera": 0.9, "mtt:choir": 0.05})
    first = outliers_of(rin, now=NOW)[0]
    assert (first.track, first.n_listens) == (tracks[0], 2)
    assert first.why.startswith("More energetic than most plays (energy 0.95, usually 0.3")
    assert "“opera”" in first.why
    assert "choir" not in first.why
    assert "tempo" not in first.why
    whole = look(rin, now=NOW, n=5)
    assert (len(whole.rows), whole.n_tracks, whole.n_listens) == (5, 30, 31)
    assert whole.typical is not None
    assert whole.rows[0].distance > whole.typical
    assert "Mahalanobis" in whole.method
    assert [row.distance for row in whole.rows] == sorted((row.distance for row in whole.rows), reverse=True)


@pytestmark_db
def test_what_the_member_said_of_a_track_is_not_told_in_a_list_that_others_may_read(rin: User) -> None:
    tracks = stage(rin)
    TrackFeatures.objects.bulk_create(
        TrackFeatures(track=track, energy=0.3 + at / 300, updated_at=NOW) for at, track in enumerate(tracks)
    )
    Label.objects.create(user=rin, track=tracks[0], axis="energy", value=1.0, created_at=NOW, updated_at=NOW)
    assert outliers_of(rin, now=NOW)[0].why.startswith("Less energetic than most plays (energy 0.30")


@pytestmark_db
def test_without_axes_or_words_it_does_not_invent_a_reason(rin: User) -> None:
    stage(rin)
    assert outliers_of(rin, now=NOW)[0].why.startswith("Its sound as a whole lies apart")


@pytestmark_db
def test_few_tracks_have_no_outliers_and_it_says_so(rin: User) -> None:
    stage(rin, 19)
    found = look(rin, now=NOW)
    assert found.rows == []
    assert found.words.startswith("19 of the 19 tracks that were played in 90 days are analysed: below 20")


@pytestmark_db
def test_only_the_last_ninety_days_count(rin: User) -> None:
    tracks = stage(rin)
    assert look(rin, now=NOW + timedelta(days=90)).n_tracks == 0
    old = analysed(planted(1, n_clusters=1)[0])
    hear(rin, {old[0]: 1}, monday=MONDAY - timedelta(weeks=20))
    assert look(rin, now=NOW).n_tracks == len(tracks)


@pytestmark_db
@pytest.mark.parametrize("n", [20, 60])
def test_it_asks_as_often_for_many_as_for_few(rin: User, n: int, django_assert_max_num_queries: Any) -> None:
    stage(rin, n)
    with django_assert_max_num_queries(12):
        look(rin, now=NOW)

"""Neighbours, alignment and momentum: by hand, and for whatever numbers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from taste.mapping import neighbours
from taste.mapping.aligning import SAME, mean_move, similarity_onto
from taste.mapping.momentum import momenta
from taste.mapping.neighbours import memberships, nearest
from taste.mapping.projecting import fit, place, standard_of, trustworthiness_of
from taste.tests.mapping.scenes import MONDAY, planted

NUMBERS = st.floats(-100, 100, width=32)


def test_neighbours_are_those_of_comparing_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    queries, references = (random.normal(size=(n, 5)).astype(np.float32) for n in (40, 70))
    apart = np.linalg.norm(queries[:, None].astype(float) - references[None], axis=2)
    monkeypatch.setattr(neighbours, "N_BLOCK_NUMBERS", 500)  # several blocks
    indices, distances = nearest(queries, references, 9)
    assert (indices == np.argsort(apart, axis=1)[:, :9]).all()
    assert np.allclose(distances, np.sort(apart, axis=1)[:, :9], atol=1e-3)
    assert (np.sort(nearest(queries, references, 70)[0], axis=1) == np.arange(70)).all()


def test_among_the_same_rows_each_is_its_own_first_neighbour_even_beside_copies() -> None:
    rows = np.repeat(np.random.default_rng(0).normal(size=(6, 4)), 3, axis=0).astype(np.float32)
    indices, distances = nearest(rows, rows, 3, are_same=True)
    assert (indices[:, 0] == np.arange(18)).all()
    assert np.allclose(distances, 0, atol=1e-2)


def test_more_neighbours_than_rows_are_refused_and_no_queries_give_none() -> None:
    rows = np.zeros((3, 2), np.float32)
    with pytest.raises(ValueError, match="4 neighbours of 3 rows"):
        nearest(rows, rows, 4)
    assert nearest(rows[:0], rows, 2)[0].shape == (0, 2)


@given(arrays(np.float32, (4, 8), elements=st.floats(0, 1000, width=32)))
def test_memberships_fall_with_distance_and_sum_to_the_logarithm(distances: np.ndarray) -> None:
    distances = np.sort(distances, axis=1)
    strengths = memberships(distances)
    assert (strengths[:, 0] == 1).all()
    assert (np.diff(strengths, axis=1) <= 0).all()
    for row, given_row in zip(strengths, distances, strict=True):
        if len(np.unique(given_row)) == 8 and np.diff(given_row).min() > 0.02 * given_row.mean():
            assert row.sum() == pytest.approx(3, abs=0.01)


@given(
    arrays(np.float64, (7, 2), elements=st.floats(-10, 10)),
    st.floats(0, 7),
    st.booleans(),
    st.floats(0.1, 10),
    arrays(np.float64, (2,), elements=st.floats(-100, 100)),
)
def test_a_map_that_was_turned_mirrored_sized_and_shifted_is_laid_back_exactly(
    places: np.ndarray, angle: float, is_mirrored: bool, size: float, shift: np.ndarray
) -> None:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if is_mirrored:
        turn[:, 0] *= -1
    moved = size * places @ turn + shift
    if ((places - places.mean(axis=0)) ** 2).sum() > 1e-6:
        back = similarity_onto(moved, places)
        assert np.allclose(back(moved), places, atol=1e-5)
        assert np.allclose(back.turn @ back.turn.T, np.eye(2), atol=1e-9)


def test_too_few_tracks_or_one_spot_fix_no_turn() -> None:
    assert similarity_onto(np.zeros((2, 2)), np.ones((2, 2))) is SAME
    assert similarity_onto(np.zeros((9, 2)), np.random.default_rng(0).normal(size=(9, 2))) is SAME
    assert mean_move(np.zeros((0, 2)), np.zeros((0, 2))) is None


def test_a_move_by_hand() -> None:
    before = np.array([[0.0, 0.0], [2.0, 2.0]])  # s.d. 1 on both axes
    assert mean_move(before, np.add(before, (3.0, 4.0))) == pytest.approx(5)


def test_momentum_by_hand() -> None:
    weeks = [MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=4)]
    found = momenta(weeks, np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 4.0]]))
    assert found[0] is None
    assert found[1] == pytest.approx(0.6 * 5)  # the average went 0.4 of the way
    assert found[2] == pytest.approx(0.6 * 0.6**3 * 5)  # three weeks on it has come nearer still
    assert momenta([], np.zeros((0, 3))) == []


@given(arrays(np.float64, (6, 3), elements=NUMBERS), st.integers(1, 5))
def test_who_stays_has_no_momentum_and_a_shift_of_everything_changes_none(rows: np.ndarray, step: int) -> None:
    weeks = [date(2024, 1, 1) + timedelta(weeks=step * i) for i in range(6)]
    assert momenta(weeks, np.tile(rows[:1], (6, 1)))[1:] == pytest.approx([0] * 5, abs=1e-9)
    assert momenta(weeks, rows + 5)[1:] == pytest.approx(momenta(weeks, rows)[1:], abs=1e-6)


def test_two_axes_keep_what_varies_most_and_place_others_by_the_same_projection() -> None:
    vectors, labels = planted(40, n_clusters=2)
    fitted = fit(vectors, seed=1, method="pca")
    one, two = (fitted.places[labels == label] for label in (0, 1))
    assert np.linalg.norm(one.mean(axis=0) - two.mean(axis=0)) > 3 * max(one.std(), two.std()) / 2
    rows = fitted.standard(vectors)
    assert np.allclose(place(rows, rows[:0], fitted.places[:0], fitted.flat), fitted.places, atol=1e-4)


def test_a_projection_of_other_tracks_is_laid_onto_the_one_before() -> None:
    vectors, _ = planted(50, n_clusters=3)
    first = fit(vectors[:40], seed=1, method="pca")
    before = np.vstack([first.places * np.array([-1, 1]) * 3 + 7, np.full((10, 2), np.nan)]).astype(np.float32)
    second = fit(vectors, seed=1, method="pca", before=before, before_by="pca")
    assert (mean_move(before[:40], second.places[:40]) or 9) < 0.2
    rows = second.standard(vectors)
    assert np.allclose(place(rows, rows, second.places, second.flat), second.places, atol=1e-3)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_handful_of_tracks_has_a_map_too(n: int) -> None:
    fitted = fit(np.random.default_rng(0).normal(size=(n, 5)).astype(np.float32), seed=1, method="pca")
    assert fitted.places.shape == (n, 2)
    assert np.isfinite(fitted.places).all()


def test_a_map_of_no_tracks_is_refused() -> None:
    with pytest.raises(ValueError, match="no tracks"):
        fit(np.zeros((0, 4), np.float32), seed=1, method="pca")


def test_new_tracks_land_among_their_like_and_copies_upon_the_original() -> None:
    vectors, labels = planted(90, n_clusters=3)
    standard = standard_of(vectors)
    corners = np.array([[0, 0], [10, 0], [0, 10]], np.float32)
    random = np.random.default_rng(5)
    places = (corners[labels] + random.normal(size=(90, 2)) * 0.3).astype(np.float32)
    others, other_labels = planted(30, n_clusters=3, seed=9)
    found = place(standard(others), standard(vectors), places, None)
    assert np.linalg.norm(found - corners[other_labels], axis=1).max() < 1
    copy = place(standard(vectors[:1]), standard(vectors), places, None)
    assert np.linalg.norm(copy[0] - places[0]) < 0.5


def test_trustworthiness_tells_a_true_map_from_a_shuffled_one() -> None:
    rows = np.random.default_rng(2).normal(size=(200, 2)).astype(np.float32)
    assert trustworthiness_of(rows, rows * 3) == pytest.approx(1)
    assert (trustworthiness_of(rows, rows[::-1]) or 1) < 0.6
    assert trustworthiness_of(rows[:7], rows[:7]) is None
    assert (trustworthiness_of(rows, rows, n_most=50) or 0) == pytest.approx(1)

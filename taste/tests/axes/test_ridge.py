"""The ridge on the residual: worked examples, and that it is never worse than leaving things as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from taste.axes.ridge import LEAST, N_COMPONENTS, SHRINK, basis_of, learn


def drawn(n: int, d: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=(n, d))


def scene(n: int, seed: int, strength: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Scores, base and labels of a member who hears one direction more strongly than others do."""
    scores = basis_of(drawn(200, 40, seed)).project(drawn(200, 40, seed))[:n]
    base = np.full(n, 0.5)
    residual = strength * scores[:, 0] / np.abs(scores[:, 0]).max(initial=1e-9)
    return scores, base, np.clip(base + residual, 0, 1)


def test_without_enough_labels_nothing_is_learnt() -> None:
    for n in range(LEAST):
        scores, base, labels = scene(n, 1, 0.4)
        correction = learn(scores, base, labels)
        assert not correction.helps
        assert (correction.error, correction.error_before) == (None, None)


def test_labels_that_say_what_is_known_change_nothing() -> None:
    scores, base, _ = scene(20, 1, 0.4)
    correction = learn(scores, base, base)
    assert not correction.helps
    assert correction.error == correction.error_before == 0


def test_a_direction_that_a_member_hears_otherwise_is_learnt_and_carries_over() -> None:
    scores, base, labels = scene(200, 2, 0.4)
    correction = learn(scores[:40], base[:40], labels[:40])
    assert correction.helps
    assert correction.error is not None
    assert correction.error_before is not None
    assert correction.error < 0.6 * correction.error_before
    unseen = base[40:] + scores[40:] @ correction.weights
    assert np.abs(unseen - labels[40:]).mean() < 0.7 * np.abs(base[40:] - labels[40:]).mean()


def test_a_member_who_finds_everything_livelier_moves_everything_a_little() -> None:
    scores, base, _ = scene(30, 3, 0.0)
    correction = learn(scores, base, base + 0.2)
    moved = scores @ correction.weights
    assert moved.mean() == pytest.approx(0.2 * 30 / (30 + SHRINK), abs=0.03)


def test_few_labels_count_little() -> None:
    scores, base, _ = scene(40, 3, 0.0)
    moved = [float((scores[:n] @ learn(scores[:n], base[:n], base[:n] + 0.2).weights).mean()) for n in (3, 8, 40)]
    assert 0 < moved[0] < moved[1] < moved[2] < 0.2


def test_the_error_is_that_of_leaving_each_label_out() -> None:
    """Against fitting n times; the prior holds the lambda that won."""
    scores, base, labels = scene(12, 4, 0.4)
    labels = np.clip(labels + 0.05 * drawn(12, 1, 5)[:, 0], 0, 1)
    correction = learn(scores, base, labels)
    assert correction.strength is not None
    shrink, missed = 12 / (12 + SHRINK), []
    for out in range(12):
        rest = np.arange(12) != out
        gram = scores[rest].T @ scores[rest] + correction.strength * np.eye(scores.shape[1])
        weights = np.linalg.solve(gram, scores[rest].T @ (labels - base)[rest])
        missed.append(labels[out] - np.clip(base[out] + shrink * scores[out] @ weights, 0, 1))
    assert correction.error == pytest.approx(np.sqrt(np.mean(np.square(missed))), rel=1e-6)


@settings(max_examples=40)
@given(labels=st.lists(st.floats(0, 1), min_size=1, max_size=40), seed=st.integers(0, 1000), base=st.floats(0, 1))
def test_it_is_never_worse_than_the_common_value_by_its_own_error(labels: list[float], seed: int, base: float) -> None:
    n = len(labels)
    scores = basis_of(drawn(50, 12, seed)).project(drawn(n, 12, seed + 1))
    correction = learn(scores, np.full(n, base), np.array(labels))
    assert np.isfinite(correction.weights).all()
    if correction.helps:
        assert correction.error is not None
        assert correction.error_before is not None
        assert correction.error < correction.error_before
    else:
        assert correction.error == correction.error_before


def test_the_basis_is_small_fixed_and_deaf_to_what_never_changes() -> None:
    vectors = np.column_stack([drawn(300, 60, 7), np.full(300, 3.0)])
    basis = basis_of(vectors)
    assert basis.components.shape == (61, N_COMPONENTS)
    assert basis_of(vectors.copy()).components == pytest.approx(basis.components)
    scores = basis.project(vectors)
    assert scores.shape == (300, N_COMPONENTS + 1)
    moved = vectors.copy()
    moved[:, -1] = 100.0
    assert basis.project(moved) == pytest.approx(scores)
    assert (scores[:, :-1] ** 2).sum(axis=1).mean() == pytest.approx(1, abs=0.01)


def test_one_track_makes_a_basis_too() -> None:
    basis = basis_of(drawn(1, 5, 1))
    assert basis.project(drawn(3, 5, 2)) == pytest.approx(np.ones((3, 1)))

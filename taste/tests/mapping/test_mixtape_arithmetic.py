"""Choosing and ordering: planted clusters, durations, repetition."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste.mixtapes.choosing import Candidates, choose, likeness_of
from taste.mixtapes.clustering import dominant
from taste.mixtapes.ordering import smooth_order
from taste.tests.mapping.scenes import planted


def candidates(rows: np.ndarray, **said: object) -> Candidates:
    n = len(rows)
    about = {
        "likeness": likeness_of(np.asarray(rows, float)),
        "worth": np.ones(n),
        "seconds": np.full(n, 240.0),
        "artists": np.arange(n) + 1,
        "albums": np.zeros(n, int),
    }
    return Candidates(**(about | said))  # type: ignore[arg-type]


def test_the_dominant_cluster_is_the_one_that_was_played_most() -> None:
    rows, labels = planted(90, n_clusters=3, spread=0.3)
    plays = np.where(labels == 1, 5.0, 1.0)
    found = dominant(rows.astype(float), plays)
    assert (found.how, found.n_found) == ("cluster", 3)
    assert (labels[found.rows] == 1).all()
    assert len(found.rows) >= 25


def test_noise_gives_the_densest_neighbourhood() -> None:
    random = np.random.default_rng(4)
    rows = random.uniform(-10, 10, size=(60, 24))
    found = dominant(rows, np.ones(60))
    assert (found.how, len(found.rows)) == ("densest", 15)
    crowd = np.vstack([rows, random.normal(size=(4, 24)) * 0.1])
    assert {60, 61, 62, 63} <= set(dominant(crowd, np.ones(64)).rows.tolist())


def test_a_handful_is_one_cluster() -> None:
    assert dominant(np.zeros((5, 3)), np.ones(5)).rows.tolist() == [0, 1, 2, 3, 4]


def test_each_of_four_sounds_is_represented() -> None:
    rows, labels = planted(200, n_clusters=4, spread=0.2)
    chosen = choose(candidates(rows, seconds=np.full(200, 900.0)))  # five of a quarter of an hour
    assert len(chosen) == 5
    assert set(labels[chosen]) == {0, 1, 2, 3}


def test_an_artist_or_album_is_not_repeated_without_need() -> None:
    rows = np.random.default_rng(0).normal(size=(80, 4)) * 0.1
    chosen = choose(candidates(rows, artists=np.arange(80) % 40, albums=np.arange(80) % 40 + 1))
    assert len(np.unique(np.array(chosen) % 40)) == len(chosen)


@settings(max_examples=40)
@given(st.lists(st.floats(20, 2000), min_size=1, max_size=40), st.integers(0, 3))
def test_a_tape_lasts_sixty_to_ninety_minutes_or_there_is_none(seconds: list[float], seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(len(seconds), 3))
    all_ = candidates(rows, seconds=np.array(seconds), artists=np.arange(len(seconds)) % 5)
    chosen = choose(all_)
    assert len(set(chosen)) == len(chosen)
    assert chosen == choose(all_)
    if chosen:
        assert 3600 <= all_.seconds[chosen].sum() <= 5400
    else:
        assert sum(seconds) < 3600 or max(seconds) > 600


def test_another_beginning_is_tried_where_the_first_leaves_a_gap() -> None:
    rows = np.array([[0.0], [0.1], [9.0]])
    chosen = choose(candidates(rows, worth=np.array([9.0, 9.5, 0.1]), seconds=np.array([3000.0, 3500.0, 2000.0])))
    assert sorted(chosen) == [0, 2]


def test_swaps_do_not_worsen_what_the_greedy_choice_stands_for() -> None:
    rows, _ = planted(60, n_clusters=7, spread=1.0)
    all_ = candidates(rows)
    chosen = choose(all_)
    others = [np.random.default_rng(seed).permutation(60)[: len(chosen)].tolist() for seed in range(50)]
    assert all(all_.value(chosen) > all_.value(other) for other in others)


def test_the_order_is_the_short_way_and_rises() -> None:
    line = np.random.default_rng(1).permutation(12).astype(float)
    order = smooth_order(line[:, None], np.arange(12), line / 12)
    assert line[order].tolist() == sorted(line)
    assert line[smooth_order(line[:, None], np.arange(12), -line)].tolist() == sorted(line, reverse=True)


def test_neighbours_by_one_artist_are_pulled_apart() -> None:
    order = smooth_order(np.zeros((6, 2)), np.array([1, 1, 1, 2, 2, 2]), np.full(6, np.nan))
    artists = np.array([1, 1, 1, 2, 2, 2])[order]
    assert all(one != two for one, two in pairwise(artists))


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_to_order(n: int) -> None:
    assert smooth_order(np.zeros((n, 3)), np.zeros(n, int), np.zeros(n)) == list(range(n))

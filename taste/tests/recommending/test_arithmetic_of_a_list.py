"""Blending, diversity and what plays and contents say, without a database."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from taste.recommending.blending import LAMBDA, MOST_OF_ONE_ARTIST, blend, diversified
from taste.recommending.contents import Contents, tag_rows
from taste.recommending.listeners import Factors, Neighbours

RANKED = st.lists(st.integers(0, 30), unique=True, max_size=15)


def camps() -> csr_matrix:
    """Ten listeners of albums 0–4, ten of 5–9; everybody leaves one out."""
    rows = np.zeros((20, 10), np.float32)
    for place in range(20):
        shelf = slice(0, 5) if place < 10 else slice(5, 10)
        rows[place, shelf] = 10
        rows[place, shelf.start + place % 5] = 0
    return csr_matrix(rows)


def test_an_album_of_two_lists_beats_one_of_a_single_list() -> None:
    found = blend({"tags": [7, 1], "club": [8, 1]}, {})
    assert [each.album for each in found] == [1, 7, 8]
    assert found[0].score == 2 / 62
    assert found[0].shares == (("club", 1 / 62), ("tags", 1 / 62))


@given(st.dictionaries(st.sampled_from(["tags", "club", "sound"]), RANKED))
def test_a_blend_holds_every_album_once_and_names_the_part_that_gave_most(parts: dict[str, list[int]]) -> None:
    found = blend(parts, {"club": 0.5})
    assert sorted(each.album for each in found) == sorted({album for ranked in parts.values() for album in ranked})
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found:
        assert each.album in parts[each.part]
        assert dict(each.shares)[each.part] == max(dict(each.shares).values())


@given(RANKED, st.integers(1, 8))
def test_a_diverse_list_is_a_choice_of_the_ranked_with_the_best_first(ranked: list[int], n: int) -> None:
    before = blend({"tags": ranked}, {})
    of = np.array([each.album % 4 for each in before], np.int64)
    found = diversified(before, n, artists=of, alike=np.full((len(before), len(before)), 0.5, np.float32))
    assert [each.album for each in found[:1]] == ranked[:1]
    assert {each.album for each in found} <= set(ranked)
    assert len(found) == len({each.album for each in found}) <= n
    for artist in range(4):
        assert sum(each.album % 4 == artist for each in found) <= MOST_OF_ONE_ARTIST


def test_a_copy_of_the_first_waits_behind_something_else() -> None:
    ranked = blend({"tags": [1, 2, 3]}, {})
    alike = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
    found = diversified(ranked, 3, artists=np.arange(3), alike=alike)
    assert [each.album for each in found] == [1, 3, 2]
    assert 0 < LAMBDA < 1


def test_neighbours_and_factors_bring_back_what_a_listener_left_out() -> None:
    plays = camps()
    for scores in (Neighbours(plays).scores(plays), Factors(plays).scores(plays)):
        assert scores.shape == plays.shape
        for place in range(20):
            own = scores[place].copy()
            own[plays[place].indices] = -np.inf
            assert own.argmax() == (0 if place < 10 else 5) + place % 5


def test_the_albums_named_as_a_reason_really_contribute_most() -> None:
    plays = camps()
    neighbours = Neighbours(plays)
    named = neighbours.because(plays[3], 3)
    whole = neighbours.scores(plays[3])[0, 3]
    without = plays[3].tolil()
    for album in named:
        assert plays[3, album] > 0
        without[0, album] = 0
    assert neighbours.scores(without.tocsr())[0, 3] < whole
    assert neighbours.because(plays[3], 7) == []  # the other camp's: nothing of the listener speaks for it


def test_the_same_plays_give_the_same_factors() -> None:
    plays = camps()
    assert np.array_equal(Factors(plays).scores(plays), Factors(plays).scores(plays))


def test_tags_that_all_albums_have_say_next_to_nothing() -> None:
    every, dub, folk = 0, 1, 2
    rows = tag_rows([{every: 100, dub: 100}, {every: 100, dub: 50}, {every: 100, folk: 100}, {}], 3)
    contents = Contents(rows)
    played = csr_matrix(np.array([[5, 0, 0, 0]], np.float32))
    scores = contents.scores(played)[0]
    assert scores[1] > 0.99
    assert scores[2] < 0.01
    assert scores[3] == 0
    assert contents.is_known.tolist() == [True, True, True, False]
    profile = contents.profiles(played)[0]
    assert contents.shared_dimensions(profile, 1)[0] == dub
    assert contents.nearest_own(played, 1) == [0]
    assert contents.nearest_own(played, 3) == []


def test_a_listener_without_plays_is_near_nothing() -> None:
    contents = Contents(np.eye(3, dtype=np.float32))
    assert not contents.scores(csr_matrix((1, 3), dtype=np.float32)).any()

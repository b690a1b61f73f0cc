"""The measures and curves of a match: symmetric, bounded, 100 for the same taste, 50 for a random pair."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste.matching import curves, measures
from taste.matching.everybody import rows_of_scores
from taste.matching.judging import Judged, judge
from taste.matching.tastes import Taste

SHARE = st.floats(0, 1)
PLAYS = st.dictionaries(st.integers(1, 30), st.integers(1, 5_000), max_size=25)
GENRES = st.dictionaries(st.sampled_from(["rock", "dub", "jazz", "techno", "folk"]), st.floats(0.01, 1), max_size=5)
AXES = st.dictionaries(st.sampled_from(measures.AXES), SHARE, max_size=5)
RATINGS = st.dictionaries(st.integers(1, 12), st.integers(2, 10), max_size=12)
VECTORS = st.none() | st.lists(st.floats(-3, 3, width=32), min_size=4, max_size=4).map(lambda v: np.array(v, "<f4"))
SCALES = {"dsp-v1": np.ones(4, "<f4")}
WEIGHTS = {artist: measures.rarity(artist, 40) for artist in range(1, 31)}


@st.composite
def tastes(draw: st.DrawFn) -> Taste:
    return Taste(0, draw(PLAYS), draw(GENRES), draw(AXES), "dsp-v1", draw(VECTORS), draw(RATINGS))


def judged(a: Taste, b: Taste) -> Judged:
    return judge(a, b, WEIGHTS, SCALES)


def full(**changes: object) -> Taste:
    """Somebody of whom everything is known, with the full hundred artists."""
    known: dict[str, object] = {
        "member_id": 1,
        "artists": {artist: 200 - artist for artist in range(1, 101)},
        "genres": {"rock": 0.6, "dub": 0.4},
        "axes": dict.fromkeys(measures.AXES, 0.4),
        "model": "dsp-v1",
        "embedding": np.ones(4, "<f4"),
        "ratings": dict.fromkeys(range(1, 8), 7),
    }
    return Taste(**(known | changes))  # type: ignore[arg-type]


@given(tastes(), tastes())
def test_a_match_is_the_same_either_way_round_and_within_bounds(a: Taste, b: Taste) -> None:
    there, back = judged(a, b), judged(b, a)
    assert there.score == back.score
    assert there.artists == back.artists
    assert there.genres == back.genres
    if there.score is None:
        assert not there.is_enough
    else:
        assert 0 <= there.score <= 100
    assert all(0 <= each.value <= 1 and 0 <= each.standing <= 1 for each in there.terms)


@given(tastes())
def test_nobody_matches_better_than_an_equal(a: Taste) -> None:
    equal = judged(a, a)
    assert all(each.standing == pytest.approx(1) for each in equal.terms)
    if equal.score is not None:
        assert equal.score >= 70


def test_equal_histories_of_full_length_give_100() -> None:
    assert judged(full(), full(member_id=2)).score == 100
    only_plays = {"genres": {}, "axes": {}, "embedding": None, "ratings": {}}
    assert judged(full(**only_plays), full(**only_plays, member_id=2)).score == 100


def test_nothing_in_common_is_near_0() -> None:
    other = full(
        artists=dict.fromkeys(range(200, 300), 5),
        genres={"folk": 1.0},
        axes={axis: 1.0 if axis in ("energy", "acousticness") else 0.0 for axis in measures.AXES},
        embedding=np.full(4, -9, "<f4"),
        ratings={album: 2 if album % 2 else 10 for album in range(1, 8)},
    )
    found = judged(full(ratings={album: 10 if album % 2 else 2 for album in range(1, 8)}), other)
    assert found.score is not None
    assert found.score < 5


def test_what_two_random_members_have_in_common_is_about_50() -> None:
    terms = [curves.term(name, value, 10) for name, value in
             (("artists", 0.0033), ("genres", 0.283), ("profile", 0.267), ("ratings", 0.775))]  # fmt: skip
    assert all(each.standing == pytest.approx(0.5) for each in terms)
    assert curves.score(terms, 150) == pytest.approx(50, abs=5)


@given(SHARE, SHARE, st.integers(0, 300))
def test_more_in_common_never_lowers_a_score(one: float, other: float, n: int) -> None:
    low, high = sorted((one, other))
    for name in curves.WEIGHTS:
        assert curves.score([curves.term(name, low, n)], n) <= curves.score([curves.term(name, high, n)], n)


def test_little_evidence_stays_near_the_middle() -> None:
    same = [curves.term("artists", 1.0, 3)]
    assert curves.score(same, 0) == 50
    assert 50 < curves.score(same, 3) < curves.score(same, 30) < curves.score(same, 100) == 100


def test_a_shared_artist_whom_few_play_counts_more() -> None:
    a, b = {1: 10, 2: 10}, {1: 10, 3: 10}
    rare = measures.artists_shared(a, b, {1: measures.rarity(1, 50), 2: 1.0, 3: 1.0})
    common = measures.artists_shared(a, b, {1: measures.rarity(50, 50), 2: 1.0, 3: 1.0})
    assert rare > common > 0


def test_the_jaccard_worked_by_hand() -> None:
    # roots of shares: a 1 → √¾, 2 → ½; b 1 → ½, 3 → √¾; both ½; every √¾ + ½ + √¾
    expected = 0.5 / (2 * math.sqrt(0.75) + 0.5)
    assert measures.artists_shared({1: 3, 2: 1}, {1: 1, 3: 3}, {}) == pytest.approx(expected)
    assert measures.share_of_each({1: 3, 2: 1}, {1: 1, 3: 3}, {}) == [(1, pytest.approx(expected))]


def test_a_mahalanobis_distance_worked_by_hand() -> None:
    # one standard deviation apart on three axes of which valence and danceability go together (0.5)
    a = {"valence": 0.5, "danceability": 0.5, "instrumentalness": 0.5}
    b = {axis: mean + measures.SD_BETWEEN_LISTENERS for axis, mean in a.items()}
    correlations = np.array([[1, 0.5, -0.2], [0.5, 1, -0.1], [-0.2, -0.1, 1]])
    expected = math.sqrt(np.linalg.inv(correlations).sum() / 3)
    assert measures.axes_distance(a, b) == pytest.approx(expected)
    assert measures.axes_distance({"energy": 0.1, "valence": 0.1}, b) is None
    assert np.linalg.eigvalsh(measures.covariance(range(5))).min() > 0


def test_sharing_two_artists_of_three_is_not_enough_to_say_anything() -> None:
    few = Taste(1, artists={1: 5, 2: 5, 3: 5})
    assert judged(few, Taste(2, artists={1: 5, 2: 5, 9: 5})).score is None
    rated = dict.fromkeys(range(5), 8)
    by_ratings = judged(Taste(1, ratings=rated), Taste(2, ratings=rated))
    assert by_ratings.is_enough
    assert [each.name for each in by_ratings.terms] == ["ratings"]


@settings(max_examples=25)
@given(st.lists(tastes(), min_size=2, max_size=6))
def test_all_pairs_at_once_give_the_scores_of_the_pairs(members: list[Taste]) -> None:
    for place, row in enumerate(rows_of_scores(members, WEIGHTS, SCALES)):
        assert math.isnan(row[place])
        for other, score in enumerate(row):
            if other != place:
                alone = judged(members[place], members[other]).score
                assert (alone is None) == math.isnan(score)
                assert alone is None or alone == pytest.approx(score, abs=0.06)

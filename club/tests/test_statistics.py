"""The club's arithmetic: properties, and examples worked by hand."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.figures.statistics import (
    Difference,
    GroupLine,
    Leaning,
    Score,
    Streak,
    describe,
    differences,
    favourite,
    grouped,
    leaning,
    most_divided,
    ranked,
    rater_style,
    shrunk,
    streak,
)

half_stars = st.integers(2, 10)
ratings = st.lists(half_stars, max_size=40)


@given(ratings, st.randoms())
def test_figures_do_not_depend_on_the_order(values: list[int], shuffler: random.Random) -> None:
    shuffled = values[:]
    shuffler.shuffle(shuffled)
    assert describe(shuffled) == describe(values)


@given(st.lists(half_stars, min_size=1, max_size=40))
def test_figures_agree_with_the_standard_library(values: list[int]) -> None:
    figures = describe(values)
    assert figures.mean == pytest.approx(statistics.fmean(values) / 2)
    assert figures.sd == pytest.approx(statistics.pstdev(values) / 2, abs=1e-9)
    assert (figures.count, sum(figures.histogram), len(figures.histogram)) == (len(values), len(values), 9)
    assert 1.0 <= figures.mean <= 5.0


def test_no_ratings_and_impossible_ones() -> None:
    assert (describe([]).mean, describe([]).sd, describe([]).histogram) == (None, None, (0,) * 9)
    assert describe([7]).sd == 0.0
    with pytest.raises(ValueError, match="not 11"):
        describe([11])


@given(st.floats(1, 5), st.integers(0, 500), st.floats(1, 5), st.integers(0, 500))
def test_a_shrunk_mean_lies_between_its_own_and_the_usual(mean: float, count: int, prior: float, weight: int) -> None:
    score = shrunk(mean, count, prior=prior, weight=weight)
    assert min(mean, prior) - 1e-9 <= score <= max(mean, prior) + 1e-9


def test_the_shrunk_mean_by_hand() -> None:
    assert shrunk(5.0, 1, prior=3.0, weight=3) == 3.5
    assert shrunk(5.0, 9, prior=3.0, weight=3) == 4.5
    assert shrunk(5.0, 0, prior=3.0, weight=3) == shrunk(5.0, 0, prior=3.0, weight=0) == 3.0


@given(st.dictionaries(st.integers(), ratings, max_size=12), st.integers(1, 5))
def test_a_ranking_holds_who_has_enough_in_order_of_score(values: dict[int, list[int]], minimum: int) -> None:
    figures = {key: describe(each) for key, each in values.items()}
    table = ranked(figures, minimum=minimum)
    assert {each.key for each in table} == {key for key, each in values.items() if len(each) >= minimum}
    assert [each.score for each in table] == sorted((each.score for each in table), reverse=True)
    assert [each.place for each in table] == list(range(1, len(table) + 1))


def test_most_divided_needs_five_ratings() -> None:
    figures = {"four": describe([2, 2, 10, 10]), "split": describe([2, 2, 10, 10, 10]), "calm": describe([7] * 9)}
    assert most_divided(figures) == ["split", "calm"]


def test_differences_are_from_the_others_not_from_oneself() -> None:
    found = differences([Score(1, 7, 10), Score(2, 7, 4), Score(3, 7, 6), Score(1, 8, 9)])
    assert found[1] == [Difference(7, 5.0, 2.5)], "week 8 has nobody to differ from"
    assert (found[2][0].others, found[2][0].by) == (4.0, -2.0)
    assert leaning(found[1]) == Leaning(1, 2.5, 2.5)
    assert leaning([]) is None


@given(st.lists(st.builds(Score, st.integers(1, 6), st.integers(1, 6), half_stars), unique_by=lambda s: s[:2]))
def test_in_each_week_the_kind_and_the_hard_balance(scores: list[Score]) -> None:
    by_week: dict[int, list[float]] = {}
    for diffs in differences(scores).values():
        for diff in diffs:
            assert -4.0 <= diff.by <= 4.0
            by_week.setdefault(diff.week_id, []).append(diff.by)
    assert all(sum(each) == pytest.approx(0, abs=1e-9) for each in by_week.values())


@pytest.mark.parametrize(
    ("lean", "name"),
    [
        (None, "Newcomer"),
        (Leaning(4, 2.0, 2.0), "Newcomer"),
        (Leaning(5, 0.1, 1.2), "Contrarian"),
        (Leaning(5, 0.5, 0.6), "Generous"),
        (Leaning(5, -0.5, 1.6), "Strict"),
        (Leaning(5, 0.0, 0.5), "In tune"),
        (Leaning(5, 0.0, 0.8), "Independent"),
    ],
)
def test_rater_styles(lean: Leaning | None, name: str) -> None:
    assert rater_style(lean).name == name


@given(st.lists(st.booleans(), max_size=60))
def test_a_streak_is_a_run(took_part: list[bool]) -> None:
    text = "".join("x" if each else " " for each in took_part)
    runs = [len(run) for run in text.split()]
    assert streak(took_part) == Streak(max(runs, default=0), len(text) - len(text.rstrip("x")))


def test_groups_join_spellings_and_count_only_winners_ratings() -> None:
    lines = [
        GroupLine("Jazz", True, [8, 9]),
        GroupLine(" jazz ", False, ()),
        GroupLine("Rock", False, ()),
        GroupLine("", True, [2]),
    ]
    assert [(row.name, row.nominations, row.wins, row.n_ratings, row.mean) for row in grouped(lines)] == [
        ("Jazz", 2, 1, 2, 4.25), ("Rock", 1, 0, 0, None),
    ]  # fmt: skip


def test_a_favourite_rests_on_more_than_one_rating() -> None:
    assert favourite({"1990s": [10], "1980s": [8, 8, 8], "1970s": [7, 9, 4], "": [10, 10]}) == ("1980s", 4.0)
    assert favourite({"1990s": [10]}) is None

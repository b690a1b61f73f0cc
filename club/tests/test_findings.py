"""The sentences above the charts."""

from __future__ import annotations

import pytest

from club.figures import findings
from club.figures.statistics import GroupFigures, describe


@pytest.mark.parametrize(
    ("half_stars", "says"),
    [
        ([8, 8, 6], "Most often 4 stars"),
        ([7, 8, 8, 7, 2], "Most often 3.5 and 4 stars"),
        ([2, 3, 4], "No rating stands out"),
        ([], "No rating stands out"),
    ],
)
def test_of_ratings(half_stars: list[int], says: str) -> None:
    assert findings.of_ratings(describe(half_stars)) == says


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([1], "1.0 member a week"),
        ([4] * 10, "4.0 members a week"),
        ([10] * 8 + [12] * 8, "More of us lately: 12.0 a week, 10.0 before"),
        ([10] * 20 + [8] * 8, "Fewer of us lately: 8.0 a week, 10.0 before"),
        ([10] * 20 + [11] * 8, "About as many lately: 11.0 a week, 10.0 before"),
    ],
)
def test_of_attendance(members: list[int], says: str) -> None:
    assert findings.of_attendance(members) == says


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"jazz": 5, "dub": 3}, "jazz most often"),
        ({"jazz": 5, "dub": 5, "folk": 1}, "jazz and dub most often"),
        ({"jazz": 1, "dub": 1, "folk": 1}, ""),
        ({}, ""),
    ],
)
def test_of_groups(counts: dict[str, int], says: str) -> None:
    assert findings.of_groups([GroupFigures(name, n, 0, 0, None) for name, n in counts.items()]) == says


@pytest.mark.parametrize(
    ("kindest", "hardest", "says"),
    [
        (0.5, -0.75, "1.25 stars between the kindest and the hardest"),
        (0.5, None, "0.50 stars above the others at most"),
        (None, -0.75, "0.75 stars below the others at most"),
    ],
)
def test_of_raters(kindest: float | None, hardest: float | None, says: str) -> None:
    assert findings.of_raters(kindest, hardest) == says


def test_of_streaks() -> None:
    assert findings.of_streaks(["Ana"], 12) == "12 weeks in a row, by Ana"
    assert findings.of_streaks(["Ana", "Bo"], 2) == "2 weeks in a row, by Ana and Bo"
    assert findings.of_streaks(["Ana", "Bo", "Cy"], 2) == "2 weeks in a row, by 3 members"

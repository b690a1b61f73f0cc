"""The geometry of charts: what holds for every picture."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from taste.charts.shapes import eased, evenly, is_right, legible, polygon, room, spread, stream, widest

amounts = st.floats(0, 1000, allow_nan=False)
layers = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(amounts, min_size=n, max_size=n), min_size=1, max_size=8)
)


@given(layers)
def test_a_stream_lies_evenly_about_zero_and_its_bands_are_as_wide_as_their_amounts(given: list[list[float]]) -> None:
    edges = stream(given)
    assert len(edges) == len(given) + 1
    for at in range(len(given[0])):
        assert math.isclose(edges[0][at], -edges[-1][at], abs_tol=1e-6)
    for at, layer in enumerate(given):
        for low, high, amount in zip(edges[at], edges[at + 1], layer, strict=True):
            assert math.isclose(high - low, amount, abs_tol=1e-6)


def test_nothing_has_no_stream() -> None:
    assert stream([]) == []


@given(layers, st.integers(0, 6))
def test_bands_never_cross_between_weeks(given: list[list[float]], n_between: int) -> None:
    edges = [eased(edge, n_between) for edge in stream(given)]
    assert len({len(edge) for edge in edges} | {len(spread(len(given[0]), n_between))}) == 1
    for low, high in pairwise(edges):
        assert all(a <= b + 1e-6 for a, b in zip(low, high, strict=True))


@given(st.lists(amounts, min_size=2, max_size=20), st.integers(1, 6))
def test_easing_goes_through_each_value_and_never_beyond(values: list[float], n_between: int) -> None:
    found = eased(values, n_between)
    assert found[:: n_between + 1] == values
    assert min(values) - 1e-9 <= min(found)
    assert max(found) <= max(values) + 1e-9


def test_a_radar_begins_at_the_top_and_goes_clockwise() -> None:
    top, right, bottom, left = polygon([1, 0.5, 2, -1])
    assert (round(top[0], 9), round(top[1], 9)) == (0, 1)
    assert round(right[0], 9) == 0.5
    assert round(bottom[1], 9) == -1  # what is beyond the rim lies on it
    assert (round(left[0], 9), round(left[1], 9)) == (0, 0)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=20))
def test_all_points_have_room_in_a_square(points: list[tuple[float, float]]) -> None:
    left, bottom, right, top = room(points)
    assert math.isclose(right - left, top - bottom, rel_tol=1e-9)
    assert all(left <= x <= right and bottom <= y <= top for x, y in points)


@given(st.integers(0, 300), st.integers(0, 12))
def test_ticks_are_evenly_spread_and_the_last_is_among_them(n: int, most: int) -> None:
    found = evenly(n, most)
    assert len(found) <= most
    if n and most:
        assert found[-1] == n - 1
        assert len({b - a for a, b in pairwise(found)}) <= 1


def test_a_name_stands_where_its_band_is_widest_but_not_at_an_end() -> None:
    assert widest([0] * 5, [9, 1, 3, 2, 9]) == 2
    assert widest([0], [1]) == 0


def test_names_on_a_map_do_not_overlap_and_stay_inside() -> None:
    square = (0.0, 0.0, 10.0, 10.0)
    points = [(1.0, 5.0), (1.2, 5.05), (9.9, 5.0), (1.0, 9.99), (5.0, 5.0)]
    assert legible(points, ["Dummy", "Third", "Maxinquaye", "Too high", "Protection"], square) == [0, 2, 4]
    assert is_right(9.9, square)
    assert not is_right(5.0, square)

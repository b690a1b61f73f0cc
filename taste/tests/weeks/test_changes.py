"""Where a level moved: found when planted, and rarely where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste.weeks.changes import BASELINE, LEAST_H, SLACK, Change, breaks, changes, sums, threshold
from taste.weeks.sums import Floats

N_SEEDS = 200


def noise(seed: int, n: int) -> Floats:
    return 0.5 + 0.05 * np.random.default_rng(seed).normal(size=n)


def planted(seed: int, *, sds: float, at: int = 78, n: int = 156) -> list[Change]:
    values = noise(seed, n)
    values[at:] += sds * 0.05
    return changes(values)


def test_flat_noise_rings_in_at_most_a_tenth_of_all_years_and_is_never_confirmed() -> None:
    found = [changes(noise(seed, BASELINE + 52)) for seed in range(N_SEEDS)]
    assert sum(bool(each) for each in found) / N_SEEDS <= 0.10
    assert sum(change.is_confirmed for each in found for change in each) <= N_SEEDS * 0.01


@pytest.mark.parametrize(("sds", "least"), [(2.0, 0.8), (3.0, 0.85), (-3.0, 0.85)])
def test_a_planted_shift_is_found_where_it_is(sds: float, least: float) -> None:
    hits = 0
    for seed in range(40):
        near = [each for each in planted(seed, sds=sds) if abs(each.at - 78) <= 6]
        hits += any(each.is_confirmed and np.sign(each.sds) == np.sign(sds) and each.alarm < 130 for each in near)
    assert hits / 40 >= least


def test_two_shifts_are_both_found() -> None:
    values = noise(3, 200)
    values[60:] += 0.2
    values[130:] -= 0.3
    confirmed = [each for each in changes(values) if each.is_confirmed]
    assert [(abs(each.at - at) <= 3, each.sds > 0) for each, at in zip(confirmed, (60, 130), strict=True)] == [
        (True, True),
        (True, False),
    ]


def test_a_change_is_told_with_its_level_before_and_after() -> None:
    values = np.where(np.arange(120) < 60, 0.4, 0.7) + noise(1, 120) - 0.5
    change = next(each for each in changes(values) if each.is_confirmed)
    assert (change.before, change.after) == (pytest.approx(0.4, abs=0.03), pytest.approx(0.7, abs=0.05))
    assert change.alarm >= change.at
    assert change.threshold >= LEAST_H


def test_the_same_values_give_the_same_changes_and_later_weeks_leave_alarms_standing() -> None:
    values = noise(7, 156)
    values[70:] += 0.2
    short, whole = changes(values[:120]), changes(values)
    assert whole == changes(values)
    assert [(each.at, each.alarm) for each in short] == [(each.at, each.alarm) for each in whole if each.alarm < 120]


@pytest.mark.parametrize("n", [0, 1, BASELINE])
def test_too_few_weeks_have_no_changes(n: int) -> None:
    assert changes(noise(0, n)) == []


def test_a_constant_has_no_changes() -> None:
    assert changes(np.full(120, 0.5)) == []
    assert breaks(np.full(120, 0.5)) == []


def test_a_restless_baseline_asks_for_more() -> None:
    calm = noise(1, BASELINE)
    restless = calm + np.where(np.arange(BASELINE) // 4 % 2, 0.1, -0.1)  # levels that last four weeks
    assert threshold(restless) > threshold(calm)


def test_breaks_are_where_the_level_jumps() -> None:
    values = np.concatenate([np.full(30, 0.2), np.full(20, 0.6), np.full(40, 0.4)]) + noise(2, 90) * 0.2
    assert breaks(values) == [30, 50]


@settings(max_examples=50)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_sums_are_what_the_recursion_gives(given: list[float]) -> None:
    upper = lower = 0.0
    expected = []
    for value in given:
        upper, lower = max(0.0, upper + value - SLACK), max(0.0, lower - value - SLACK)
        expected.append((upper, lower))
    fast = sums(np.array([given]))
    assert np.allclose(np.array(expected).T, np.array([fast[0][0], fast[1][0]]))

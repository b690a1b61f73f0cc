"""The model of ratings: bounded, never worse than the mean by its own errors, its intervals hold four of five."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.predicting import features
from taste.predicting.model import FEATURES, HIGHEST, LOWEST, Sample, drawn_mean, fit, half_width

STARS = st.integers(2, 10).map(lambda half: half / 2)
NUMBER = st.floats(-2, 2)
SAMPLES = st.lists(
    st.builds(
        Sample,
        member=st.integers(1, 4),
        stars=STARS,
        mean=st.floats(1, 5),
        features=st.tuples(*[NUMBER] * len(FEATURES)),
        is_shared=st.booleans(),
    ),
    max_size=30,
)


def invented(n: int, *, slope: float, noise: float, seed: int = 3) -> list[Sample]:
    """Ratings that are a mean of 3 plus `slope` × the first feature plus noise."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(n, len(FEATURES)))
    stars = 3 + slope * rows[:, 0] + noise * chance.normal(size=n)
    return [
        Sample(place % 12, float(star), 3.0, tuple(float(each) for each in row))
        for place, (star, row) in enumerate(zip(stars, rows, strict=True))
    ]


@given(SAMPLES, st.floats(1, 5), st.tuples(*[NUMBER] * len(FEATURES)))
def test_a_prediction_is_a_rating_within_its_interval(
    samples: list[Sample], mean: float, row: tuple[float, ...]
) -> None:
    found = fit(samples).predict(1, mean, row)
    assert LOWEST <= found.low <= found.stars <= found.high <= HIGHEST


@given(SAMPLES)
def test_errors_of_ratings_left_out_are_never_worse_than_the_mean_alone(samples: list[Sample]) -> None:
    fitted = fit(samples)
    alone = [each.stars - each.mean for each in samples if each.is_shared]
    errors = fitted.shared_errors
    assert len(errors) == len(alone)
    assert sum(each * each for each in errors) <= sum(each * each for each in alone) + 1e-9
    assert sum(len(each) for each in fitted.errors.values()) == len(samples)


def test_what_ratings_follow_is_found_and_what_they_do_not_is_left_alone() -> None:
    found = fit(invented(200, slope=0.5, noise=0.2))
    assert found.weights[0] == pytest.approx(0.5, abs=0.06)
    assert np.abs(found.weights[1:]).max() < 0.06
    nothing = fit(invented(200, slope=0.0, noise=0.5))
    assert np.abs(nothing.weights).max() < 0.06


def test_left_out_errors_are_those_of_fitting_anew_without_the_rating() -> None:
    samples = invented(25, slope=0.4, noise=0.3)
    fitted = fit(samples)
    x = np.array([each.features for each in samples]) / fitted.scale
    y = np.array([each.stars - each.mean for each in samples])
    for place in (0, 7, 24):
        rest = np.arange(25) != place
        weights = np.linalg.solve(x[rest].T @ x[rest] + fitted.pull * np.eye(len(FEATURES)), x[rest].T @ y[rest])
        assert fitted.shared_errors[place] == pytest.approx(y[place] - x[place] @ weights)


def test_four_of_five_new_ratings_lie_within_their_intervals() -> None:
    fitted = fit(invented(300, slope=0.5, noise=0.4))
    new = invented(2_000, slope=0.5, noise=0.4, seed=9)
    held = [p.low <= s.stars <= p.high for s in new for p in [fitted.predict(s.member, s.mean, s.features)]]
    assert 0.77 <= np.mean(held) <= 0.86


def test_private_ratings_teach_others_nothing() -> None:
    shared = invented(60, slope=0.3, noise=0.3)
    private = [Sample(99, 5.0, 1.0, (9.0, 9.0, 9.0, 9.0, 9.0), is_shared=False)] * 20
    alone, beside = fit(shared), fit(shared + private)
    assert np.array_equal(alone.weights, beside.weights)
    assert alone.predict(1, 3.0, (1, 0, 0, 0, 0)) == beside.predict(1, 3.0, (1, 0, 0, 0, 0))


def test_few_errors_make_a_wide_interval() -> None:
    assert half_width([], []) == 4
    assert half_width([0.1], []) == 4
    assert half_width([0.1] * 30, []) == pytest.approx(0.1)
    everybody = [place / 100 for place in range(100)]
    assert half_width([], everybody) == pytest.approx(0.87, abs=0.02)  # a half less sure than 0.8 of them
    assert half_width([0.05] * 40, everybody) < half_width([0.05] * 5, everybody)


def test_a_mean_of_few_ratings_is_drawn_to_everybodys() -> None:
    assert drawn_mean([], 3.5) == 3.5
    assert drawn_mean([5.0], 3.0) == pytest.approx(3.4)
    assert drawn_mean([5.0] * 96, 3.0) == pytest.approx(4.92)


def test_features_say_nothing_where_nothing_is_known() -> None:
    nothing = np.zeros(0, np.float32)
    assert features.by_likeness(nothing, np.zeros(0)) == 0
    assert features.by_artist([]) == 0
    assert features.by_plays(0) == 0
    assert features.by_taste({}, {"dub": 1.0}) == 0


def test_likeness_to_loved_and_disliked_albums_worked_by_hand() -> None:
    alike = np.array([0.5, 0.5, 0.01], np.float32)  # the third is not like it at all
    assert features.by_likeness(alike, np.array([1.0, -0.5, 4.0])) == pytest.approx(0.25 / 2)
    assert features.by_taste({"dub": 1.0}, {"dub": 3.0, "folk": 4.0}) == pytest.approx(0.6)

"""Weeks as numbers, moods on their plane, words, and what a drift is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taste.weeks import plane
from taste.weeks.calendar import number
from taste.weeks.drift import decompose
from taste.weeks.fingerprints import before, digest, mixed, summed
from taste.weeks.sums import effective_number, means, paired
from taste.weeks.words import Tagged, leading, sentence


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=30),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]),
)
def test_weeks_are_those_of_the_calendar_on_the_wall(moments: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    seconds = np.array(sorted(moments), np.int64)
    weeks, place = number(seconds, zone)
    for second, at in zip(seconds.tolist(), place.tolist(), strict=True):
        day = datetime.fromtimestamp(second, UTC).astimezone(zone).date()
        assert weeks.monday(at).isocalendar()[:2] == day.isocalendar()[:2]
        assert weeks.place(weeks.monday(at)) == at


def test_no_moments_make_no_weeks() -> None:
    weeks, place = number(np.zeros(0, np.int64), ZoneInfo("UTC"))
    assert (weeks.n, len(place)) == (0, 0)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=20))
def test_memberships_of_moods_sum_to_one(tracks: list[tuple[float, float]]) -> None:
    energy, valence = np.array([each[0] for each in tracks]), np.array([each[1] for each in tracks])
    found = plane.memberships(energy, valence)
    assert found.shape == (len(tracks), len(plane.MOODS))
    assert np.allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()


def test_a_track_where_a_mood_lies_is_of_that_mood_most() -> None:
    for place, mood in enumerate(plane.MOODS):
        found = plane.memberships(np.array([mood.energy]), np.array([mood.valence]))
        assert found[0].argmax() == place
        assert found[0, place] > 0.5


def test_what_is_not_known_has_no_mood() -> None:
    assert np.isnan(plane.memberships(np.array([np.nan]), np.array([0.5]))).all()


def test_the_effective_number_is_the_number_where_all_are_heard_as_often() -> None:
    pairs = paired(np.array([0, 0, 0, 0, 2]), np.array([1, 2, 3, 4, 1]))
    assert effective_number(pairs, 3) == pytest.approx([4, 0, 1])


def test_a_mean_leaves_out_what_is_not_known() -> None:
    pairs = paired(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2]))
    found = means(pairs, np.array([0.2, 0.8, np.nan]), 2)
    assert (found.mean[0], found.sd[0], found.n.tolist()) == (pytest.approx(0.4), pytest.approx(0.08**0.5), [3, 0])


def test_fingerprints_do_not_see_order_but_everything_else() -> None:
    weeks, things = np.array([0, 0, 1]), np.array([7, 8, 7])
    prints = digest("a", summed(mixed(things), weeks, 2))
    assert prints == digest("a", summed(mixed(things[[1, 0, 2]]), weeks, 2))
    assert prints != digest("b", summed(mixed(things), weeks, 2))
    assert prints[0] != digest("a", summed(mixed(np.array([7, 7, 7])), weeks, 2))[0]
    assert prints[1] == digest("a", summed(mixed(np.array([1, 1, 7])), weeks, 2))[1]
    assert len(prints[0]) == 40


def test_a_baseline_is_the_weeks_before() -> None:
    sums = np.array([[1, 2, 4, 8], [1, 2, 4, 8]], np.uint64)
    assert before(sums, 2)[0].tolist() == [0, 1, 3, 6]


def tagged(rows: list[tuple[int, int, float]]) -> Tagged:
    things, tags, weights = zip(*sorted(rows), strict=True)
    return Tagged(np.array(things), np.array(tags), np.array(weights))


def test_words_are_what_stands_out_not_what_is_always_there() -> None:
    """Thing 0 is rock, thing 1 rock and dub; rock is everywhere, dub comes in week 10."""
    weeks = np.repeat(np.arange(11), 20)
    things = np.where((weeks == 10) & (np.arange(220) % 2 == 0), 1, 0)
    found = leading(
        paired(weeks, things), tagged([(0, 0, 1.0), (1, 0, 1.0), (1, 1, 1.0)]), np.array([10]),
        n_weeks=11, n_things=2, n_tags=2,
    )[0]  # fmt: skip
    assert [word.tag for word in found] == [1]
    assert found[0].share == pytest.approx(0.5)
    assert found[0].lift > 5
    assert found[0].z > 2


def test_a_word_of_a_single_play_does_not_lead() -> None:
    weeks = np.repeat(np.arange(11), 40)
    things = np.where(np.arange(440) == 439, 1, 0)
    found = leading(
        paired(weeks, things), tagged([(0, 0, 1.0), (1, 1, 1.0)]), np.array([10]), n_weeks=11, n_things=2, n_tags=2
    )
    assert found == [[]]


def test_a_first_week_is_called_by_its_commonest_words() -> None:
    pairs = paired(np.zeros(30, np.int64), np.arange(30) % 3 // 2)
    found = leading(pairs, tagged([(0, 0, 1.0), (1, 1, 1.0)]), np.array([0]), n_weeks=1, n_things=2, n_tags=2)[0]
    assert [(word.tag, word.lift) for word in found] == [(0, 1.0), (1, 1.0)]


def test_words_of_many_weeks_are_those_of_each_alone() -> None:
    chance = np.random.default_rng(1)
    pairs = paired(chance.integers(0, 120, 4000), chance.integers(0, 50, 4000))
    rows = tagged([(thing, int(tag), 0.5) for thing in range(50) for tag in chance.choice(12, 3, replace=False)])
    wanted = np.arange(0, 120, 3)
    together = leading(pairs, rows, wanted, n_weeks=120, n_things=50, n_tags=12)
    alone = [leading(pairs, rows, np.array([week]), n_weeks=120, n_things=50, n_tags=12)[0] for week in wanted]
    assert [[word.tag for word in week] for week in together] == [[word.tag for word in week] for week in alone]


def test_a_vibe_is_a_sentence() -> None:
    words = [{"word": "dub"}, {"word": "trip hop"}, {"word": "fog"}, {"word": "more"}]
    assert (sentence(words), sentence(words[:1]), sentence([])) == ("Dub, trip hop and fog.", "Dub.", "")


AMOUNT = st.tuples(st.integers(0, 50), st.floats(0, 1))


@settings(max_examples=100)
@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=10))
def test_a_drift_is_the_sum_of_its_parts(rows: list[tuple[tuple[int, float], tuple[int, float]]]) -> None:
    plays = np.array([[one[0] for one, _ in rows], [two[0] for _, two in rows]], np.float64)
    if not plays.sum(axis=1).all():
        return
    totals = plays * np.array([[one[1] for one, _ in rows], [two[1] for _, two in rows]])
    by_share, by_sound = decompose(plays, totals)
    first, second = totals.sum(axis=1) / plays.sum(axis=1)
    assert (by_share + by_sound).sum() == pytest.approx(second - first, abs=1e-9)


def test_a_drift_by_hand() -> None:
    """A keeps its sound (0.2) and loses half its share to B (0.8): 0.2 → 0.5, each worth half of it."""
    by_share, by_sound = decompose(np.array([[10.0, 0.0], [5.0, 5.0]]), np.array([[2.0, 0.0], [1.0, 4.0]]))
    assert by_sound == pytest.approx([0, 0])
    assert by_share == pytest.approx([0.075, 0.225])


def test_a_monday_is_found_across_years() -> None:
    weeks, _ = number(np.array([1_600_000_000, 1_640_000_000]), ZoneInfo("UTC"))
    assert weeks.first == date(2020, 9, 7)
    assert weeks.monday(weeks.n - 1) == date(2021, 12, 20)

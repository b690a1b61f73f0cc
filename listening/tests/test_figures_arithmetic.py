"""Days, streaks, sessions, milestones and places as plain numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from listening.figures import arithmetic
from listening.figures.arithmetic import Reached, Streak
from listening.figures.ranges import Kind

JAN = date(2025, 1, 1)


def day(n: int) -> date:
    return JAN + timedelta(days=n)


def test_columns_cover_the_whole_range_empty_ones_included() -> None:
    plays = [(date(2024, 12, 31), 9), (date(2025, 1, 5), 2), (date(2025, 1, 6), 3), (date(2025, 3, 1), 4)]
    found = arithmetic.buckets(plays, first=date(2025, 1, 1), last=date(2025, 3, 15), unit=Kind.MONTH)
    assert [(each.first.isoformat(), each.last.isoformat(), each.n) for each in found] == [
        ("2025-01-01", "2025-01-31", 5),
        ("2025-02-01", "2025-02-28", 0),
        ("2025-03-01", "2025-03-15", 4),
    ]


def test_weeks_begin_on_monday_and_are_cut_at_the_ends() -> None:
    found = arithmetic.buckets([(date(2025, 1, 6), 1)], first=date(2025, 1, 1), last=date(2025, 1, 14), unit=Kind.WEEK)
    assert [(each.first.day, each.last.day, each.n) for each in found] == [(1, 5, 0), (6, 12, 1), (13, 14, 0)]


@given(st.dictionaries(st.integers(0, 800), st.integers(1, 50)), st.sampled_from([Kind.CUSTOM, *Kind][:6]))
def test_no_play_is_lost_in_columns(plays: dict[int, int], unit: Kind) -> None:
    unit = Kind.CUSTOM if unit is Kind.ALL else unit
    rows = [(day(n), count) for n, count in sorted(plays.items())]
    found = arithmetic.buckets(rows, first=day(0), last=day(800), unit=unit)
    assert sum(each.n for each in found) == sum(plays.values())
    assert found[0].first == day(0)
    assert found[-1].last == day(800)


def test_days_in_a_row_make_a_streak() -> None:
    found = arithmetic.streaks([day(0), day(1), day(2), day(5), day(9), day(10), day(11)])
    assert found == [Streak(day(0), day(2)), Streak(day(5), day(5)), Streak(day(9), day(11))]
    assert arithmetic.longest(found) == Streak(day(9), day(11))  # of equal ones the newer
    assert arithmetic.longest([]) is None


def test_a_streak_runs_on_until_a_day_has_passed_without_a_play() -> None:
    found = arithmetic.streaks([day(0), day(1)])
    assert arithmetic.running(found, today=day(1)) == found[0]
    assert arithmetic.running(found, today=day(2)) == found[0]
    assert arithmetic.running(found, today=day(3)) is None


def test_half_an_hour_keeps_a_session_together_and_a_second_more_ends_it() -> None:
    start = datetime(2025, 1, 1, 20, 0, tzinfo=UTC)
    gap = timedelta(minutes=30)
    found = arithmetic.sessions([start, start + gap, start + 2 * gap + timedelta(seconds=1)])
    assert [(each.n, each.length) for each in found] == [(2, gap), (1, timedelta(0))]


def test_milestones_name_the_day_and_the_place_in_it() -> None:
    days = [(day(0), 3), (day(1), 4), (day(2), 1)]
    assert arithmetic.reached(days, (1, 3, 4, 7, 8, 9)) == [
        Reached(1, day(0), 0),
        Reached(3, day(0), 2),
        Reached(4, day(1), 0),
        Reached(7, day(1), 3),
        Reached(8, day(2), 0),
    ]


def test_equal_numbers_share_the_better_place() -> None:
    assert arithmetic.places([9, 7, 7, 4, 4, 4, 1]) == [1, 2, 2, 4, 4, 4, 7]
    assert arithmetic.places([]) == []


@given(st.lists(st.integers(0, 400), max_size=400))
def test_shades_of_the_calendar_rise_with_the_plays(counts: list[int]) -> None:
    bounds = arithmetic.levels(counts)
    shades = [arithmetic.level(n, bounds) for n in sorted(counts)]
    assert shades == sorted(shades)
    assert all((shade == 0) == (n == 0) for n, shade in zip(sorted(counts), shades, strict=True))
    if any(counts):
        assert shades[-1] == arithmetic.N_LEVELS


def test_growth_is_a_share_and_nothing_can_be_said_from_nothing() -> None:
    assert arithmetic.change(15, 10) == 0.5
    assert arithmetic.change(0, 10) == -1
    assert arithmetic.change(5, 0) is None


def test_the_clock_has_a_row_a_day_and_a_column_an_hour() -> None:
    grid = arithmetic.clock_grid({(1, 0): 2, (7, 23): 5})
    assert [len(row) for row in grid] == [24] * 7
    assert (grid[0][0], grid[6][23], sum(map(sum, grid))) == (2, 5, 7)

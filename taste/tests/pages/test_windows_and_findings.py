"""Windows of weeks, levels against the weeks before, and the sentences over the figures. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.figures.ranges import UnknownRange
from taste.dashboard import findings
from taste.dashboard.levels import Level, level, levels, mood_totals, moved, shown
from taste.dashboard.windows import Window, parse, week_of
from taste.iso_weeks import iso_week
from taste.views.dashboard.radar import compared

NOW = datetime(2025, 11, 27, 23, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2024, 1, 1)


def window(text: str) -> Window:
    return parse(text, now=NOW, zone=ZONE, first_week=FIRST)


@pytest.mark.parametrize(("text", "first", "last", "n"), [
    ("12w", date(2025, 9, 8), date(2025, 11, 24), 12),
    ("1w", date(2025, 11, 24), date(2025, 11, 24), 1),
    ("all", FIRST, date(2025, 11, 24), 100),
    ("2025-Q3", date(2025, 6, 30), date(2025, 9, 29), 14),
    ("2025-W48", date(2025, 11, 24), date(2025, 11, 24), 1),
    ("2025-11-20,2026-05-01", date(2025, 11, 17), date(2025, 11, 24), 2),
])  # fmt: skip
def test_windows_are_whole_weeks_up_to_this_one(text: str, first: date, last: date, n: int) -> None:
    found = window(text)
    assert (found.first, found.last, found.n_weeks) == (first, last, n)
    assert found.span.first == first
    assert found.span.last == found.end


@pytest.mark.parametrize("text", ["0w", "9999w", "521w", "fortnight", "2025-13", "2026", "", "１２w"])
def test_what_is_no_window_is_said_in_words(text: str) -> None:
    with pytest.raises(UnknownRange, match=r"\w"):
        window(text)


@given(st.integers(1, 520))
def test_a_window_and_the_one_before_it_touch(n: int) -> None:
    found = window(f"{n}w")
    before = found.before(26)
    assert (found.first - before.last).days == 7
    assert before.n_weeks == 26


@pytest.mark.parametrize("text", ["2025-W48", "2025-48", "2025w48", " 2025-w48 "])
def test_a_week_may_be_written_in_several_ways(text: str) -> None:
    assert week_of(text) == date(2025, 11, 24)
    assert iso_week(week_of(text)) == "2025-W48"


@pytest.mark.parametrize("text", ["2025-W54", "2025", "48", "2025-W0", "٢٠٢٥-W48", "0001-W01", "9999-W52"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="week"):
        week_of(text)


def weeks(*means: float, n: int = 10, axis: str = "energy") -> list[dict[str, dict[str, float]]]:
    return [{axis: {"mean": mean, "sd": 0.1, "n": n, "confidence": 0.5}} for mean in means]


def test_a_level_counts_each_play_once_and_spreads_over_weeks() -> None:
    found = level([*weeks(0.2, n=30), *weeks(0.6, n=10), {}, {"energy": {"mean": None, "n": 0}}], "energy")
    assert found is not None
    assert round(found.mean, 6) == 0.3
    assert round(found.sd, 6) == round(0.4 / 2**0.5, 6)
    assert (found.n, found.n_weeks) == (40, 2)
    assert level([{}], "energy") is None


def test_tempo_has_its_own_spoke() -> None:
    assert [shown("tempo", bpm) for bpm in (40, 60, 120, 180, 240)] == [0, 0, 0.5, 1, 1]
    assert shown("energy", 1.4) == 1


def test_nothing_is_said_against_few_or_equal_weeks() -> None:
    now = levels(weeks(0.9))
    assert moved(now, levels(weeks(0.1, 0.2, 0.3))) == []
    assert moved(now, levels(weeks(0.1, 0.1, 0.1, 0.1))) == []
    assert findings.against(now, {}, "the 26 weeks before") == ""


@pytest.mark.parametrize(("mean", "said"), [
    (0.5, "Much like the 26 weeks before"),
    (0.6, "More energetic than the 26 weeks before"),
    (0.4, "Calmer than the 26 weeks before"),
    (0.9, "Much more energetic than the 26 weeks before"),
])  # fmt: skip
def test_a_finding_says_what_is_so(mean: float, said: str) -> None:
    base = levels(weeks(0.4, 0.6, 0.4, 0.6, 0.5, 0.5))
    assert findings.against(levels(weeks(mean)), base, "the 26 weeks before") == said


def test_a_step_that_nobody_feels_is_not_told() -> None:
    base = levels(weeks(0.500, 0.502, 0.500, 0.502))
    assert findings.against(levels(weeks(0.52)), base, "before") == "Much like before"
    assert findings.against(levels(weeks(0.54)), base, "before") == "Much more energetic than before"


def test_the_farthest_axis_comes_last_and_may_be_much() -> None:
    def at(mean: float) -> Level:
        return Level(mean, 0.1, 50, 10, 0.8)

    base = {"energy": at(0.5), "valence": at(0.5), "tempo": Level(120, 10, 50, 10, 0.8)}
    now = {"energy": at(0.4), "valence": at(0.8), "tempo": Level(121, 0, 9, 1, 0.8)}
    assert findings.against(now, base, "before") == "Calmer and much brighter than before"
    assert findings.of_axes(now, base) == "Valence moved most: 0.80 after 0.50"


def test_a_heading_rests_on_weak_axes_only_where_there_are_no_others_and_says_so() -> None:
    def at(mean: float, confidence: float) -> Level:
        return Level(mean, 0.1, 50, 10, confidence)

    base, now = {"valence": at(0.5, 0.2)}, {"valence": at(0.8, 0.2)}
    assert findings.against(now, base, "before") == "Much brighter than before, on weak evidence"
    assert findings.of_axes(now, base) == "Valence moved most: 0.80 after 0.50, on weak evidence"
    base["energy"], now["energy"] = at(0.5, 0.8), at(0.4, 0.8)
    assert findings.against(now, base, "before") == "Calmer than before"
    assert findings.of_axes(now, base) == "Energy moved most: 0.40 after 0.50"
    week, other = {"valence": at(0.8, 0.2)}, {"valence": at(0.5, 0.8)}
    assert compared("This week", week, other, "that one") == "This week is brighter than that one, on weak evidence"
    week["energy"] = other["energy"] = at(0.4, 0.8)
    assert compared("This week", week, other, "that one") == "This week sounds much like that one"


def test_moods_tell_who_leads_and_who_moved() -> None:
    names = {"calm": "Calm", "driving": "Driving"}
    whole, early = {"calm": 0.4, "driving": 0.6}, {"calm": 0.5, "driving": 0.5}
    late = {"calm": 0.3, "driving": 0.7}
    said = findings.of_moods(names, whole, early, late)
    assert said in {
        "Driving leads with 60%; Calm shrank most, from 50% to 30%",
        "Driving leads with 60%; Driving grew most, from 50% to 70%",
    }
    assert findings.of_moods(names, whole, early, early) == "Driving leads with 60%, and little moved"
    assert findings.of_moods(names, {}, {}, {}, is_weak=True) == ""
    assert findings.of_moods(names, whole, {}, {}, is_weak=True).endswith(", and little moved, on weak evidence")
    assert findings.is_weak({"energy": Level(0.5, 0.1, 9, 3, 0.8), "valence": Level(0.5, 0.1, 9, 3, 0.1)})
    assert not findings.is_weak({"energy": Level(0.5, 0.1, 9, 3, 0.8), "tempo": Level(120, 9, 9, 3, 0.1)})


def test_moods_of_weeks_are_weighed_by_their_plays() -> None:
    assert mood_totals([({"calm": 1.0}, 30), ({"driving": 1.0}, 10), ({}, 99)]) == {"calm": 0.75, "driving": 0.25}
    assert mood_totals([({}, 9)]) == {}


@pytest.mark.parametrize(("values", "said"), [
    ([1, 1, 9, 1, 1], "The biggest step was week 3 of 2025; the newest is an ordinary one"),
    ([1, 1, 9, 1, 3], "The biggest step was week 3 of 2025; the newest is larger than usual"),
    ([2, 2, 9, 2, 1], "The biggest step was week 3 of 2025; the newest week holds still"),
    ([1, 1, 1, 1, 9], "The newest week is the biggest step in 5 weeks"),
    ([1, 2], "2 weeks on the map"),
    ([], ""),
])  # fmt: skip
def test_momentum_tells_the_biggest_step(values: list[float], said: str) -> None:
    momenta = [(date.fromisocalendar(2025, at, 1), value) for at, value in enumerate(values, start=1)]
    assert findings.of_momentum(momenta) == said


@pytest.mark.parametrize(("now", "before", "said"), [
    (112, 100, "12% more than the 26 weeks before"), (88, 100, "12% less than the 26 weeks before"),
    (101, 100, "about the same as the 26 weeks before"), (300, 100, "3.0 times the 26 weeks before"),
    (5, 0, "none in the 26 weeks before"), (0, 0, ""), (None, 4, ""), (4, None, ""),
])  # fmt: skip
def test_changes_are_told_in_words(now: float | None, before: float | None, said: str) -> None:
    assert findings.changed(now, before, "the 26 weeks before") == said

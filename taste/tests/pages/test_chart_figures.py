"""Figures: valid for plotly, whole as SVG, and free of what the Content-Security-Policy forbids."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.charts import drawings, figures
from taste.charts.figures import Mark, Place

WEEKS = [f"W{number}" for number in range(1, 13)]
NAMES = ["Calm", "Driving", "Even"]
LAYERS = [[float((week * (at + 2)) % 7) for week in range(12)] for at in range(3)]
WAY = [Place(at * 0.5, (at % 4) * 0.3, f"2025-W{at + 10}", f"Week {at + 10}<br>3 plays", at / 8) for at in range(8)]
MARKS = [Mark(1.0, 0.2, "Dummy <b>", "/albums/dummy/"), Mark(90.0, 0.2, "Far away", "/albums/far/")]
AXES = ["Energy", "Valence", "Tempo"]
SERIES = {"Week 48": [0.2, 0.5, 0.9], "The 26 weeks before": [0.4, 0.4, 0.4]}
SAYS = {name: [f"{axis}: {name}" for axis in AXES] for name in SERIES}

ALL = {
    "streamgraph": lambda: figures.streamgraph(WEEKS, NAMES, LAYERS, WEEKS),
    "trajectory": lambda: figures.trajectory(WAY, MARKS, [(0.1, 0.1), (99.0, 0.1)]),
    "radar": lambda: figures.radar(AXES, SERIES, SAYS),
    "no weeks": lambda: figures.streamgraph([], NAMES, [[], [], []], []),
    "one week": lambda: figures.trajectory(WAY[:1], []),
}


@pytest.mark.parametrize("name", ALL)
def test_plotly_knows_everything_that_a_figure_says(name: str) -> None:
    from plotly.graph_objects import Figure

    built = ALL[name]()
    Figure(built, skip_invalid=False)
    assert {trace["type"] for trace in built["data"]} == {"scatter"}  # what the basic bundle draws


@pytest.mark.parametrize("name", ALL)
def test_colours_are_names_and_nothing_zooms_or_asks_for_a_style(name: str) -> None:
    built = ALL[name]()
    text = json.dumps(built)
    assert not re.search(r"#[0-9a-f]{3,6}", text)
    assert not re.search(r"<(?!br>|extra>|/extra>)", text), "a tag of plotly's is inline style"
    assert built["layout"]["dragmode"] is False
    assert built["layout"]["xaxis"]["fixedrange"]
    assert built["layout"]["yaxis"]["fixedrange"]


def test_a_streamgraph_has_a_band_a_name_on_a_clear_base() -> None:
    built = ALL["streamgraph"]()
    base, *bands, hover = built["data"]
    assert "fill" not in base
    assert [band["name"] for band in bands] == NAMES
    assert [band["fillcolor"] for band in bands] == ["var(--mood-1)", "var(--mood-2)", "var(--mood-3)"]
    assert base["y"][0] == -bands[-1]["y"][0]
    assert [round(y, 2) for y in bands[-1]["y"][:7]] == [0.0, 0.33, 1.17, 2.25, 3.33, 4.17, 4.5]
    assert hover["text"] == WEEKS
    assert {each["text"] for each in built["layout"]["annotations"]} <= set(NAMES)


@given(st.integers(1, 520), st.integers(1, 8))
def test_a_streamgraph_of_ten_years_stays_small_enough_to_draw(n_weeks: int, n_bands: int) -> None:
    names = [str(each) for each in range(n_bands)]
    built = figures.streamgraph(
        [str(week) for week in range(n_weeks)], names, [[1.0] * n_weeks] * n_bands, [""] * n_weeks
    )
    assert sum(len(trace["x"]) for trace in built["data"]) <= max(5_000, n_weeks * (n_bands + 2))


@pytest.mark.parametrize(("n_weeks", "most_kb"), [(26, 6), (520, 16)])
def test_a_streamgraph_of_many_weeks_weighs_little(n_weeks: int, most_kb: int) -> None:
    """Eight bands of nothing but chance, as drawing and as data, compressed."""
    chance = Random(3)
    layers = [[chance.random() * 12 for _ in range(n_weeks)] for _ in range(8)]
    keys, names = [f"W{week}" for week in range(n_weeks)], [f"Mood {at}" for at in range(8)]
    live, base = figures.streamgraph(keys, names, layers, keys), drawings.streamgraph(keys, names, layers, label="x")
    assert len(brotli.compress(f"{base}{json.dumps(live)}".encode(), quality=5)) < most_kb * 1024


def test_a_way_is_arrowheads_away_from_the_week_before_in_colours_of_energy() -> None:
    built = ALL["trajectory"]()
    tracks, weeks, marks = built["data"]
    assert weeks["customdata"] == [place.key for place in WAY]
    assert weeks["marker"]["symbol"] == ["circle", *["arrow"] * 7]
    assert weeks["marker"]["angleref"] == "previous"
    assert weeks["marker"]["color"][0] == "var(--energy-1)"
    assert weeks["marker"]["color"][-1] == "var(--energy-5)"
    assert marks["customdata"] == ["Dummy &lt;b&gt;"]  # words, not plotly's markup; the other lies elsewhere on the map
    assert marks["text"] == [" Dummy &lt;b&gt; "]
    assert len(tracks["x"]) == 1
    assert [each["text"] for each in built["layout"]["annotations"]] == ["start", "now"]


def test_series_of_a_radar_differ_in_more_than_colour() -> None:
    built = ALL["radar"]()
    series = [trace for trace in built["data"] if trace.get("name")]
    assert [trace["name"] for trace in series] == list(SERIES)
    assert len({trace["line"].get("dash") for trace in series}) == 2
    assert len({trace["marker"]["symbol"] for trace in series}) == 2
    assert [bool(trace.get("fill")) for trace in series] == [True, False]
    assert series[0]["x"][0] == series[0]["x"][-1]


SVGS = {
    "streamgraph": lambda: drawings.streamgraph(WEEKS, [*NAMES[:2], "E<v>en"], LAYERS, label="Calm & more"),
    "trajectory": lambda: drawings.trajectory(WAY, MARKS, [(0.1, 0.1)], label="A way"),
    "radar": lambda: drawings.radar(AXES, SERIES, label="A radar"),
    "shares": lambda: drawings.shares(NAMES, [0.2, 0.5, 0.3], label="Shares"),
    "sparkline": lambda: drawings.sparkline([1.0, None, 3.0, 2.0], label="Ups"),
    "meter": lambda: drawings.meter(0.4, mark=0.6),
    "pull": lambda: drawings.pull(-0.4),
    "no weeks": lambda: drawings.streamgraph([], [], [], label="Nothing"),
    "one week": lambda: drawings.trajectory(WAY[:1], [], label="One"),
}


@pytest.mark.parametrize("name", SVGS)
def test_drawings_are_whole_labelled_and_carry_no_style(name: str) -> None:
    svg: Any = ET.fromstring(SVGS[name]())  # noqa: S314  (our own drawing)
    assert svg.get("aria-label") or svg.get("aria-hidden")
    assert not [each for each in svg.iter() if each.get("style") or each.tag.endswith("style")]
    assert "nan" not in SVGS[name]()


def test_one_value_is_no_line() -> None:
    assert drawings.sparkline([3.0]) == ""
    assert drawings.sparkline([None, 3.0, None]) == ""


def test_shares_fill_the_bar() -> None:
    widths = [float(each) for each in re.findall(r'width="([\d.]+)" height="14"', SVGS["shares"]())][-3:]
    assert widths == [59.0, 149.0, 89.0]

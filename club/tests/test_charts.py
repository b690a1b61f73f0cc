"""Small charts: what they show, and that they are whole without a style sheet, a script or eyes."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from club.drawing import svg
from club.templatetags import charts

SVG = "{http://www.w3.org/2000/svg}"
nine_counts = st.lists(st.integers(0, 10_000), min_size=9, max_size=9)


def drawn(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314  (our own drawing)


def shapes(markup: str, css: str) -> list[ET.Element]:
    return [node for node in drawn(markup).iter() if css in (node.get("class") or "").split()]


def test_histogram_names_every_bin_and_counts_every_bar() -> None:
    markup = svg.histogram([0, 0, 1, 0, 2, 0, 5, 12, 3], label="x")
    assert [node.text for node in shapes(markup, "tick")] == ["1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5"]
    assert [node.text for node in shapes(markup, "count")] == ["1", "2", "5", "12", "3"]
    assert len(shapes(markup, "bar")) == 5


def test_a_bar_twice_as_high_means_twice_as_many() -> None:
    one, two = shapes(svg.histogram([0, 0, 20, 0, 40, 0, 0, 0, 0], label="x"), "bar")
    assert float(two.get("height", 0)) == 2 * float(one.get("height", 0))


@given(nine_counts)
def test_no_bar_leaves_its_drawing(counts: list[int]) -> None:
    for markup in (svg.histogram(counts, label="x"), svg.mini_histogram(counts, label="x")):
        height = float(drawn(markup).get("height", 0))
        for node in shapes(markup, "bar"):
            top, tall = float(node.get("y", -1)), float(node.get("height", 0))
            assert top >= 0
            assert top + tall <= height + 0.01


def test_points_bar_is_split_at_the_first_choices() -> None:
    markup = svg.points_bar(firsts=3, seconds=2, most=16, label="x")
    (firsts,), (seconds,) = shapes(markup, "firsts"), shapes(markup, "seconds")
    assert float(seconds.get("x", 0)) == 300 * 6 / 16
    assert float(seconds.get("width", 0)) == 300 * 2 / 16
    assert float(firsts.get("width", 0)) < float(seconds.get("x", 0)), "a gap tells the parts apart without colour"


def test_points_bar_of_a_poll_without_votes_is_empty_and_not_broken() -> None:
    assert not shapes(svg.points_bar(firsts=0, seconds=0, most=0, label="x"), "firsts")


def test_sparkline_breaks_where_a_value_is_missing() -> None:
    assert len(shapes(svg.sparkline([1, 2, None, 3, 3], label="x"), "line")) == 2
    assert drawn(svg.sparkline([None, None], label="x")).get("aria-label") == "x"


def test_difference_points_left_below_zero_and_right_above() -> None:
    (below,) = shapes(svg.difference_bar(-1, 2), "below")
    (above,) = shapes(svg.difference_bar(1, 2), "above")
    assert (float(below.get("x", 0)), float(above.get("x", 0))) == (50, 100)
    assert not shapes(svg.difference_bar(0, 2), "above")


def test_words_in_a_drawing_are_escaped() -> None:
    markup = svg.drawing([svg.text(0, 0, "<b>&", css="a", fill="#000", size=9)], width=9, height=9, css="x", label='"<')
    assert drawn(markup).get("aria-label") == '"<'
    assert shapes(markup, "a")[0].text == "<b>&"


def test_tags_draw_charts_that_speak_and_carry_no_style_attribute() -> None:
    page = Template(
        "{% load charts %}{% histogram counts %}"
        "{% histogram counts mini=True %}{% points_bar firsts=3 seconds=1 max=9 %}"
        '{% share_bar 1 2 %}{% difference_bar -1 2 %}{% sparkline counts "Nine numbers" %}'
    ).render(Context({"counts": [0, 0, 0, 0, 2, 0, 0, 7, 0]}))
    assert "style=" not in page
    assert 'aria-label="9 ratings. 3 stars: 2, 4.5 stars: 7"' in page
    assert 'aria-label="7 points: 3 first choices, 1 second choices"' in page


def test_no_ratings_are_said_in_words() -> None:
    assert charts.counts_in_words([0] * 9) == "No ratings yet"


def test_differences_carry_their_sign() -> None:
    assert [charts.signed(value) for value in (0.5, -1.25, 0.0, -0.001, None)] == [
        "+0.50",
        "−1.25",
        "±0.00",
        "±0.00",
        "–",
    ]

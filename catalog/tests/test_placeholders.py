"""An album without a cover gets a drawn sleeve: its own, always the same, readable and harmless."""

from __future__ import annotations

from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.names import tidy
from catalog.placeholders import _palette, _width, contrast, placeholder_svg

NS = {"svg": "http://www.w3.org/2000/svg"}
names = st.text(min_size=1, max_size=120).map(tidy).filter(bool)


def texts(svg: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall("svg:text", NS)  # noqa: S314  (our own drawing)


def test_the_same_album_is_drawn_the_same_every_time() -> None:
    once = placeholder_svg(title="Blue", artist="Joni Mitchell", key="7")
    assert once == placeholder_svg(title="Blue", artist="Joni Mitchell", key="7")


def test_a_hundred_albums_of_one_name_get_a_hundred_drawings() -> None:
    assert len({placeholder_svg(title="Weezer", artist="Weezer", key=str(key)) for key in range(100)}) == 100


@settings(max_examples=60, deadline=None)
@given(title=names, artist=names)
def test_any_name_gives_a_well_formed_drawing_with_no_script_and_no_style(title: str, artist: str) -> None:
    svg = placeholder_svg(title=title, artist=artist, key="1")
    root = ET.fromstring(svg)  # noqa: S314
    assert {each.tag.split("}")[1] for each in root.iter()} <= {"svg", "rect", "path", "circle", "text"}
    assert not any(name.lower().startswith(("on", "style", "href")) for each in root.iter() for name in each.attrib)


@settings(max_examples=100, deadline=None)
@given(title=names, artist=names)
def test_no_line_of_text_is_wider_than_the_sleeve(title: str, artist: str) -> None:
    for text in texts(placeholder_svg(title=title, artist=artist, key="1")):
        assert _width(text.text or "") * float(text.attrib["font-size"]) <= 600 - 2 * 44 + 1
        assert 388 < float(text.attrib["y"]) < 600


def test_markup_in_a_name_is_text() -> None:
    (title, _) = texts(placeholder_svg(title="<b>&", artist='"x"', key="1"))
    assert title.text == "<b>&"


def test_a_long_title_is_broken_into_lines_and_a_very_long_one_cut() -> None:
    long = texts(placeholder_svg(title="Sgt. Pepper's Lonely Hearts Club Band", artist="The Beatles", key="1"))
    assert " ".join(each.text or "" for each in long[:-1]) == "Sgt. Pepper's Lonely Hearts Club Band"
    endless = texts(placeholder_svg(title="Word " * 80, artist="X", key="1"))
    assert len(endless) == 4
    assert (endless[2].text or "").endswith("…")


@pytest.mark.parametrize("seed", range(60))
def test_words_stand_out_from_their_ground(seed: int) -> None:
    palette = _palette(Random(seed))
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.quiet, palette.ground) >= 4.5

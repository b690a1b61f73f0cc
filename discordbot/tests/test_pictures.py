"""Charts: valid pictures of the right size, the same for the same data, with every bar where it belongs."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

from club.models.week import Phase
from discordbot.cards import poll, ratings
from discordbot.pictures import PAPER, WIDTH, draw, histogram_svg, points_svg
from discordbot.posts import Picture
from discordbot.tests.club_states import a_state, a_week


def opened(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(draw(picture)))
    image.load()
    return image.convert("RGBA")


def colours(image: Image.Image) -> set[str]:
    return {f"#{r:02X}{g:02X}{b:02X}" for _, (r, g, b, a) in image.getcolors(1 << 20) if a == 255}


def test_the_points_chart_is_drawn_on_its_own_ground() -> None:
    picture = poll.points_picture(a_week(Phase.LISTENING))
    assert picture
    image = opened(picture)
    assert image.width == WIDTH
    assert {PAPER, "#0B625C", "#8FBDB8", "#A64B00"} <= colours(image)
    assert image.getpixel((0, 0))[3] == 0
    assert draw(picture) == draw(picture)


def test_the_histogram_shows_the_average_and_bars() -> None:
    week = a_week(Phase.CLOSED)
    picture = ratings.histogram_picture(week, a_state(week), week.nominees[0].album)
    assert picture
    assert opened(picture).width == WIDTH
    assert picture.alt.startswith("How many gave each number of stars: 2 stars 1 time, 4 stars 1 time")
    assert ">3.75<" in histogram_svg(*[picture.data[0]], mean=picture.data[1], n=picture.data[2])


def bars_in(markup: str, css: str) -> list[float]:
    return [float(width) for width in re.findall(rf'class="{css}"[^>]*? width="([\d.]+)"', markup)]


def test_bars_are_as_long_as_their_points() -> None:
    markup = points_svg((("A", "x", 2, 0, 4, True), ("B", "y", 1, 0, 2, False), ("C", "z", 0, 1, 1, False)))
    longest, half = bars_in(markup, "firsts")
    assert half == longest / 2
    assert bars_in(markup, "seconds") == [longest / 4]


def test_points_without_choices_make_one_shade_and_no_legend() -> None:
    markup = points_svg((("A", "x", 0, 0, 7, True), ("B", "y", 0, 0, 3, False)))
    assert len(bars_in(markup, "firsts")) == 2
    assert bars_in(markup, "seconds") == []
    assert "First choices" not in markup


def test_words_of_any_length_and_script_stay_inside() -> None:
    markup = points_svg((("無罪モラトリアム" * 20, "<script>&" * 30, 1, 0, 2, True),))
    assert "<script>" not in markup
    assert opened(Picture("points", "p.png", "", (("無" * 200, "x" * 300, 1, 0, 2, True),))).width == WIDTH


def test_a_name_is_never_half_in_latin_letters() -> None:
    markup = points_svg([("月亮代表我的心", "鄧麗君", 1, 0, 2, True)])
    assert "鄧" not in markup
    assert "麗君" not in markup
    assert "Deng Li Jun" in markup
    assert "周杰倫" in points_svg([("葉惠美", "周杰倫", 1, 0, 2, True)])

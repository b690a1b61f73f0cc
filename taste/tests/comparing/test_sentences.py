"""Sentences stand on numbers, and are left out where too little is behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taste.comparing.differing import Difference, differences
from taste.comparing.reading import Voice
from taste.comparing.sentences import groups, said
from taste.comparing.together import First, Picks, Rated, Taste, Together

YOU, BO = Voice("You", "you"), Voice("Bo", "Bo")
NOTHING = Together(a=YOU, b=BO, both=Voice("You both", "both of you"))


def albums(n: int, *, a: int, b: int, others: float | None = None, first: int = 1, **facts: str) -> tuple[Rated, ...]:
    return tuple(Rated(first + place, a, b, others, **facts) for place in range(n))


def texts(together: Together) -> dict[str, str]:
    return {each.kind: each.text for each in said(together)}


def test_nothing_is_said_of_nothing() -> None:
    assert said(NOTHING) == []


def test_what_both_rate_above_the_club_is_named_as_narrowly_as_it_holds() -> None:
    rated = albums(3, a=9, b=8, others=3.5, decade="1990s", country="Japan")
    found = texts(replace(NOTHING, rated=rated))
    assert found["group"] == "You both rated 1990s Japan above the club: +1.0 and +0.5 stars over 3 albums."


def test_two_albums_make_no_group_and_albums_outside_the_club_none() -> None:
    assert groups(albums(2, a=9, b=8, others=3.0, genre="dub")) == {}
    assert groups(albums(5, a=9, b=8, genre="dub")) == {}
    assert set(groups(albums(3, a=9, b=8, others=3.0, genre="dub"))) == {"dub"}


def test_a_group_that_one_rates_above_and_the_other_below() -> None:
    rated = albums(4, a=5, b=9, others=3.5, genre="dub")
    found = texts(replace(NOTHING, rated=rated))
    assert found["group_apart"] == "Bo rated dub above the club (+1.0 stars), you below it (−1.0): 4 albums."
    assert "group" not in found


def test_a_leaning_of_both_that_is_hardly_one_is_not_told() -> None:
    assert "group" not in texts(replace(NOTHING, rated=albums(5, a=8, b=8, others=3.9, genre="dub")))


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        (9, 7, "You gave 1.0 stars more than Bo on average, over 5 albums that both rated."),
        (6, 8, "Bo gave 1.0 stars more than you on average, over 5 albums that both rated."),
    ],
)
def test_who_is_kinder(a: int, b: int, text: str) -> None:
    assert texts(replace(NOTHING, rated=albums(5, a=a, b=b)))["kindness"] == text
    assert "kindness" not in texts(replace(NOTHING, rated=albums(4, a=a, b=b)))


def test_the_same_stars_often_enough() -> None:
    rated = albums(2, a=8, b=8) + albums(3, a=8, b=9, first=10)
    assert texts(replace(NOTHING, rated=rated))["same_stars"] == "You both gave the same stars to 2 of 5 albums."
    rare = albums(1, a=8, b=8) + albums(6, a=8, b=9, first=10)
    assert "same_stars" not in texts(replace(NOTHING, rated=rare))


def test_what_one_gave_to_the_winners_of_the_other() -> None:
    found = texts(replace(NOTHING, a_picks=Picks(4, 3.2), b_picks=Picks(3, 4.5)))
    assert found["picks"] == "You gave the 3 winners that Bo had nominated 4.5 stars on average."
    assert "picks" not in texts(replace(NOTHING, a_picks=Picks(1, 5.0)))


def test_who_played_an_artist_first() -> None:
    found = texts(replace(NOTHING, firsts=(First("Can", True, 1100),)))
    assert found["first"] == "You played Can 3 years before Bo did."
    assert (
        texts(replace(NOTHING, firsts=(First("Can", False, 300),)))["first"]
        == "Bo played Can 10 months before you did."
    )
    assert texts(replace(NOTHING, firsts=(First("Can", True, 20),))) == {}


def test_genres_in_common_and_apart() -> None:
    tastes = (Taste({"dub": 0.2, "ambient": 0.3}), Taste({"dub": 0.1, "metal": 0.4}))
    found = texts(replace(NOTHING, tastes=tastes))
    assert found["genre"] == "Dub was 20% of what you played and 10% of what Bo played."
    assert found["genre_apart"] == "Metal was 40% of what Bo played, and only 0% of what you did."


def test_when_they_listen() -> None:
    night, evening = tuple([1 / 6] * 6 + [0.0] * 18), tuple([0.0] * 18 + [1 / 6] * 6)
    spread = tuple([1 / 24] * 24)
    alike = texts(replace(NOTHING, tastes=(Taste({}, night), Taste({}, night))))
    assert alike["day"] == "You both listened most at night: 100% and 100% of the plays."
    apart = texts(replace(NOTHING, tastes=(Taste({}, night), Taste({}, evening))))
    assert apart["day"] == "You listened most at night (100% of the plays), Bo in the evening (100%)."
    assert texts(replace(NOTHING, tastes=(Taste({}, night), Taste({}, spread)))) == {}


def test_the_widest_difference_comes_first_and_half_a_star_is_none() -> None:
    rated = (Rated(1, 8, 7), Rated(2, 10, 4), Rated(3, 4, 6), Rated(4, 6, 4, others=5.0))
    assert differences(rated) == [Difference(2, 5.0, 2.0), Difference(4, 3.0, 2.0), Difference(3, 2.0, 3.0)]

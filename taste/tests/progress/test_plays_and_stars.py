"""Plays against stars: whose dots stand, and what a handful of them may say."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.models import Phase, Rating, Week
from club.tests.factories import RatingFactory
from social.models import User
from social.visibility import Visibility
from taste.album_progress.drawing import scatter
from taste.album_progress.stars import PlaysAndStars, Point, linked, plays_and_stars, ranks
from taste.tests.progress.scenes import DAY, album_of, hears, listening_week, there

some = st.lists(st.integers(1, 50), min_size=2, max_size=12)


def test_ranks_share_their_mean_where_values_are_equal() -> None:
    assert list(ranks([10, 20, 20, 30])) == [1, 2.5, 2.5, 4]


def test_a_correlation_worked_by_hand() -> None:
    """Ranks 1 2 3 4 5 against 2 1 4 3 5: the squares of the differences sum to 4, and 1 - 6·4/(5·24) = 0.8."""
    found, chance = linked([1, 2, 3, 4, 5], [4, 2, 8, 6, 10])
    assert found == pytest.approx(0.8)
    assert chance is not None
    assert 0.05 < chance < 0.25  # exactly: 16 of the 120 orders are as strong


@given(some)
def test_what_does_not_vary_is_linked_with_nothing(values: list[int]) -> None:
    assert linked(values, [7] * len(values)) == (None, None)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(2, 10)), min_size=2, max_size=12))
def test_a_correlation_is_the_same_either_way_and_turns_with_a_sign(pairs: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    found, chance = linked(one, other)
    back, _ = linked(other, one)
    turned, _ = linked(one, [-each for each in other])
    if found is None:
        assert back is turned is chance is None
    else:
        assert -1.0001 <= found <= 1.0001
        assert back == pytest.approx(found)
        assert turned == pytest.approx(-found)


def of(*pairs: tuple[int, int]) -> PlaysAndStars:
    points = tuple(Point(User(handle=f"m{place}"), *pair) for place, pair in enumerate(pairs))
    return PlaysAndStars(points, *linked([a for a, _ in pairs], [b for _, b in pairs]))


def test_few_members_say_nothing_however_straight_the_line() -> None:
    few = of(*[(n, n + 1) for n in range(1, 7)])
    assert few.finding == "Plays say little about the stars here"
    assert "cannot show more than chance" in few.small_print
    enough = of(*[(n, n) for n in range(2, 11)])
    assert enough.finding == "Who played it more rated it higher"
    assert of(*[(n, 12 - n) for n in range(2, 11)]).finding == "Who played it more rated it lower"
    assert "no order" in of((1, 4), (2, 4), (3, 4), (4, 4), (5, 4)).small_print


def test_the_drawing_has_a_dot_for_each_and_escapes_names() -> None:
    found = of((1, 2), (1, 2), (400, 10))
    found.points[0].member.display_name = "<b>&"
    drawn = scatter(found)
    assert drawn.count("<circle") == 3
    assert "&lt;b&gt;&amp;: 1 play, 1.0" in drawn
    assert "style=" not in drawn


@pytest.fixture
def week(db: None) -> Week:
    return listening_week(Phase.CLOSED)


@pytest.fixture
def now(week: Week) -> datetime:
    return week.ratings_close_at + DAY


def raters(week: Week, n: int) -> list[User]:
    made = [there(week, f"m{place}", shows_progress=False) for place in range(n)]
    for place, each in enumerate(made):
        hears(each, album_of(week), place % 5 + 1, at=week.discussion_at - DAY)
        RatingFactory(week=week, user=each, half_stars=2 + place)
    return made


def test_dots_are_of_those_whose_rating_and_listens_may_both_be_read(week: Week, now: datetime, stranger: User) -> None:
    made = raters(week, 9)
    User.objects.filter(pk=made[0].pk).update(listens_visibility=Visibility.ME)
    User.objects.filter(pk=made[1].pk).update(club_visibility=Visibility.ME)
    Rating.objects.filter(user=made[2]).update(visibility=Visibility.FOLLOWERS)
    Rating.objects.filter(user=made[3]).update(hidden_at=now)
    found = plays_and_stars(album_of(week), stranger, now=now)
    assert found is not None
    assert [each.member for each in found.points] == [made[4], made[8], made[7], made[6], made[5]]
    assert found.points[0].n_plays == 5
    assert plays_and_stars(album_of(week), None, now=now) is None
    User.objects.filter(pk=made[4].pk).update(listens_visibility=Visibility.ME)
    assert plays_and_stars(album_of(week), stranger, now=now) is None

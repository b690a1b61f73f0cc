"""The tables of /stats say what they are ranked by."""

from __future__ import annotations

from datetime import datetime

import pytest

from club.figures.whole_club import club_figures
from club.models import Phase
from club.tests.factories import RatingFactory, WeekFactory
from discordbot.members import Person
from discordbot.serving import figures

pytestmark = pytest.mark.django_db


def test_the_most_divided_album_stands_with_how_far_apart_its_ratings_lie(monday: datetime) -> None:
    week = WeekFactory(phase=Phase.CLOSED, winner__album__title="Blue")
    for half_stars in (2, 2, 2, 10, 10, 10):
        RatingFactory(week=week, half_stars=half_stars)
    assert [row.week for row in club_figures(monday).divided] == [week]
    reply = figures.club(person=Person(7, "Ann"), now=monday)
    assert reply.embed
    lines = {name: value for name, value, _ in reply.embed.fields}
    assert lines["Best rated"].endswith(": 3.00")
    assert lines["Most divided"].endswith(": ± 2.00")


def test_a_week_that_is_still_rated_stands_in_no_table(monday: datetime) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION, winner__album__title="Blue")
    for half_stars in (2, 2, 2, 10, 10, 10):
        RatingFactory(week=week, half_stars=half_stars)
    reply = figures.club(person=Person(7, "Ann"), now=monday)
    assert reply.embed
    lines = {name: value for name, value, _ in reply.embed.fields}
    assert not {"Best rated", "Most divided"} & {name for name, value in lines.items() if value}
    assert "Blue" not in str(reply.embed.json())

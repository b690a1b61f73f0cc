"""What the club tells of a member's year: counts of everything, names of what the viewer may read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Phase
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.views.recap_parts import cards, years
from social.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 20, tzinfo=UTC)


def rated(member: User, title: str, half_stars: int, **more: object) -> None:
    rating = RatingFactory(user=member, week=None, album=AlbumFactory(title=title), half_stars=half_stars, **more)
    type(rating).objects.filter(pk=rating.pk).update(created_at=datetime(2025, 3, 3, tzinfo=UTC))


@pytest.fixture
def year(rin: User) -> User:
    User.objects.filter(pk=rin.pk).update(visibility="public")
    rated(rin, "Blue", 10)
    rated(rin, "Secret", 9, visibility="me")
    rated(rin, "Low", 4)
    rin.refresh_from_db()
    return rin


def test_counts_are_of_every_rating_and_names_of_those_that_the_viewer_may_read(year: User, stranger: User) -> None:
    (card,) = cards(year, stranger, 2025, NOW)
    assert (card.headline, [row.label for row in card.rows]) == ("3 ratings", ["Blue", "Low"])
    assert "3.83 stars on average" in card.under
    (own,) = cards(year, year, 2025, NOW)
    assert [row.label for row in own.rows] == ["Blue", "Secret", "Low"]


def test_a_year_is_one_of_the_members_own_zone(year: User) -> None:
    assert list(years(year, None)) == [2025]
    last = RatingFactory(user=year, week=None)
    type(last).objects.filter(pk=last.pk).update(created_at=datetime(2023, 12, 31, 20, tzinfo=UTC))
    assert set(years(year, None)) == {2023, 2025}
    year.timezone = "Asia/Tokyo"
    assert set(years(year, None)) == {2024, 2025}


def test_who_may_not_read_the_archive_is_told_nothing(year: User, stranger: User, sol: User) -> None:
    User.objects.filter(pk=year.pk).update(club_visibility="followers")
    for viewer in (None, stranger):
        assert list(years(year, viewer)) == []
        assert cards(year, viewer, 2025, NOW) == []
    assert cards(year, sol, 2025, NOW)


def test_a_year_without_anything_says_so(year: User) -> None:
    (card,) = cards(year, year, 2021, NOW)
    assert not card.is_full


def test_nominations_that_won_are_named_and_standing_alone_makes_a_fact(rin: User) -> None:
    week = WeekFactory(phase=Phase.CLOSED, opens_at=datetime(2025, 5, 5, 9, tzinfo=UTC))
    for half_stars in (4, 4, 4):
        RatingFactory(week=week, half_stars=half_stars)
    RatingFactory(week=week, user=rin, half_stars=10)
    nomination = NominationFactory(user=rin, week=week)
    for row in (nomination, *rin.ratings.all()):
        type(row).objects.filter(pk=row.pk).update(created_at=datetime(2025, 5, 6, tzinfo=UTC))
    club, fact = cards(rin, rin, 2025, NOW)
    assert "1 nomination" in club.under
    assert (fact.headline, "more than everybody else" in fact.under) == ("3.0", True)
    assert fact.picture()[:4] == b"\x89PNG"

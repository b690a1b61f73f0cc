"""What the club shows on a member's page, to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from club.models import ClubSettings, Phase
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
TABS = ("ratings", "nominations", "reviews")


@pytest.fixture
def rated(rin: User) -> User:
    """rin, public, with one rating of each level, above what two others gave."""
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    for place, level in enumerate(Visibility.values):
        week = WeekFactory(
            phase=Phase.CLOSED, opens_at=MONDAY + timedelta(days=14 * place), winner__album__title=f"Album {level}"
        )
        RatingFactory(week=week, user=rin, half_stars=9, visibility=level, review=f"Words for {level}.")
        for _ in range(2):
            RatingFactory(week=week, half_stars=6)
    rin.refresh_from_db()
    return rin


def seen(client: Client, tab: str) -> list[str]:
    page = client.get(f"/@rin/{tab}/").content.decode()
    return [level for level in Visibility.values if f">Album {level}<" in page]


@pytest.mark.parametrize("tab", ["ratings", "reviews"])
def test_each_sees_as_much_as_each_rating_allows(
    client: Client, rated: User, sol: User, stranger: User, tab: str
) -> None:
    levels = ["public", "members", "followers", "me"]
    assert seen(client, tab) == levels[:1]
    for viewer, n in [(stranger, 2), (sol, 3), (rated, 4)]:
        client.force_login(viewer)
        assert seen(client, tab) == levels[:n]


def test_a_member_who_narrows_the_archive_shows_no_tabs_to_others(client: Client, rated: User, stranger: User) -> None:
    User.objects.filter(pk=rated.pk).update(club_visibility=Visibility.FOLLOWERS)
    client.force_login(stranger)
    page = client.get("/@rin/").content.decode()
    assert "Kept to themselves" in page
    assert "mean they give" not in page
    for tab in TABS:
        assert client.get(f"/@rin/{tab}/").status_code == 404


def test_the_overview_compares_the_member_with_the_others_and_prints_the_rule(client: Client, rated: User) -> None:
    client.force_login(rated)
    page = client.get("/@rin/").content.decode()
    assert "You v. the club" in page
    assert "+1.50" in page
    assert "Rater style:" in page
    assert "4.5 against 3.0" in page


OWN = ("Your ratings", "mean you give", "You give 4.5", "Your stars minus", "mean of your ratings")
OTHERS = ("Their ratings", "mean they give", "They give 4.5", "Their stars minus", "mean of their ratings")


def test_owners_read_of_themselves_and_others_of_them(client: Client, rated: User, sol: User) -> None:
    client.force_login(sol)
    page = client.get("/@rin/").content.decode()
    assert [words for words in OWN + OTHERS if words in page] == list(OTHERS)
    client.force_login(rated)
    page = client.get("/@rin/").content.decode()
    assert [words for words in OWN + OTHERS if words in page] == list(OWN)
    page = client.get("/@rin/?as=visitor").content.decode()  # what others read
    assert [words for words in OWN + OTHERS if words in page] == list(OTHERS)


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("", "When you nominate, vote or rate"),
        ("ratings/", "You have rated nothing yet."),
        ("nominations/", "What you put up"),
        ("reviews/", "You have written no review yet."),
    ],
)
def test_what_is_empty_is_told_to_its_owner_as_you(client: Client, rin: User, sol: User, tab: str, words: str) -> None:
    client.force_login(rin)
    assert words in client.get(f"/@rin/{tab}").content.decode()
    client.force_login(sol)
    assert words not in client.get(f"/@rin/{tab}").content.decode()


def test_an_owner_may_look_as_a_visitor_does(client: Client, rated: User) -> None:
    client.force_login(rated)
    page = client.get("/@rin/ratings/?as=visitor").content.decode()
    assert "Album public" in page
    assert "Album members" not in page
    assert "Somebody who has not signed in" in page


def test_looking_as_a_visitor_shows_nobody_more_than_that(client: Client, rated: User, stranger: User) -> None:
    client.force_login(stranger)
    User.objects.filter(pk=rated.pk).update(visibility=Visibility.MEMBERS)
    assert client.get("/@rin/?as=visitor").status_code == 404


def test_nominations_stand_with_their_place_once_the_poll_is_over(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    over = NominationFactory(week__phase=Phase.CLOSED, user=rin)
    secret = NominationFactory(week__phase=Phase.POLL, user=rin)
    page = client.get("/@rin/nominations/").content.decode()
    assert over.album.title in page
    assert secret.album.title in page
    assert page.count("with 0 points") == 1


@pytest.mark.parametrize("n", [1, 20])
def test_every_tab_asks_as_many_queries_for_twenty_as_for_one(
    client: Client, rin: User, n: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    ClubSettings.load()
    for place in range(n):
        week = WeekFactory(phase=Phase.CLOSED, opens_at=MONDAY + timedelta(days=14 * place), winner__user=rin)
        RatingFactory(week=week, user=rin, review="Good.")
        RatingFactory(week=week, user=UserFactory())
    for path, most in [("", 27), ("ratings/", 14), ("nominations/", 15), ("reviews/", 14)]:
        with django_assert_max_num_queries(most):
            assert client.get(f"/@rin/{path}").status_code == 200

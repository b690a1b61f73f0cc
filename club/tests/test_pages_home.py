"""The front page in each state of the club."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from club.models import ClubSettings, Phase
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.tests.stage import small_club
from social.models import User

pytestmark = pytest.mark.django_db


def test_a_brand_new_club_is_told_what_will_be_here(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Here will be the weeks" in page
    assert "manage.py week open" in page


def test_a_moderator_of_a_new_club_finds_the_button(client: Client, mod: User) -> None:
    client.force_login(mod)
    assert "Open the first week" in client.get("/").content.decode()


def test_the_newest_open_week_comes_first_with_one_action_and_its_deadline(client: Client) -> None:
    club = small_club()
    page = client.get("/").content.decode()
    assert "Nominations are open" in page.split("</section>")[0]
    assert f'class="button" href="/weeks/{club.nominations.number}/#nominate"' in page
    assert page.split("</section>")[0].count('class="button"') == 1
    deadline = club.nominations.nominations_close_at
    assert f'datetime="{deadline:%Y-%m-%dT%H:%M:%SZ}"' in page
    assert ">in 2 days</time>" in page


def test_other_open_weeks_stand_below_it(client: Client) -> None:
    club = small_club()
    below = client.get("/").content.decode().split("</section>")[1]
    for week in (club.poll, club.listening, club.discussion):
        assert f'href="/weeks/{week.number}/#' in below


def test_the_poll_says_how_many_voted_and_nothing_about_points(client: Client) -> None:
    club = small_club()
    club.nominations.nominations.all().delete()
    club.nominations.delete()
    hero = client.get("/").content.decode().split("</section>")[0]
    assert "4 members have voted so far." in hero
    assert "point" not in hero.replace("two points", "")


def test_the_last_winner_has_its_histogram_and_score(client: Client) -> None:
    club = small_club()
    page = client.get("/").content.decode()
    assert f"Last winner · Week {club.closed.number}" in page
    assert 'class="chart histogram"' in page
    assert f"{club.closed.rating_mean:.1f}" in page


def test_with_few_ratings_no_mean_is_shown(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    RatingFactory(week=week)
    page = client.get("/").content.decode()
    assert "1 rating so far" in page
    assert 'class="score"' not in page


def test_words_of_members_who_hide_are_not_quoted(client: Client, rin: User) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    RatingFactory(week=week, user=rin, review="A secret opinion.")
    assert "A secret opinion." in client.get("/").content.decode()
    rin.club_visibility = "members"
    rin.save()
    client.cookies["theme"] = "dark"  # another copy, since nothing told the club of the change
    assert "A secret opinion." not in client.get("/").content.decode()


@pytest.mark.parametrize("n_weeks", [1, 20])
def test_the_page_costs_the_same_with_many_weeks(
    client: Client, n_weeks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    for place in range(n_weeks):
        opened = timezone.now() - timedelta(days=40 + 7 * place)
        RatingFactory(week=WeekFactory(phase=Phase.CLOSED, opens_at=opened), review="Good.")
        NominationFactory(week=WeekFactory(phase=Phase.POLL, opens_at=opened))
    with django_assert_num_queries(12):
        client.get("/")

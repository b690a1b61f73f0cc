"""The archive: filters in the address, chips that take them off, two views, htmx parts, constant cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.tests.factories import AlbumFactory
from club.models import ClubSettings, Phase, Week
from club.tests.factories import RatingFactory, WeekFactory
from social.models import User

pytestmark = pytest.mark.django_db


def decided(title: str, *, year: int = 2025, genre: str = "", country: str = "", **said: object) -> Week:
    return WeekFactory(
        phase=Phase.CLOSED,
        opens_at=datetime(year, 3, 3, 9, tzinfo=UTC),
        winner__album=AlbumFactory(title=title, release_year=1997),
        winner__genre=genre,
        winner__country=country,
        winner__decade="1990s",
        **said,
    )


def titles(page: str) -> list[str]:
    return re.findall(r'class="tile-title"[^>]*>([^<]+)<', page)


def get(client: Client, query: str = "", **headers: str) -> str:
    return client.get(f"/weeks/{query}", headers=headers).content.decode()


def test_an_empty_archive_says_what_will_be_here(client: Client) -> None:
    assert "No week is decided yet" in get(client)


def test_weeks_stand_under_their_years_newest_first(client: Client) -> None:
    decided("Old", year=2024)
    decided("New", year=2025)
    page = get(client)
    assert titles(page) == ["New", "Old"]
    assert page.index('id="y2025"') < page.index('id="y2024"')
    assert 'href="/weeks/#y2024"' in page


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("?q=blue", "“blue”"),
        ("?genre=Folk", "Folk"),
        ("?country=Japan", "Japan"),
        ("?year=2024", "2024"),
        ("?nominator=rin", "Rin"),
    ],
)
def test_each_filter_finds_its_week_and_shows_a_chip_that_removes_it(
    client: Client, rin: User, query: str, chip: str
) -> None:
    decided("Blue", year=2024, genre="Folk", country="JP", winner__user=rin)
    decided("Red", genre="Rock", country="DE")
    page = get(client, query)
    assert titles(page) == ["Blue"]
    assert "1 week<" in page
    assert re.search(rf'<a class="chip chip-remove" href="/weeks/"[^>]*>{chip}<', page)


def test_removing_one_of_two_filters_keeps_the_other_and_the_sort(client: Client) -> None:
    decided("Blue", genre="Folk", country="JP")
    page = get(client, "?genre=Folk&country=Japan&sort=score")
    assert 'href="/weeks/?country=Japan&amp;sort=score"' in page
    assert "Remove all" in page


def test_a_filter_that_fits_nothing_offers_the_way_back(client: Client) -> None:
    decided("Blue")
    page = get(client, "?genre=Polka")
    assert "No week fits all of that" in page
    assert "Polka" in page


def test_decades_can_be_chosen(client: Client) -> None:
    decided("Blue")
    assert '<option value="1990s">1990s (1)</option>' in get(client)
    assert titles(get(client, "?decade=1990s")) == ["Blue"]
    assert titles(get(client, "?decade=1980s")) == []


def test_the_highest_score_comes_first_when_asked(client: Client) -> None:
    for title, half_stars in (("High", 9), ("Low", 4)):
        week = decided(title)
        for _ in range(3):
            RatingFactory(week=week, half_stars=half_stars)
    assert titles(get(client, "?sort=score")) == ["High", "Low"]
    assert titles(get(client)) == ["Low", "High"]
    assert 'id="y2025"' not in get(client, "?sort=score")


def test_a_nominator_who_hides_is_not_offered(client: Client, rin: User, sol: User) -> None:
    rin.club_visibility = "members"
    rin.save()
    decided("Blue", winner__user=rin)
    assert '<option value="rin"' not in get(client)
    assert titles(get(client, "?nominator=rin")) == []
    client.force_login(sol)
    assert '<option value="rin"' in get(client)


def test_the_table_shows_mean_and_number_of_ratings(client: Client) -> None:
    week = decided("Blue")
    for _ in range(3):
        RatingFactory(week=week, half_stars=7)
    page = get(client, "?view=table")
    assert "<table" in page
    assert "3.50" in page
    assert 'class="chart histogram-mini"' in page


def test_htmx_gets_the_results_alone_and_says_what_it_depends_on(client: Client) -> None:
    decided("Blue")
    answer = client.get("/weeks/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert answer.content.decode().lstrip().startswith('<section id="results"')
    assert "HX-Request" in answer["Vary"]
    whole = get(client)
    assert "<html" in whole
    assert titles(whole) == ["Blue"]


def test_an_unknown_sort_view_or_page_falls_back(client: Client) -> None:
    decided("Blue")
    assert titles(get(client, "?sort=upside-down&view=smell&page=99")) == ["Blue"]


def test_older_weeks_are_a_page_away_and_years_lead_to_their_page(client: Client) -> None:
    start = datetime(2023, 1, 2, 9, tzinfo=UTC)
    for place in range(70):
        WeekFactory(phase=Phase.CLOSED, opens_at=start + timedelta(days=7 * place))
    first = get(client)
    assert len(titles(first)) == 60
    assert 'rel="next" href="/weeks/?page=2"' in first
    assert 'href="/weeks/#y2024"' in first
    assert 'href="/weeks/#y2023"' in first
    assert len(titles(get(client, "?page=2"))) == 10


@pytest.mark.parametrize("n_weeks", [1, 20])
@pytest.mark.parametrize(("query", "n_queries"), [("", 8), ("?view=table", 8), ("?sort=score&genre=Folk", 10)])
def test_the_page_costs_the_same_with_many_weeks(
    client: Client, n_weeks: int, query: str, n_queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    for place in range(n_weeks):
        RatingFactory(week=decided(f"Album {place}", genre="Folk"))
    with django_assert_num_queries(n_queries):
        get(client, query)

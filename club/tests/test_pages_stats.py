"""The page of statistics, and the way to a random week."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from club import revision
from club.figures.tables import TABLES
from club.models import ClubSettings, Phase
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from club.tests.stage import small_club
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def stats(client: Client) -> str:
    answer = client.get("/stats/")
    assert answer.status_code == 200
    return answer.content.decode()


def rated_week(*half_stars: int, members: list[User] | None = None, **kwargs: object) -> None:
    week = WeekFactory(phase=Phase.CLOSED, **kwargs)
    for place, value in enumerate(half_stars):
        RatingFactory(week=week, half_stars=value, user=members[place] if members else UserFactory())


def section(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="{name}">', 1)[1].split("</section>", 1)[0]


def test_a_new_club_reads_what_will_be_here(client: Client) -> None:
    assert "No week is decided yet" in stats(client)


def test_every_list_leads_to_its_rule_on_the_page(client: Client) -> None:
    small_club()
    page = stats(client)
    rules = re.findall(r'href="#(rule-[a-z]+)"', page)
    assert len(rules) >= 7
    for rule in rules:
        assert page.count(f'id="{rule}"') == 1
    anchors = re.findall(r'class="chip" href="#([a-z-]+)"', page)
    assert anchors
    for anchor in anchors:
        assert page.count(f'id="{anchor}"') == 1, anchor


def test_every_figure_has_a_finding_a_caption_a_table_and_its_numbers_as_a_file(client: Client) -> None:
    club = small_club(n_members=6)
    for place in range(5):
        rated_week(10, 6, 6, 6, 4, 4, members=club.members[:6], opens_at=MONDAY + timedelta(days=14 * (place + 20)))
    revision.bump()
    page = stats(client)
    figures = re.findall(r'<figure class="figure[^"]*" aria-labelledby="([a-z-]+)">(.*?)</figure>', page, re.DOTALL)
    assert {name for name, _figure in figures} == {
        "ratings", "raters-finding", "genres-finding", "decades-finding", "countries-finding", "attendance-finding",
        "streaks-finding",
    }  # fmt: skip
    for name, figure in figures:
        assert re.search(rf'<h[23] id="{name}">[^<]+</h', figure), name
        if "Nobody has said." in figure:
            continue
        assert "<svg" in figure, name
        caption = figure.split("<figcaption>", 1)[1]
        assert re.search(r'<p class="figure-foot">\D*\d+ .* · weeks \d+–\d+ · .*href="#rule-[a-z]+"', caption), name
        assert "<details" in caption
        assert '<th scope="row">' in caption
        file = client.get(re.search(r'href="(/stats/[a-z]+\.csv)"', caption)[1])  # type: ignore[index]
        assert file["Content-Type"] == "text/csv; charset=utf-8"
        assert len(list(csv.reader(file.content.decode().splitlines()))) > 1, name
    assert page.count("<figure") == len(figures)


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_a_file_of_even_rows(client: Client, table: str) -> None:
    small_club()
    head, *rows = csv.reader(client.get(f"/stats/{table}.csv").content.decode().splitlines())
    assert len(set(head)) == len(head)
    assert {len(row) for row in rows} <= {len(head)}


def test_a_table_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/stats/secrets.csv").status_code == 404


def test_a_file_names_only_whom_the_reader_may_see_and_runs_nothing(client: Client, mod: User) -> None:
    shy = UserFactory(display_name="=SUM(A1)", club_visibility=Visibility.MEMBERS)
    NominationFactory(week=WeekFactory(phase=Phase.CLOSED), user=shy)
    assert "SUM" not in client.get("/stats/nominators.csv").content.decode()
    client.force_login(mod)
    answer = client.get("/stats/nominators.csv")
    assert "\n'=SUM(A1)," in answer.content.decode()
    assert "private" in answer["Cache-Control"]


def test_the_ranking_draws_few_ratings_towards_the_usual_and_shows_the_plain_mean(client: Client) -> None:
    rated_week(10, 10, 10, winner__album__title="Loved by three")
    rated_week(*[9] * 12, winner__album__title="Loved by twelve")
    rated_week(*[4] * 12, winner__album__title="Disliked")
    rated_week(10, 10, winner__album__title="Too few")
    ranking = section(stats(client), "highest")
    assert ranking.index("Loved by twelve") < ranking.index("Loved by three") < ranking.index("Disliked")
    assert "Too few" not in ranking
    assert "5.00" in ranking


def test_most_divided_shows_its_histogram_in_each_row(client: Client) -> None:
    rated_week(2, 10, 2, 10, 6, winner__album__title="Apart")
    rated_week(6, 6, 6, 6, 6, winner__album__title="Together")
    divided = section(stats(client), "divided")
    assert divided.index("Apart") < divided.index("Together")
    assert divided.count("histogram-mini") == 2
    assert 'aria-label="5 ratings. 1 stars: 2, 3 stars: 1, 5 stars: 2"' in divided


def test_a_member_who_hides_counts_and_is_not_named(client: Client, mod: User) -> None:
    shy = UserFactory(display_name="Shy One", club_visibility=Visibility.MEMBERS)
    crowd = [shy, *(UserFactory() for _ in range(4))]
    for place in range(6):
        rated_week(10, 4, 4, 4, 4, members=crowd, opens_at=MONDAY + timedelta(days=14 * place))
    assert "Shy One" not in stats(client)
    assert "<dd>30</dd>" in stats(client), "five ratings in each of six weeks"
    client.force_login(mod)
    assert "Shy One" in section(stats(client), "raters")


def test_what_is_the_same_for_all_is_read_once_and_named_for_each(client: Client, rin: User, mod: User) -> None:
    """Kept until the club changes: votes and ratings are not read again for the next member, names are."""
    small_club()
    shy = UserFactory(display_name="Shy One", club_visibility=Visibility.ME)
    NominationFactory(week=WeekFactory(phase=Phase.CLOSED), user=shy)
    client.force_login(rin)
    assert "Shy One" not in stats(client)
    client.force_login(shy)
    with CaptureQueriesContext(connection) as queries:
        assert "Shy One" in section(stats(client), "nominators")
    assert not [query for query in queries if "club_vote" in query["sql"] or "club_rating" in query["sql"]]
    rated_week(9, 9, 9, winner__album__title="Just now")
    revision.bump()
    assert "Just now" in stats(client)


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_asks_as_many_queries_for_twenty_weeks_as_for_one(
    client: Client, n: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    for place in range(n):
        week = WeekFactory(phase=Phase.CLOSED, opens_at=MONDAY + timedelta(days=14 * place))
        NominationFactory(week=week, genre="Folk")
        RatingFactory(week=week)
    with django_assert_max_num_queries(10):
        stats(client)


def test_a_visitor_gets_the_kept_copy_until_something_changes(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    small_club()
    first = client.get("/stats/")
    with django_assert_max_num_queries(1):
        again = client.get("/stats/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_random_leads_to_a_decided_week_and_is_never_kept(client: Client) -> None:
    WeekFactory(phase=Phase.POLL)
    numbers = {WeekFactory(phase=Phase.CLOSED).number for _ in range(3)}
    seen = set()
    for _ in range(60):
        answer = client.get("/random/")
        assert answer.status_code == 302
        assert "no-store" in answer["Cache-Control"]
        seen.add(int(answer["Location"].strip("/").split("/")[-1]))
    assert seen == numbers


def test_random_does_not_lead_back_to_the_week_just_read(client: Client) -> None:
    here, there = (WeekFactory(phase=Phase.CLOSED) for _ in range(2))
    for _ in range(20):
        answer = client.get("/random/", headers={"Referer": f"http://testserver/weeks/{here.number}/"})
        assert answer["Location"] == there.get_absolute_url()


def test_random_without_any_week_leads_to_the_archive(client: Client) -> None:
    assert client.get("/random/")["Location"] == "/weeks/"

"""A moderator opens a week from the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime, now

from club.models import Phase, Week
from club.tests.factories import WeekFactory
from social.models import User

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/club/week/open/"


@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


def at(**delta: int) -> dict[str, str]:
    moment = localtime(now() + timedelta(**delta))
    return {"opens_at_0": f"{moment:%Y-%m-%d}", "opens_at_1": f"{moment:%H:%M:%S}"}


def test_a_week_opens_at_once_with_the_next_number_and_a_theme(desk: Client, mod: User) -> None:
    WeekFactory(number=7, phase=Phase.CLOSED)
    assert 'name="number" value="8"' in desk.get(ADDRESS).content.decode()
    answer = desk.post(ADDRESS, {"number": "8", "theme": "Loud"})
    week = Week.objects.get(number=8)
    assert answer.url == f"/admin/club/week/{week.pk}/change/"
    assert (week.phase, week.theme) == (Phase.NOMINATIONS, "Loud")
    assert week.history.latest().history_user == mod


def test_pressing_twice_opens_one_week(desk: Client) -> None:
    for _ in range(2):
        assert desk.post(ADDRESS, {"number": "1", "theme": ""}).status_code == 302
    assert Week.objects.count() == 1


def test_a_number_that_was_taken_meanwhile_is_refused_in_words(desk: Client) -> None:
    WeekFactory(number=1, theme="Somebody was faster")
    answer = desk.post(ADDRESS, {"number": "1", "theme": "Loud"})
    assert "There is another WEEK 001 already." in answer.content.decode()
    assert Week.objects.count() == 1


def test_a_week_waits_for_its_moment_which_must_lie_ahead(desk: Client) -> None:
    assert "lies ahead" in desk.post(ADDRESS, {"number": "1", **at(days=-1)}).content.decode()
    desk.post(ADDRESS, {"number": "1", **at(days=3)})
    assert [week.phase for week in Week.objects.all()] == [Phase.SCHEDULED]


def test_the_list_and_the_desk_lead_there(desk: Client) -> None:
    for address in ("/admin/", "/admin/club/week/"):
        assert f'href="{ADDRESS}"' in desk.get(address).content.decode()


def test_members_open_nothing(client: Client, rin: User) -> None:
    client.force_login(rin)
    assert client.post(ADDRESS, {"number": "1"}).status_code in {302, 403}
    assert not Week.objects.exists()

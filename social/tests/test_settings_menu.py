"""The menu of settings: every page of settings is in it, in one section, and it shows where the member is."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from social.models import User
from social.settings_menu import Section, links, menu

pytestmark = pytest.mark.django_db


def test_no_address_stands_in_it_twice(rf: RequestFactory) -> None:
    addresses = [each.address for each in links(rf.get("/settings/profile/"))]
    assert len(addresses) == len(set(addresses)) > 8


def test_sections_stand_in_their_order_and_none_is_empty(rf: RequestFactory) -> None:
    names = [str(name) for name, entries in menu(rf.get("/settings/profile/")) if entries]
    assert names == [str(section.value) for section in Section]


def test_what_people_look_for_most_stands_first_and_in_the_usual_order(rf: RequestFactory) -> None:
    _name, entries = menu(rf.get("/settings/profile/"))[0]
    usual = ["Profile", "Connections", "Privacy", "Notifications", "Appearance", "Your data"]
    assert [str(each.label) for each in entries][: len(usual)] == usual


def test_the_nearest_link_is_where_the_member_is(rf: RequestFactory) -> None:
    def here(path: str) -> dict[str, str]:
        return {each.address: each.here for _name, entries in menu(rf.get(path)) for each in entries if each.here}

    assert here("/settings/profile/") == {"/settings/profile/": "page"}
    assert here("/settings/imports/7/report/") == {"/settings/imports/": "true"}
    assert here("/weeks/") == {}


def test_every_link_leads_to_a_page_that_shows_the_menu(client: Client, rin: User, rf: RequestFactory) -> None:
    client.force_login(rin)
    for each in links(rf.get("/")):
        page = client.get(each.address)
        assert page.status_code == 200, each.address
        assert f'href="{each.address}" aria-current="page"' in page.content.decode(), each.address
    assert client.get(reverse("social:settings"), follow=True).status_code == 200

"""The theme switch: a plain form, remembered in a cookie or the account, refused from elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from social.models import User


@pytest.mark.django_db
def test_a_visitor_switches_and_the_next_page_is_dark(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "/weeks/?q=a"})
    assert (answer.status_code, answer["Location"]) == (302, "/weeks/?q=a")
    page = client.get("/weeks/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'value="dark" aria-pressed="true"' in page


@pytest.mark.django_db
def test_a_member_keeps_the_choice_in_the_account(client: Client, rin: User) -> None:
    client.force_login(rin)
    client.post("/theme/", {"theme": "light", "next": "/"})
    rin.refresh_from_db()
    assert rin.theme == "light"
    del client.cookies["theme"]
    assert 'data-theme="light"' in client.get("/").content.decode()


@pytest.mark.django_db
def test_an_unknown_theme_in_the_cookie_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/").content.decode()


def test_an_unknown_theme_is_refused(client: Client) -> None:
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_foreign_page_cannot_switch(client: Client, headers: dict[str, str]) -> None:
    answer = client.post("/theme/", {"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert "theme" not in answer.cookies


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_never_leads_away(client: Client, back: str) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"


def test_reading_the_address_changes_nothing(client: Client) -> None:
    assert client.get("/theme/").status_code == 405

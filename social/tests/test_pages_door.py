"""The pages on which members come in and go out look like the site and know which ways exist."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from social.models import User

pytestmark = pytest.mark.django_db
DISCORD = {"client_id": "1", "secret": "2", "key": ""}


def offer_discord(settings: Any) -> None:
    providers = {name: dict(rules) for name, rules in settings.SOCIALACCOUNT_PROVIDERS.items()}
    providers["discord"]["APPS"] = [DISCORD]
    settings.SOCIALACCOUNT_PROVIDERS = providers


@pytest.mark.parametrize("page", ["login", "signup", "inactive", "3rdparty/login/cancelled", "3rdparty/login/error"])
def test_the_page_is_one_of_the_site(client: Client, page: str) -> None:
    answer = client.get(f"/accounts/{page}/")
    assert answer.status_code in (200, 401)
    words = answer.content.decode()
    assert 'class="wordmark"' in words
    assert words.count("<h1") == 1
    assert "noindex" in words


@pytest.mark.parametrize("page", ["logout", "3rdparty", "password/change"])
def test_pages_of_members_are_of_the_site_too(client: Client, rin: User, page: str) -> None:
    client.force_login(rin)
    words = client.get(f"/accounts/{page}/").content.decode()
    assert 'class="wordmark"' in words
    assert words.count("<h1") == 1


def test_a_service_is_offered_only_when_it_is_set_up(client: Client, settings: Any) -> None:
    assert "Discord" not in client.get("/accounts/login/").content.decode()
    offer_discord(settings)
    page = client.get("/accounts/login/?next=/weeks/").content.decode()
    assert "Sign in with Discord" in page
    assert "/accounts/discord/login/?process=login&amp;next=%2Fweeks%2F" in page.replace("/weeks/", "%2Fweeks%2F")


def test_leaving_for_a_service_is_an_act_and_not_a_link(client: Client, settings: Any) -> None:
    offer_discord(settings)
    asked = client.get("/accounts/discord/login/")
    assert asked.status_code == 200
    assert "You go to Discord and come back." in asked.content.decode()
    sent = client.post("/accounts/discord/login/")
    assert sent.status_code == 302
    assert sent["Location"].startswith("https://discord.com/api/oauth2/authorize?")


def test_a_wrong_password_is_said_at_the_top_and_the_handle_is_kept(client: Client, rin: User) -> None:
    page = client.post("/accounts/login/", {"login": "rin", "password": "wrong"}).content.decode()
    assert "There is a problem" in page
    assert 'value="rin"' in page


def test_a_new_member_comes_in_with_handle_and_password(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"username": "newcomer", "password1": "a long enough one"})
    assert answer.status_code == 302
    assert User.objects.filter(handle="newcomer").exists()


def test_where_sign_up_is_closed_the_page_says_how_else(client: Client, settings: Any) -> None:
    settings.ALLOW_SIGNUP = False
    page = client.get("/accounts/signup/").content.decode()
    assert "Sign-up is closed" in page
    assert "Become a member" not in client.get("/accounts/login/").content.decode()

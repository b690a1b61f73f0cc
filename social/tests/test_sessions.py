"""Where a member is signed in: listed in words, ended one by one; no address is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils.timezone import now

from social.models import User
from social.sessions import device

pytestmark = pytest.mark.django_db
PAGE = "/settings/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604"
)


def signed_in(member: User, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/accounts/login/", {"login": member.handle, "password": "correct horse battery"})
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("curl/8", "Another program"),
        ("", "Another program"),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(agent: str, words: str) -> None:
    assert device(agent) == words


def test_each_browser_is_listed_this_one_first(rin: User, sol: User) -> None:
    phone, desk = signed_in(rin, IPHONE), signed_in(rin, FIREFOX)
    signed_in(sol, "Mozilla/5.0 (X11; CrOS x86_64) Chrome/130")
    page = desk.get(PAGE).content.decode()
    assert page.index("Firefox on Windows") < page.index("this browser") < page.index("Safari on iPhone")
    assert "ChromeOS" not in page
    assert phone.get(PAGE).status_code == 200


def test_one_is_ended_and_the_others_stay(rin: User) -> None:
    phone, desk = signed_in(rin, IPHONE), signed_in(rin, FIREFOX)
    row = UserSession.objects.get(user_agent=IPHONE)
    desk.post(f"{PAGE}{row.pk}/")
    assert phone.get(PAGE).status_code == 302
    assert desk.get(PAGE).status_code == 200


def test_all_others_are_ended_at_once(rin: User) -> None:
    others = [signed_in(rin, IPHONE) for _ in range(3)]
    desk = signed_in(rin, FIREFOX)
    assert "3 other browsers are signed out." in desk.post(f"{PAGE}others/", follow=True).content.decode()
    assert [other.get(PAGE).status_code for other in others] == [302, 302, 302]
    assert desk.get(PAGE).status_code == 200


def test_nobody_ends_somebody_elses(rin: User, sol: User) -> None:
    signed_in(rin, IPHONE)
    row = UserSession.objects.get()
    assert signed_in(sol, FIREFOX).post(f"{PAGE}{row.pk}/").status_code == 404
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_no_address_is_kept(rin: User) -> None:
    client = signed_in(rin, FIREFOX)
    client.get(PAGE, REMOTE_ADDR="203.0.113.7")
    assert UserSession.objects.get().ip == "0.0.0.0"  # noqa: S104


def test_last_seen_moves_on_every_few_minutes_only(rin: User) -> None:
    client = signed_in(rin, FIREFOX)
    before = UserSession.objects.get().last_seen_at
    client.get(PAGE)
    assert UserSession.objects.get().last_seen_at == before
    session = client.session
    session["seen_at"] = (now() - timedelta(minutes=11)).timestamp()
    session.save()
    client.get(PAGE)
    assert UserSession.objects.get().last_seen_at > before


def test_a_changed_password_signs_everybody_else_out(rin: User) -> None:
    phone, desk = signed_in(rin, IPHONE), signed_in(rin, FIREFOX)
    said = {
        "oldpassword": "correct horse battery",
        "password1": "staple battery horse",
        "password2": "staple battery horse",
    }
    desk.post("/accounts/password/change/", said)
    assert phone.get(PAGE).status_code == 302
    assert "Safari on iPhone" not in desk.get(PAGE).content.decode()

"""Signing in and up by password, and what the sign-in page offers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.adapter import get_adapter
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from social.models import User
from social.moderation import suspend

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_in(client: Client, handle: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": handle, "password": password})


def sign_up(client: Client, handle: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_signup"), {"username": handle, "password1": password})


def words_of(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def offered(settings: Any, **keys: tuple[str, str]) -> list[str]:
    """The names of the buttons on the sign-in page when these services have keys."""
    from sidetrack.settings import sign_in_app

    settings.SOCIALACCOUNT_PROVIDERS = {
        name: {**options, "APPS": sign_in_app(*keys.get(name, ("", "")))}
        for name, options in settings.SOCIALACCOUNT_PROVIDERS.items()
    }
    return sorted(provider.id for provider in get_adapter().list_providers(RequestFactory().get("/")))


@pytest.mark.parametrize("handle", ["rin", "RIN"])
def test_a_member_signs_in_by_handle_in_any_case(client: Client, rin: User, handle: str) -> None:
    User.objects.update(welcomed_at=now())
    assert sign_in(client, handle)["Location"] == "/"
    assert is_signed_in(client)


def test_a_wrong_password_signs_nobody_in(client: Client, rin: User) -> None:
    assert sign_in(client, "rin", "wrong").status_code == 200
    assert not is_signed_in(client)


def test_guessing_is_stopped_after_five_tries(client: Client, rin: User) -> None:
    for _ in range(5):
        sign_in(client, "rin", "wrong")
    sign_in(client, "rin")
    assert not is_signed_in(client)


def test_signing_out_needs_a_press(client: Client, rin: User) -> None:
    client.force_login(rin)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_coming_and_going_are_said_with_the_members_name(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(display_name="Rin & Co")
    sign_in(client, "rin")
    assert "You are signed in as Rin &amp; Co." in client.get("/weeks/").content.decode()
    assert words_of(client.post(reverse("account_logout"))) == "You are signed out."


def test_a_suspended_member_reads_why(client: Client, rin: User, mod: User) -> None:
    suspend(member=rin, moderator=mod, reason="Sold tickets.", now=now())
    response = sign_in(client, "rin")
    assert not is_signed_in(client)
    assert words_of(response) == "You are suspended until a moderator lifts it: Sold tickets."


def test_an_inactive_member_stays_outside(client: Client, rin: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client, "rin")
    assert not is_signed_in(client)


def test_signing_up_takes_a_handle_and_a_password(client: Client) -> None:
    sign_up(client, "Nelly")
    assert is_signed_in(client)
    member = User.objects.get()
    assert member.handle == "Nelly"
    assert member.check_password(PASSWORD)


@pytest.mark.parametrize("handle", ["rin", "RIN", "moderator", "me", "a", "no spaces", "ä" * 5, "x" * 33, ""])
def test_a_bad_or_taken_handle_is_refused(client: Client, rin: User, handle: str) -> None:
    assert sign_up(client, handle).status_code == 200
    assert not is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "nelly_nelly", "1q2w3e4r5t"])
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    sign_up(client, "nelly_nelly", password)
    assert not User.objects.exists()


def test_sign_up_may_be_closed(client: Client, settings: Any) -> None:
    settings.ALLOW_SIGNUP = False
    sign_up(client, "nelly")
    assert not User.objects.exists()


def test_forms_need_their_csrf_token(rin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "rin").status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("keys", "buttons"),
    [
        ({}, []),
        ({"discord": ("id", "secret")}, ["discord"]),
        ({"google": ("id", "secret")}, ["google"]),
        (
            {"discord": ("id", "secret"), "google": ("id", "s"), "spotify": ("id", "s")},
            ["discord", "google", "spotify"],
        ),
        ({"spotify": ("id", "")}, []),
    ],
)
def test_a_button_appears_only_with_its_keys(
    settings: Any, keys: dict[str, tuple[str, str]], buttons: list[str]
) -> None:
    assert offered(settings, **keys) == buttons


def test_the_page_shows_the_buttons_that_are_offered(client: Client, settings: Any) -> None:
    assert reverse("google_login") not in client.get(reverse("account_login")).content.decode()
    offered(settings, google=("id", "secret"))
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("google_login") in page
    assert reverse("discord_login") not in page


@pytest.mark.parametrize(
    "name", ["account_email", "account_reset_password", "account_confirm_email", "socialaccount_signup"]
)
def test_there_are_no_pages_that_need_an_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def login_from(settings: Any, service: str, said: dict[str, Any]) -> Any:
    """What allauth makes of a service's answer."""
    offered(settings, **{service: ("id", "secret")})
    request = RequestFactory().get("/")
    return get_adapter().get_provider(request, service).sociallogin_from_response(request, said)


def test_google_leaves_only_its_subject(settings: Any) -> None:
    said = {
        "iss": "https://accounts.google.com",
        "sub": "110169484474386276334",
        "email": "nelly@example.org",
        "email_verified": True,
        "name": "Nelly N.",
        "picture": "https://lh3.googleusercontent.com/a/nelly",
    }
    login = login_from(settings, "google", said)
    assert (login.account.uid, login.account.extra_data) == ("110169484474386276334", {})
    assert login.email_addresses == []
    assert "nelly" not in str(login.user.__dict__).lower()


def test_spotify_leaves_its_id_and_a_name(settings: Any) -> None:
    said = {
        "id": "nellysp",
        "display_name": "Nelly",
        "email": "nelly@example.org",
        "country": "DE",
        "images": [{"url": "https://i.scdn.co/image/x"}],
        "product": "premium",
    }
    login = login_from(settings, "spotify", said)
    assert (login.account.uid, login.account.extra_data) == ("nellysp", {"display_name": "Nelly"})


def test_times_are_shown_where_the_member_lives(client: Client, rin: User) -> None:
    from django.http import HttpResponse
    from django.utils import timezone

    from social.middleware import MemberTimezoneMiddleware

    rin.timezone = "America/New_York"
    request = RequestFactory().get("/")
    request.user, request.COOKIES["sessionid"] = rin, "x"
    shown: list[str] = []

    def view(_request: Any) -> HttpResponse:
        shown.append(timezone.get_current_timezone_name())
        return HttpResponse()

    MemberTimezoneMiddleware(view)(request)
    assert shown == ["America/New_York"]
    assert timezone.get_current_timezone_name() != "America/New_York"


def test_a_suspension_that_begins_later_lets_in_until_then(client: Client, rin: User) -> None:
    User.objects.update(suspended_at=now() + timedelta(days=1))
    sign_in(client, "rin")
    assert is_signed_in(client)

"""Signing in with Discord, against a server that answers as Discord does."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from social.identity import link_identity, member_for_identity
from social.models import LinkedAccount, User
from social.moderation import suspend
from social.tests.local_discord import CLIENT_ID, CLIENT_SECRET, Discord, person, running_discord

pytestmark = pytest.mark.django_db
NELLY = "80351110224678912"


@pytest.fixture
def discord(settings: Any) -> Iterator[Discord]:
    with running_discord() as discord:
        settings.DISCORD_OAUTH_URL = discord.address
        settings.DISCORD_API_BASE = f"{discord.address}/api/v10"
        app = {"client_id": CLIENT_ID, "secret": CLIENT_SECRET, "key": ""}
        providers = {**settings.SOCIALACCOUNT_PROVIDERS}
        providers["discord"] = {**providers["discord"], "APPS": [app]}
        settings.SOCIALACCOUNT_PROVIDERS = providers
        yield discord


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def visit(address: str) -> str:
    """Open Discord's page as a browser would; answers where it sends the browser next."""
    try:
        urllib.request.build_opener(NoRedirect).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        if answer.code == 302:
            return str(answer.headers["Location"])
        raise
    raise AssertionError("Discord did not send the browser back")


def press_sign_in(client: Client, *, connect: bool = False, **extra: str) -> Any:
    """The whole trip of a browser: our button, Discord's page, our callback."""
    data = {"process": "connect"} if connect else {}
    leave = client.post(reverse("discord_login"), {**data, **extra})
    assert leave.status_code == 302, leave.content
    back = urlsplit(visit(leave["Location"]))
    assert back.path == reverse("discord_callback")
    return client.get(f"{back.path}?{back.query}")


def signed_in_as(client: Client) -> User | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_newcomer_becomes_a_member(client: Client, discord: Discord) -> None:
    discord.person = person(NELLY, "nelly.n", global_name="Nelly ✨")
    press_sign_in(client)
    member = signed_in_as(client)
    assert member is not None
    assert (member.handle, member.display_name, member.has_usable_password()) == ("nelly_n", "Nelly ✨", False)
    link = member.linked_accounts.get()
    assert (link.provider, link.provider_user_id) == ("discord", NELLY)
    assert link.verified_at is not None


def test_coming_back_is_the_same_member_who_keeps_the_name_they_chose(client: Client, discord: Discord) -> None:
    discord.person = person(NELLY, "nelly", global_name="Nelly")
    press_sign_in(client)
    User.objects.update(display_name="N. the Great")
    discord.person = person(NELLY, "nelly_renamed", global_name="Nell")
    other_browser = Client()
    press_sign_in(other_browser)
    assert signed_in_as(other_browser) == signed_in_as(client)
    assert User.objects.get().display_name == "N. the Great"
    assert LinkedAccount.objects.get().metadata["username"] == "nelly_renamed"


def test_a_member_whom_the_bot_made_becomes_the_same_user(client: Client, discord: Discord, monday: datetime) -> None:
    made, _ = member_for_identity(provider="discord", provider_user_id=NELLY, display_name="Nelly", now=monday)
    assert made.linked_accounts.get().verified_at is None
    discord.person = person(NELLY, "nelly", global_name="Nelly")
    press_sign_in(client)
    assert signed_in_as(client) == made
    assert User.objects.count() == 1
    assert made.linked_accounts.get().verified_at is not None
    assert SocialAccount.objects.get().user == made


def test_the_bot_finds_a_member_who_signed_in_first(client: Client, discord: Discord, monday: datetime) -> None:
    discord.person = person(NELLY, "nelly")
    press_sign_in(client)
    assert member_for_identity(provider="discord", provider_user_id=NELLY, now=monday) == (signed_in_as(client), False)


def test_a_signed_in_member_connects_discord(client: Client, discord: Discord, rin: User, monday: datetime) -> None:
    client.force_login(rin)
    discord.person = person(NELLY, "rin_on_discord")
    assert said(press_sign_in(client, connect=True)) == "Your Discord account is linked. You can sign in with it."
    assert signed_in_as(client) == rin
    assert rin.linked_accounts.get().provider_user_id == NELLY
    client.logout()
    press_sign_in(client)
    assert signed_in_as(client) == rin
    assert member_for_identity(provider="discord", provider_user_id=NELLY, now=monday) == (rin, False)


def test_an_account_of_another_member_is_refused_in_words(
    client: Client, discord: Discord, rin: User, stranger: User, monday: datetime
) -> None:
    link_identity(user=rin, provider="discord", provider_user_id=NELLY, now=monday)
    client.force_login(stranger)
    discord.person = person(NELLY, "nelly")
    response = press_sign_in(client, connect=True)
    assert response.status_code == 302
    assert "This Discord account belongs to another member." in said(response)
    assert signed_in_as(client) == stranger
    assert not stranger.linked_accounts.exists()
    assert not SocialAccount.objects.exists()


def test_a_second_discord_account_is_refused_in_words(
    client: Client, discord: Discord, rin: User, monday: datetime
) -> None:
    link_identity(user=rin, provider="discord", provider_user_id="1", now=monday)
    client.force_login(rin)
    discord.person = person(NELLY, "second")
    assert "Unlink it first" in said(press_sign_in(client, connect=True))
    assert rin.linked_accounts.get().provider_user_id == "1"


def test_an_unlinked_account_no_longer_signs_in_as_its_member(client: Client, discord: Discord, rin: User) -> None:
    client.force_login(rin)
    discord.person = person(NELLY, "rin_on_discord")
    press_sign_in(client, connect=True)
    client.post(reverse("socialaccount_connections"), {"account": SocialAccount.objects.get().pk})
    assert not rin.linked_accounts.exists()
    client.logout()
    press_sign_in(client)
    assert signed_in_as(client) != rin


def test_a_suspended_member_stays_outside_and_reads_why(
    client: Client, discord: Discord, mod: User, monday: datetime
) -> None:
    member, _ = member_for_identity(provider="discord", provider_user_id=NELLY, display_name="Nelly", now=monday)
    suspend(
        member=member, moderator=mod, reason="Spoilt three endings.", now=now() - timedelta(hours=1),
        until=now() + timedelta(days=7),
    )  # fmt: skip
    discord.person = person(NELLY, "nelly")
    response = press_sign_in(client)
    assert signed_in_as(client) is None
    assert response["Location"] == reverse("account_login")
    assert "You are suspended until" in said(response)
    assert "Spoilt three endings." in said(response)


def test_a_suspension_that_is_over_keeps_nobody_out(client: Client, discord: Discord, mod: User) -> None:
    member, _ = member_for_identity(provider="discord", provider_user_id=NELLY, display_name="Nelly", now=now())
    suspend(
        member=member, moderator=mod, reason="A week off.", now=now() - timedelta(days=8),
        until=now() - timedelta(days=1),
    )  # fmt: skip
    discord.person = person(NELLY, "nelly")
    press_sign_in(client)
    assert signed_in_as(client) == member


def test_an_inactive_member_stays_outside(client: Client, discord: Discord, monday: datetime) -> None:
    member, _ = member_for_identity(provider="discord", provider_user_id=NELLY, display_name="Nelly", now=monday)
    User.objects.filter(pk=member.pk).update(is_active=False)
    discord.person = person(NELLY, "nelly")
    assert press_sign_in(client)["Location"] == reverse("account_inactive")
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    ("account", "handle", "name"),
    [
        ({"username": "nelly", "global_name": "Nelly"}, "nelly2", "Nelly"),
        ({"username": "nelly", "global_name": None}, "nelly2", "nelly"),
        ({"username": "Nelly", "discriminator": "1337"}, "Nelly2", "Nelly"),
        ({"username": "日本", "global_name": "日本のレコード"}, "Ri_Ben", "日本のレコード"),
        ({"username": "me", "global_name": ""}, "me2", "me"),
        ({"username": "..", "global_name": "…"}, "member", "…"),
    ],
)
def test_a_taken_or_odd_name_gets_a_free_handle(
    client: Client, discord: Discord, account: dict[str, Any], handle: str, name: str
) -> None:
    User.objects.create_user("nelly")
    discord.person = person(NELLY, **account)
    press_sign_in(client)
    member = signed_in_as(client)
    assert member is not None
    assert (member.handle, member.display_name) == (handle, name)


def test_no_token_and_no_address_is_kept(client: Client, discord: Discord) -> None:
    discord.person = person(NELLY, "nelly", global_name="Nelly")
    press_sign_in(client)
    account = SocialAccount.objects.get()
    named = {"username": "nelly", "global_name": "Nelly", "discriminator": "0"}
    assert account.extra_data == named | {"avatar": discord.person["avatar"]}  # the name of a picture, no address
    assert not SocialToken.objects.exists()
    link = LinkedAccount.objects.get()
    assert (link.access_token, link.refresh_token) == ("", "")
    assert "nelly@example.org" not in json.dumps([account.extra_data, link.metadata])
    assert "nelly@example.org" not in json.dumps(dict(client.session))
    assert not any(token in json.dumps(dict(client.session)) for token in discord.tokens)


def test_only_the_identity_is_asked_for(client: Client, discord: Discord) -> None:
    leave = client.post(reverse("discord_login"))
    address = urlsplit(leave["Location"])
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == discord.address
    assert query["scope"] == ["identify"]
    assert len(query["state"][0]) >= 16


def test_another_browsers_state_is_refused(client: Client, discord: Discord) -> None:
    """Nobody can be signed in to somebody else's account by a link."""
    discord.person = person(NELLY, "nelly")
    back = urlsplit(visit(client.post(reverse("discord_login"))["Location"]))
    victim = Client()
    assert victim.get(f"{back.path}?{back.query}").status_code == 401
    assert signed_in_as(victim) is None


def test_the_button_needs_a_press(client: Client, discord: Discord) -> None:
    """Opening the address (a link, a prefetch) leaves for nowhere; only a form with its CSRF token does."""
    assert client.get(reverse("discord_login")).status_code == 200
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("discord_login")).status_code == 403
    assert not discord.asked


@pytest.mark.parametrize("trouble", ["refuses_tokens", "forgets_tokens"])
def test_trouble_at_discord_signs_nobody_in(client: Client, discord: Discord, trouble: str) -> None:
    discord.person = person(NELLY, "nelly")
    setattr(discord, trouble, True)
    assert press_sign_in(client).status_code == 401
    assert signed_in_as(client) is None
    assert not User.objects.exists()


def test_pressing_cancel_at_discord_is_no_error(client: Client, discord: Discord) -> None:
    discord.person = {}
    assert press_sign_in(client)["Location"] == reverse("socialaccount_login_cancelled")


def test_a_closed_club_lets_in_only_whom_it_knows(
    client: Client, discord: Discord, settings: Any, monday: datetime
) -> None:
    settings.ALLOW_SIGNUP = False
    discord.person = person(NELLY, "nelly")
    assert press_sign_in(client).status_code == 200
    assert signed_in_as(client) is None
    assert not User.objects.exists()
    member, _ = member_for_identity(provider="discord", provider_user_id=NELLY, display_name="Nelly", now=monday)
    press_sign_in(client)
    assert signed_in_as(client) == member


def test_going_on_where_one_was(client: Client, discord: Discord) -> None:
    discord.person = person(NELLY, "nelly")
    press_sign_in(client)
    client.logout()
    assert press_sign_in(client, next="/weeks/")["Location"] == "/weeks/"
    client.logout()
    assert press_sign_in(client, next="https://evil.example/")["Location"] == "/"


def test_an_account_is_unlinked_also_after_its_service_was_switched_off(
    client: Client, discord: Discord, rin: User, settings: Any
) -> None:
    client.force_login(rin)
    discord.person = person(NELLY, "rin_on_discord")
    press_sign_in(client, connect=True)
    providers = {**settings.SOCIALACCOUNT_PROVIDERS}
    providers["discord"] = {**providers["discord"], "APPS": []}
    settings.SOCIALACCOUNT_PROVIDERS = providers
    page, pk = reverse("socialaccount_connections"), SocialAccount.objects.get().pk
    assert "<b>Discord</b>" in client.get(page).content.decode()
    asked = client.get(f"{page}?unlink={pk}").content.decode()
    assert "You cannot sign in with it afterwards." in asked
    assert rin.linked_accounts.exists()
    assert "no longer linked" in client.post(page, {"account": pk}, follow=True).content.decode()
    assert not rin.linked_accounts.exists()
    assert not SocialAccount.objects.exists()


def test_the_only_way_to_sign_in_is_not_unlinked(client: Client, discord: Discord) -> None:
    discord.person = person(NELLY, "nelly")
    press_sign_in(client)
    page = reverse("socialaccount_connections")
    refused = client.post(page, {"account": SocialAccount.objects.get().pk})
    assert "Set a password first." in refused.content.decode()
    assert SocialAccount.objects.exists()


def test_the_picture_there_is_left_to_a_job(
    client: Client, discord: Discord, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    discord.person = person(NELLY, "nelly.n") | {"avatar": "8342729096ea3675442027381ff50dfe"}
    with django_capture_on_commit_callbacks(execute=True):
        press_sign_in(client)
    member = signed_in_as(client)
    assert member is not None
    assert ("social.tasks.fetch_avatar", (member.pk,)) in jobs.queued()

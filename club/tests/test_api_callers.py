"""Who may call REST, and for whom a call acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Album
from club.models import Nomination
from club.tests.factories import WeekFactory
from social.identity import link_identity
from social.models import LinkedAccount, PersonalToken, User
from social.tests.callers import Caller, caller_of, refused
from social.tokens import make_token, revoke_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_time")]
ALBUM = {"title": "Dummy", "artist": "Portishead"}
PATH = "club/weeks/1/nominations"


@pytest.fixture
def in_time(time_machine: Any) -> None:
    """Tuesday of the factory's week: nominations are open."""
    time_machine.move_to(datetime(2025, 11, 11, 12, 0, tzinfo=UTC), tick=False)
    WeekFactory(number=1)


def nominator() -> str:
    return Nomination.objects.get().user.handle


def test_without_a_token_nothing_is_written(visitor: Caller) -> None:
    response = visitor.post(PATH, {"album": ALBUM})
    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer a b", "Bearer é"])
def test_a_token_that_opens_nothing_is_refused_even_for_reading(header: str) -> None:
    client = Client(headers={"Authorization": header})
    refused(client.get("/api/v1/club/weeks"), 401, "invalid_token")


def test_an_empty_service_token_opens_nothing(settings: Any) -> None:
    settings.SIDETRACK_API_TOKEN = ""
    refused(Client(headers={"Authorization": "Bearer "}).get("/api/v1/club/weeks"), 401, "invalid_token")


def test_a_revoked_and_an_expired_token_are_refused(rin: User) -> None:
    now = timezone.now()
    token, raw = make_token(user=rin, name="old", scope="write", now=now)
    revoke_token(token=token, now=now)
    refused(Caller(raw).get("users/me"), 401, "invalid_token")
    _, raw = make_token(user=rin, name="short", scope="write", now=now, expires_at=now - timedelta(seconds=1))
    refused(Caller(raw).get("users/me"), 401, "invalid_token")


def test_a_personal_token_acts_for_its_own_member(rin: User) -> None:
    assert caller_of(rin).post(PATH, {"album": ALBUM}).status_code == 201
    assert nominator() == "rin"


def test_a_token_that_may_only_read_cannot_write(rin: User) -> None:
    reader = caller_of(rin, PersonalToken.Scope.READ)
    assert reader.get("users/me").status_code == 200
    refused(reader.post(PATH, {"album": ALBUM}), 403, "read_only_token")


def test_naming_oneself_is_fine(rin: User) -> None:
    link_identity(user=rin, provider="discord", provider_user_id="80351110224678912", now=timezone.now())
    body = {"user": "RIN", "discord_id": "80351110224678912", "album": ALBUM}
    assert caller_of(rin).post(PATH, body, **{"X-User-Id": "rin"}).status_code == 201


@pytest.mark.parametrize(
    ("person", "headers"),
    [({"user": "sol"}, {}), ({"discord_id": "77"}, {}), ({}, {"X-User-Id": "sol"}), ({"user": "nobody"}, {})],
)
def test_a_member_acts_for_nobody_else(rin: User, sol: User, person: dict[str, str], headers: dict[str, str]) -> None:
    before = User.objects.count()
    refused(caller_of(rin).post(PATH, {**person, "album": ALBUM}, **headers), 403, "not_your_own")
    assert User.objects.count() == before


def test_the_service_names_a_member_by_handle(service: Caller, rin: User) -> None:
    assert service.post(PATH, {"user": "Rin", "album": ALBUM}).status_code == 201
    assert nominator() == "rin"


def test_the_service_names_a_member_in_the_header(service: Caller, rin: User) -> None:
    assert service.post(PATH, {"album": ALBUM}, **{"X-User-Id": "rin"}).status_code == 201
    assert nominator() == "rin"


def test_the_service_makes_a_member_of_an_unknown_discord_id_once(service: Caller) -> None:
    person = {"discord_id": "80351110224678912", "display_name": "Ana B."}
    assert service.post(PATH, {**person, "album": ALBUM}).status_code == 201
    assert service.post(PATH, {**person, "album": ALBUM}).status_code == 200
    ana = LinkedAccount.objects.get(provider="discord", provider_user_id="80351110224678912").user
    assert ana.display_name == "Ana B."
    assert Nomination.objects.get().user == ana


def test_a_refused_write_leaves_no_new_member_and_no_new_album(service: Caller, rin: User) -> None:
    caller_of(rin).post(PATH, {"album": ALBUM})
    members, albums = User.objects.count(), Album.objects.count()
    refused(service.post(PATH, {"discord_id": "77", "album": ALBUM}), 409, "already_nominated")
    WeekFactory(number=2, phase="closed")
    n_new = User.objects.count() - members
    refused(
        service.post("club/weeks/2/nominations", {"discord_id": "78", "album": {"title": "New", "artist": "Band"}}),
        409,
        "wrong_phase",
    )
    assert not LinkedAccount.objects.filter(provider_user_id__in=["77", "78"]).exists()
    assert (User.objects.count() - members, Album.objects.filter(title="New").count()) == (n_new, 0)
    assert Album.objects.count() >= albums


@pytest.mark.parametrize(
    ("person", "headers"),
    [
        ({"user": "rin", "discord_id": "77"}, {}),
        ({"user": "rin"}, {"X-User-Id": "sol"}),
        ({"discord_id": "77"}, {"X-User-Id": "sol"}),
        ({"discord_id": "new"[:0] + "99"}, {"X-User-Id": "sol"}),
    ],
)
def test_two_different_names_are_refused(
    service: Caller, rin: User, sol: User, stranger: User, person: dict[str, str], headers: dict[str, str]
) -> None:
    link_identity(user=stranger, provider="discord", provider_user_id="77", now=timezone.now())
    before = User.objects.count()
    refused(service.post(PATH, {**person, "album": ALBUM}, **headers), 400, "invalid")
    assert User.objects.count() == before


def test_the_service_must_name_somebody(service: Caller) -> None:
    error = refused(service.post(PATH, {"album": ALBUM}), 400, "invalid")
    assert "user" in error["fields"]


@pytest.mark.parametrize("person", [{"user": "nobody"}, {"user": "no body!"}])
def test_an_unknown_member_is_404(service: Caller, person: dict[str, str]) -> None:
    refused(service.post(PATH, {**person, "album": ALBUM}), 404, "unknown_member")


@pytest.mark.parametrize("discord_id", ["abc", "", "1e5", "-3", "1" * 21])
def test_a_discord_id_is_a_number(service: Caller, discord_id: str) -> None:
    refused(service.post(PATH, {"discord_id": discord_id, "album": ALBUM}), 400, "invalid")


def test_suspended_members_are_refused_whoever_calls(service: Caller, rin: User) -> None:
    caller = caller_of(rin)
    User.objects.filter(pk=rin.pk).update(suspended_at=timezone.now() - timedelta(days=1))
    refused(caller.post(PATH, {"album": ALBUM}), 403, "suspended")
    refused(service.post(PATH, {"user": "rin", "album": ALBUM}), 403, "suspended")
    refused(service.post("music/albums", {"user": "rin", **ALBUM}), 403, "suspended")


def test_a_closed_account_is_unknown(service: Caller, rin: User) -> None:
    link_identity(user=rin, provider="discord", provider_user_id="77", now=timezone.now())
    User.objects.filter(pk=rin.pk).update(is_active=False)
    refused(service.post(PATH, {"user": "rin", "album": ALBUM}), 404, "unknown_member")
    refused(service.post(PATH, {"discord_id": "77", "album": ALBUM}), 403, "closed_account")


def test_a_browser_writes_with_its_csrf_token_only(rin: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rin)
    path = f"/api/v1/{PATH}"
    refused(browser.post(path, {"album": ALBUM}, content_type="application/json"), 403, "csrf_failed")
    browser.get("/admin/login/")
    browser.get("/accounts/login/")
    from django.middleware.csrf import _get_new_csrf_string

    browser.cookies["csrftoken"] = secret = _get_new_csrf_string()
    response = browser.post(path, {"album": ALBUM}, content_type="application/json", headers={"X-CSRFToken": secret})
    assert response.status_code == 201
    assert nominator() == "rin"


def test_history_says_who_acted_when_the_service_did(service: Caller, rin: User) -> None:
    service.post(PATH, {"user": "rin", "album": ALBUM})
    assert Nomination.history.get().history_user == rin


def test_a_visitor_cannot_look_through_anybodys_eyes(visitor: Caller, rin: User) -> None:
    response = visitor.client.get("/api/v1/users/rin", headers={"X-User-Id": "rin"})
    refused(response, 401, "not_authenticated")

"""What the group `moderator` may do in the admin: exactly the listed, as a member of the group and not as superuser."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from social.models import LinkedAccount, User
from social.models.user import MODERATORS
from social.moderator_group import grant, listed

pytestmark = pytest.mark.django_db
SECRET = "BQD-an-access-token"


@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


def held() -> set[str]:
    group = Group.objects.get(name=MODERATORS)
    return {f"{app}.{name}" for app, name in group.permissions.values_list("content_type__app_label", "codename")}


def test_the_group_has_exactly_what_the_apps_list(mod: User) -> None:
    assert held() == listed()
    assert {"social.view_report", "club.view_week", "catalog.change_album"} <= held()


def test_every_listed_permission_exists() -> None:
    known = {f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")}
    assert listed() <= known


def test_nothing_may_be_deleted_and_no_account_edited() -> None:
    assert not [permission for permission in listed() if ".delete_" in permission]
    assert not listed() & {"social.change_user", "social.add_user", "auth.change_group", "auth.change_permission"}
    assert not [permission for permission in listed() if "linkedaccount" in permission or "personaltoken" in permission]


def test_granting_again_takes_away_what_is_not_listed() -> None:
    group = Group.objects.get(name=MODERATORS)
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    group.permissions.remove(Permission.objects.get(codename="view_report"))
    grant(app_config=apps.get_app_config("social"))
    grant(app_config=apps.get_app_config("social"))
    assert held() == listed()


def test_migrating_grants(mod: User) -> None:
    Group.objects.get(name=MODERATORS).permissions.clear()
    call_command("migrate", verbosity=0)
    assert held() == listed()


def test_visitors_and_members_do_not_get_in(client: Client, rin: User) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    client.force_login(rin)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_a_suspended_moderator_does_not_get_in(desk: Client, mod: User, monday: Any) -> None:
    assert desk.get("/admin/").status_code == 200
    User.objects.filter(pk=mod.pk).update(suspended_at=monday)
    assert desk.get("/admin/").status_code == 302


OPEN_TO_THEM = {
    "social.report", "social.moderationaction", "social.memberwarning", "social.user", "club.week", "club.nomination",
    "club.rating", "catalog.album", "catalog.artist", "catalog.track", "catalog.tag", "catalog.alias",
    "discordbot.post", "discordbot.botlease", "taste.playlist",
}  # fmt: skip


def test_a_moderator_opens_the_listed_tables_and_no_other(desk: Client) -> None:
    opened = set()
    for model in site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        if desk.get(address).status_code == 200:
            opened.add(model._meta.label_lower)
    assert opened == OPEN_TO_THEM


def test_no_table_offers_adding_or_deleting(desk: Client) -> None:
    for label in OPEN_TO_THEM:
        address = f"/admin/{label.replace('.', '/')}/"
        assert desk.get(f"{address}add/").status_code == 403, label
        page = desk.get(address).content.decode()
        assert "delete_selected" not in page, label
        assert "/add/" not in page.replace("/admin/club/week/", ""), label


def test_a_moderator_reads_a_member_but_changes_nothing_by_hand(desk: Client, mod: User, rin: User) -> None:
    operator = User.objects.create_superuser("operator", "correct horse battery")
    for member in (rin, mod, operator):
        address = f"/admin/social/user/{member.pk}/change/"
        page = desk.get(address).content.decode()
        assert 'name="is_superuser"' not in page
        assert member.password not in page
        desk.post(address, {"handle": "x", "is_superuser": "on", "groups": "1", "password": "x"})
        desk.post(f"/admin/social/user/{member.pk}/password/", {"password1": "newnewnew1", "password2": "newnewnew1"})
        desk.post(f"/admin/social/user/{member.pk}/delete/", {"post": "yes"})
        member.refresh_from_db()
    assert User.objects.filter(is_superuser=True).get() == operator
    assert {rin.handle, mod.handle, operator.handle} == {"rin", "mod", "operator"}
    assert operator.check_password("correct horse battery")


def test_a_moderator_has_no_power_over_a_superuser(desk: Client) -> None:
    operator = User.objects.create_superuser("operator", display_name="Op")
    for act in ("suspend", "warn", "hide-profile"):
        desk.post(f"/admin/social/user/{operator.pk}/{act}/", {"reason": "Mutiny."})
    operator.refresh_from_db()
    assert operator.suspended_at is None
    assert operator.display_name == "Op"
    assert not operator.warnings.exists()


def test_tokens_are_shown_to_nobody(desk: Client, rin: User, monday: Any) -> None:
    link = LinkedAccount.objects.create(
        user=rin, provider="discord", provider_user_id="80351110224678912", access_token=SECRET, refresh_token=SECRET
    )
    assert desk.get(f"/admin/social/linkedaccount/{link.pk}/change/").status_code == 403
    assert "80351110224678912" in desk.get(f"/admin/social/user/{rin.pk}/change/").content.decode()
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator"))
    for address in ("/admin/social/linkedaccount/", f"/admin/social/linkedaccount/{link.pk}/change/"):
        response = operator.get(address)
        assert response.status_code == 200
        assert SECRET not in response.content.decode()


def test_a_member_sheet_holds_nothing_that_signs_in(desk: Client, rin: User) -> None:
    sheet = desk.post("/admin/social/user/export/", {"format": "0", "resource": ""}).content.decode()
    head = sheet.splitlines()[0]
    assert head == "handle,display_name,date_joined,is_active,suspended_at,suspended_until"
    assert "rin" in sheet
    assert rin.password not in sheet


def test_a_moderator_finds_a_member_by_discord_id(desk: Client, rin: User, sol: User) -> None:
    LinkedAccount.objects.create(user=rin, provider="discord", provider_user_id="80351110224678912")
    LinkedAccount.objects.create(user=sol, provider="google", provider_user_id="110169484474386276334")
    page = desk.get("/admin/social/user/", {"q": "80351110224678912"}).content.decode()
    assert f"/admin/social/user/{rin.pk}/change/" in page
    assert f"/admin/social/user/{sol.pk}/change/" not in page
    hidden = desk.get("/admin/social/user/", {"q": "110169484474386276334"}).content.decode()
    assert f"/admin/social/user/{sol.pk}/change/" not in hidden


@pytest.mark.parametrize("password", ["correct horse battery", "wrong"])
def test_guessing_at_the_admins_door_is_stopped_too(client: Client, mod: User, password: str) -> None:
    for _ in range(5):
        client.post("/admin/login/", {"username": "mod", "password": "wrong"})
    client.post("/admin/login/", {"username": "mod", "password": password})
    assert "_auth_user_id" not in client.session


def test_a_moderator_signs_in_at_the_admins_door(client: Client, mod: User) -> None:
    response = client.post("/admin/login/?next=/admin/", {"username": "MOD", "password": "correct horse battery"})
    assert response["Location"] == "/admin/"

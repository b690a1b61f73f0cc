"""A member's own settings."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from social.models import PersonalToken, User
from social.moderation import lift_suspension, suspend
from social.profile import change_privacy
from social.seen_by import seen_by
from social.tokens import make_token, token_for
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
PAGES = ("profile", "privacy", "appearance", "tokens")


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


@pytest.mark.parametrize("page", ["", *(f"{name}/" for name in PAGES)])
def test_settings_are_for_members(client: Client, page: str) -> None:
    assert client.get(f"/settings/{page}")["Location"] == f"/accounts/login/?next=/settings/{page}"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_settings_is_never_kept(as_rin: Client, page: str) -> None:
    answer = as_rin.get(f"/settings/{page}/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_profile_is_saved(as_rin: Client, rin: User) -> None:
    said = {"display_name": "Rin R.", "handle": "rin_r", "bio": "Drums.", "timezone": "Europe/Berlin"}
    assert as_rin.post("/settings/profile/", said)["Location"] == "/settings/profile/"
    rin.refresh_from_db()
    assert {name: getattr(rin, name) for name in said} == said


def test_a_taken_handle_is_refused_beside_its_field_and_nothing_is_saved(
    as_rin: Client, rin: User, stranger: User
) -> None:
    said = {"display_name": "New", "handle": "Stranger", "bio": "", "timezone": "UTC"}
    answer = as_rin.post("/settings/profile/", said)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert '<a href="#id_handle">' in page
    assert 'value="New"' in page, "what was typed is kept"
    rin.refresh_from_db()
    assert (rin.handle, rin.display_name) == ("rin", "Rin")


def test_a_suspended_member_reads_why_their_words_are_refused(as_rin: Client, rin: User, mod: User) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=now(), until=now() + timedelta(days=2))
    rin.refresh_from_db()
    said = {"display_name": "Rin", "handle": "rin", "bio": "Read this!", "timezone": "UTC"}
    answer = as_rin.post("/settings/profile/", said)
    assert answer.status_code == 400
    page = answer.content.decode()
    ends = f"{rin.suspended_until:%Y, %H:%M}"
    assert re.search(rf"error-summary.*You are suspended until \d+ \w+ {ends}", page, re.DOTALL)
    assert "Read this!" in page, "what was typed is kept"
    rin.refresh_from_db()
    assert rin.bio == ""


def test_the_suspension_stands_on_every_page_with_its_end_and_reason(as_rin: Client, rin: User, mod: User) -> None:
    suspend(member=rin, moderator=mod, reason="Sold <b>tickets</b>.", now=now())
    for address in ("/weeks/", "/settings/profile/"):
        page = as_rin.get(address).content.decode()
        assert "You are suspended until a moderator lifts it" in page
        assert "Sold &lt;b&gt;tickets&lt;/b&gt;." in page
    lift_suspension(member=rin, moderator=mod, now=now())
    assert "You are suspended" not in as_rin.get("/weeks/").content.decode()


def test_privacy_is_saved_and_a_box_left_open_means_no(as_rin: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(allows_quotes=True)
    levels = dict.fromkeys(("visibility", "club_visibility", "listens_visibility", "taste_visibility"), "me")
    assert as_rin.post("/settings/privacy/", {**levels, "searchable": "on"}).status_code == 302
    rin.refresh_from_db()
    assert {getattr(rin, name) for name in levels} == {Visibility.ME}
    assert (rin.searchable, rin.allows_quotes) == (True, False)


def test_an_unknown_level_is_refused(as_rin: Client, rin: User) -> None:
    levels = dict.fromkeys(("visibility", "club_visibility", "listens_visibility", "taste_visibility"), "everyone")
    assert as_rin.post("/settings/privacy/", levels).status_code == 400
    rin.refresh_from_db()
    assert rin.visibility == Visibility.MEMBERS


def test_appearance_shows_on_the_next_page(as_rin: Client) -> None:
    as_rin.post("/settings/appearance/", {"theme": "dark", "motion": "reduced"})
    page = as_rin.get("/settings/appearance/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-motion="reduced"' in page


def test_a_token_is_shown_once_and_works(as_rin: Client, rin: User) -> None:
    said = {"name": "My script", "scope": "write", "lifetime": "30"}
    page = as_rin.post("/settings/tokens/", said).content.decode()
    found = re.search(r'id="raw" value="([^"]+)"', page)
    assert found is not None
    token = token_for(found[1], now=now())
    assert token is not None
    assert (token.user, token.scope, token.name) == (rin, "write", "My script")
    assert token.expires_at is not None
    assert found[1] not in as_rin.get("/settings/tokens/").content.decode()


def test_a_token_without_a_name_is_refused(as_rin: Client) -> None:
    answer = as_rin.post("/settings/tokens/", {"name": "", "scope": "read", "lifetime": ""})
    assert answer.status_code == 400
    assert not PersonalToken.objects.exists()


def test_a_revoked_token_opens_nothing_and_only_its_owner_revokes_it(as_rin: Client, rin: User, stranger: User) -> None:
    token, raw = make_token(user=rin, name="x", scope="read", now=now())
    as_rin.force_login(stranger)
    assert as_rin.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
    as_rin.force_login(rin)
    assert as_rin.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 302
    assert token_for(raw, now=now()) is None


# --- What others see --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("public", [True, True, True]),
        ("members", [False, True, True]),
        ("followers", [False, False, True]),
        ("me", [False, False, False]),
    ],
)
def test_the_table_beside_privacy_says_who_sees_the_page(rin: User, level: str, seen: list[bool]) -> None:
    change_privacy(member=rin, visibility=level, club_visibility="public", listens_visibility="public")
    page, on_page, archive, listens, _taste = seen_by(rin)
    assert page.seen == on_page.seen == listens.seen == seen
    assert archive.seen == [True, True, True]


def test_the_privacy_page_shows_what_is_saved(rin: User, client: Client) -> None:
    change_privacy(member=rin, visibility="me", club_visibility="me")
    client.force_login(rin)
    page = client.get("/settings/privacy/").content.decode()
    assert page.count("sees it") == 0
    change_privacy(member=rin, club_visibility="public")
    assert client.get("/settings/privacy/").content.decode().count("sees it") == 3

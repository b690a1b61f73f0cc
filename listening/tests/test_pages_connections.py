"""The page of connections: tokens for programs, accounts elsewhere, what to enter where."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from listening.models import ListenToken, SyncState
from listening.tests.programs import Program, listen
from listening.tokens import make_token, token_for
from sidetrack.tests.browser import Browse, axe_findings, check_looks, overhang
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db
PAGE = "/settings/connections/"


@pytest.fixture
def as_rin(client: Client, rin: User) -> Client:
    client.force_login(rin)
    return client


def text_of(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def account(rin: User, **state: Any) -> SyncState:
    LinkedAccount.objects.create(user=rin, provider="listenbrainz", provider_user_id="rin-lb")
    values = {"account_name": "rin-lb", "due_at": now() + timedelta(minutes=3, seconds=30)} | state
    return SyncState.objects.create(user=rin, source="listenbrainz", **values)


def test_connections_are_for_members_and_never_kept(client: Client, as_rin: Client) -> None:
    assert "no-store" in as_rin.get(PAGE)["Cache-Control"]
    assert Client().get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_page_is_among_the_settings(as_rin: Client) -> None:
    page = as_rin.get("/settings/profile/").content.decode()
    assert f'<a href="{PAGE}">Connections</a>' in page
    assert f'<a href="{PAGE}" aria-current="page">Connections</a>' in as_rin.get(PAGE).content.decode()


def test_a_token_is_made_shown_once_and_sends_listens(as_rin: Client, rin: User) -> None:
    page = as_rin.post(PAGE, {"name": "Navidrome"}).content.decode()
    raw = re.search(r'id="raw" value="([0-9a-f-]{36})"', page)
    assert raw is not None
    assert Program(raw[1]).submit(listen()).status_code == 200
    assert token_for(raw[1]) == ListenToken.objects.get()
    assert '<details class="program" open>\n<summary><b>Navidrome</b>' in page
    assert raw[1] not in as_rin.get(PAGE).content.decode()


def test_a_token_without_a_name_and_one_too_many_are_refused(as_rin: Client, rin: User) -> None:
    answer = as_rin.post(PAGE, {"name": " "})
    assert answer.status_code == 400
    assert '<a href="#id_name">' in answer.content.decode()
    for n in range(20):
        make_token(user=rin, name=str(n), now=now())
    answer = as_rin.post(PAGE, {"name": "one more"})
    assert answer.status_code == 400
    assert "Revoke one first" in answer.content.decode()


def test_a_token_tells_when_and_by_what_it_was_used(as_rin: Client, rin: User) -> None:
    token, raw = make_token(user=rin, name="Phone", now=now())
    assert "Phone never used" in text_of(as_rin)
    Program(raw).submit(listen(submission_client="Pano Scrobbler", submission_client_version="4.1"))
    ListenToken.objects.filter(pk=token.pk).update(last_used_at=now() - timedelta(hours=2, seconds=5))
    assert "last used 2 hours ago · Pano Scrobbler 4.1" in text_of(as_rin).replace("\xa0", " ")


def test_a_revoked_token_sends_nothing_any_more(as_rin: Client, rin: User) -> None:
    token, raw = make_token(user=rin, name="Phone", now=now())
    answer = as_rin.post(f"{PAGE}tokens/{token.pk}/revoke/", follow=True)
    assert "“Phone” sends nothing here any more." in answer.content.decode()
    assert Program(raw).submit(listen()).status_code == 401


def test_nobody_revokes_anothers_token(as_rin: Client, sol: User) -> None:
    token, raw = make_token(user=sol, name="Phone", now=now())
    assert as_rin.post(f"{PAGE}tokens/{token.pk}/revoke/").status_code == 404
    assert token_for(raw) is not None


def test_each_program_is_given_this_sites_addresses(as_rin: Client, settings: Any) -> None:
    settings.SITE_URL = "https://club.example.org"
    page = as_rin.get(PAGE).content.decode()
    for value in (
        "https://club.example.org/1/submit-listens",
        "https://club.example.org/",
        "https://club.example.org/1/",
        "https://club.example.org",
        "rin",
    ):
        assert f'value="{value}"' in page
    for name in ("Web Scrobbler", "Pano Scrobbler", "Navidrome", "multi-scrobbler", "Music Assistant"):
        assert f"<b>{name}</b>" in page


def test_an_account_tells_how_it_stands(as_rin: Client, rin: User) -> None:
    state = account(rin, status="ok", last_success_at=now() - timedelta(minutes=5, seconds=5))
    said = text_of(as_rin).replace("\xa0", " ")
    assert "ListenBrainz rin-lb Up to date · read 5 minutes ago · again in 3 minutes" in said
    SyncState.objects.filter(pk=state.pk).update(
        status="reading", lease_until=now() + timedelta(minutes=5), n_read=1_500, n_expected=6_000
    )
    said = text_of(as_rin)
    assert "Being read: 1,500 of 6,000 plays" in said
    assert "Read now ListenBrainz" not in said
    SyncState.objects.filter(pk=state.pk).update(
        status="private", lease_until=None, error="Your listens there are hidden from us."
    )
    said = text_of(as_rin)
    assert "Its listens are private" in said
    assert "Your listens there are hidden from us." in said
    assert "again in" not in said
    assert "Read now ListenBrainz" in said
    SyncState.objects.filter(pk=state.pk).update(status="needs_relink")
    assert "Read now ListenBrainz" not in text_of(as_rin)


def test_an_account_that_was_just_connected_waits_for_its_first_reading(as_rin: Client, rin: User) -> None:
    LinkedAccount.objects.create(user=rin, provider="listenbrainz", provider_user_id="rin-lb")
    assert "ListenBrainz rin-lb Never read yet · in a moment Read now" in text_of(as_rin)


def test_a_service_without_an_account_or_without_its_key_says_so(as_rin: Client, settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    said = text_of(as_rin)
    assert "Last.fm Off on this site." in said
    assert "LASTFM_API_KEY" not in said
    assert "ListenBrainz No account is connected." in said


def test_the_services_refresh_themselves_only_while_one_is_read(as_rin: Client, rin: User) -> None:
    state = account(rin, status="reading", lease_until=now() + timedelta(minutes=5), n_read=1, n_expected=4)
    moving = f'hx-get="{PAGE}services/"'
    assert moving in as_rin.get(PAGE).content.decode()
    assert "htmx.min" in as_rin.get(PAGE).content.decode()
    part = as_rin.get(f"{PAGE}services/").content.decode()
    assert part.strip().startswith('<ul class="lines connections" id="services-list"')
    assert "Being read: 1 of 4 plays" in part
    SyncState.objects.filter(pk=state.pk).update(status="ok", lease_until=None, last_success_at=now())
    assert moving not in as_rin.get(f"{PAGE}services/").content.decode()
    assert "htmx.min" not in as_rin.get(PAGE).content.decode()


def test_an_account_is_read_out_of_turn(
    as_rin: Client, rin: User, jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    state = account(rin, status="waiting", error="ListenBrainz was busy.", n_failures=3)
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_rin.post(f"{PAGE}listenbrainz/read/", follow=True)
    assert "ListenBrainz will be read in a moment." in answer.content.decode()
    assert jobs.queued() == [("listening.syncing.tasks.sync", (state.pk,))]


def test_what_cannot_be_read_is_not(as_rin: Client, rin: User, settings: Any) -> None:
    assert (
        "No account of ListenBrainz is connected."
        in as_rin.post(f"{PAGE}listenbrainz/read/", follow=True).content.decode()
    )
    assert as_rin.post(f"{PAGE}myspace/read/").status_code == 404
    assert as_rin.get(f"{PAGE}listenbrainz/read/").status_code == 405


def test_the_page_costs_the_same_with_1_and_with_20(as_rin: Client, rin: User, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_token(user=rin, name="first", now=now())
    as_rin.get(PAGE)
    with CaptureQueriesContext(connection) as with_one:
        as_rin.get(PAGE)
    for n in range(19):
        make_token(user=rin, name=str(n), now=now())
    with django_assert_num_queries(len(with_one.captured_queries)):
        as_rin.get(PAGE)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_looks_right_with_everything_on_it(browse: Browse, rin: User, settings: Any) -> None:
    settings.SPOTIFY_CLIENT_ID = settings.SPOTIFY_CLIENT_SECRET = "set"
    account(rin, status="reading", lease_until=now() + timedelta(hours=1), n_read=1_500, n_expected=6_000)
    LinkedAccount.objects.create(user=rin, provider="spotify", provider_user_id="x" * 60, authorised_at=now())
    SyncState.objects.create(
        user=rin, source="spotify", account_name="x" * 60, status="needs_relink", due_at=now(),
        error="Spotify no longer accepts the permission that you gave. Connect Spotify again in your settings.",
    )  # fmt: skip
    for name in ("Navidrome", "A very long name of a program that somebody once wrote down here"):
        make_token(user=rin, name=name, now=now())
    check_looks(browse, PAGE, rin)
    page = browse(member=rin, width=320)
    page.goto(PAGE)
    for summary in page.locator(".program > summary").all():
        summary.click()
    assert page.get_by_role("button", name="Copy").count() == 8
    assert overhang(page) == 0
    assert axe_findings(page) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_token_is_made_and_its_settings_read_without_javascript(browse: Browse, rin: User) -> None:
    page = browse(member=rin, javascript=False, width=375)
    page.goto(PAGE)
    page.get_by_role("combobox", name="Program").fill("Pano")
    page.get_by_role("button", name="Make a token").click()
    assert len(page.get_by_label("Token", exact=True).first.input_value()) == 36
    page.get_by_text("Navidrome", exact=True).click()
    assert page.get_by_label("ND_LISTENBRAINZ_BASEURL").input_value().endswith("/1/")

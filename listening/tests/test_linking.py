"""Members link their own accounts, against servers on this machine that answer as each service does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils.timezone import now

from conftest import Jobs
from listening.models import ListenEvent, SyncState
from listening.syncing.registry import sync_account
from listening.tests.fake_lastfm import FakeLastfm
from listening.tests.fake_lastfm import reply as lastfm_reply
from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_listenbrainz import reply as brainz_reply
from listening.tests.fake_spotify import FakeSpotify, refusal
from listening.tests.trips import PAGE, agree, connect, leave, link_of, page_of, said
from sidetrack.tests.local_server import Answer, serving
from social.identity import link_identity
from social.models import LinkedAccount, Notification, User
from social.moderation import suspend
from social.tests.callers import caller_of

pytestmark = pytest.mark.django_db
TOKEN = FakeListenBrainz.token


# --- It works -------------------------------------------------------------------------------------------------------
def test_spotify_is_linked_by_its_owners_consent_and_read(
    as_rin: Client, rin: User, spotify: FakeSpotify, jobs: Jobs, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = connect(as_rin, "spotify")
    assert said(answer) == "Spotify is linked: A Listener. Your listens will be here in a moment."
    assert answer["Location"] == PAGE
    link = link_of(rin, "spotify")
    assert (link.provider_user_id, link.access_token, link.refresh_token) == ("listener", "access-1", "refresh-0")
    assert {"user-read-recently-played", "playlist-modify-private"} <= set(link.scopes.split())
    assert link.verified_at == link.authorised_at is not None
    assert jobs.queued() == [("listening.syncing.tasks.sync", (SyncState.objects.get().pk,))]
    assert 'Spotify</b> <bdi class="muted">A Listener</bdi>' in page_of(as_rin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM social_linkedaccount")
        assert not {"access-1", "refresh-0"} & set(cursor.fetchone())


def test_last_fm_is_linked_by_its_web_page_and_read(
    as_rin: Client, rin: User, lastfm: FakeLastfm, jobs: Jobs, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = connect(as_rin, "lastfm")
    assert "Last.fm is linked: Rin_FM." in said(answer)
    link = link_of(rin, "lastfm")
    assert (link.provider_user_id, link.metadata, link.access_token) == (
        "rin_fm", {"name": "Rin_FM"}, "session-of-Rin_FM",
    )  # fmt: skip
    jobs.run()
    assert ListenEvent.objects.get(user=rin).track.title == "Roads"
    assert lastfm.asked[-1]["user"] == "Rin_FM"


def test_listenbrainz_is_linked_by_a_token_that_it_knows(as_rin: Client, rin: User, brainz: FakeListenBrainz) -> None:
    answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": f" {TOKEN} "})
    assert "ListenBrainz is linked: rin_lb." in said(answer)
    link = link_of(rin, "listenbrainz")
    assert (link.metadata, link.access_token) == ({"name": "rin_lb"}, TOKEN)
    assert SyncState.objects.get().account_name == "rin_lb"


def test_a_member_goes_on_where_the_button_stood(as_rin: Client, lastfm: FakeLastfm, brainz: FakeListenBrainz) -> None:
    assert connect(as_rin, "lastfm", next="/community/")["Location"] == "/community/"
    answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN, "next": "https://evil.example/"})
    assert answer["Location"] == PAGE


def test_a_permission_that_spotify_ended_is_given_anew(
    as_rin: Client, rin: User, spotify: FakeSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listening.clients.spotify_permission.RACE_PAUSE_S", 0.01)
    connect(as_rin, "spotify")
    spotify.good.clear()
    spotify.refresh_tokens.clear()
    state = SyncState.objects.get()
    sync_account(state.pk, now=now())
    page = page_of(as_rin)
    assert "Spotify no longer accepts your permission. Connect Spotify again in your settings." in page
    assert 'Connect again<span class="visually-hidden"> Spotify</span>' in page
    assert Notification.objects.filter(user=rin, kind="sync_stopped", read_at=None).count() == 1
    connect(as_rin, "spotify")
    assert link_of(rin, "spotify").refresh_token
    state.refresh_from_db()
    assert (state.status, state.error) == ("new", "")
    assert not Notification.objects.filter(read_at=None).exists()
    assert not sync_account(state.pk, now=now()).problem


def test_a_link_whose_tokens_no_key_opens_is_shown_and_given_anew(
    as_rin: Client, rin: User, lastfm: FakeLastfm
) -> None:
    connect(as_rin, "lastfm")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE social_linkedaccount SET access_token = 'gAAAAAspoilt'")
    assert "Rin_FM" in page_of(as_rin)
    connect(as_rin, "lastfm")
    assert link_of(rin, "lastfm").access_token == "session-of-Rin_FM"


def test_an_account_that_is_read_is_named_among_the_ways_to_sign_in(as_rin: Client, spotify: FakeSpotify) -> None:
    connect(as_rin, "spotify")
    page = as_rin.get("/accounts/3rdparty/").content.decode()
    assert '<b>Spotify</b> <bdi class="muted">A Listener</bdi>' in page


# --- No ------------------------------------------------------------------------------------------------------------
def test_who_turns_back_has_linked_nothing(as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm) -> None:
    spotify.person = None
    assert said(connect(as_rin, "spotify")) == "You turned back at Spotify. Nothing was linked."
    state = parse_qs(urlsplit(agree(leave(as_rin, "spotify"))).query)["state"][0]
    trouble = as_rin.get(f"{PAGE}spotify/back/", {"state": state, "error": "server_error"})
    assert "could not ask you just now" in said(trouble)
    back = agree(leave(as_rin, "lastfm")).partition("&token")[0]
    assert said(as_rin.get(back)).endswith("You turned back at Last.fm. Nothing was linked.")
    assert not LinkedAccount.objects.exists()


def test_a_permission_that_is_too_narrow_is_refused(as_rin: Client, spotify: FakeSpotify) -> None:
    spotify.grants = "playlist-modify-private playlist-modify-public"
    assert "agree to all of it" in said(connect(as_rin, "spotify"))
    assert not LinkedAccount.objects.exists()
    spotify.grants = "user-read-recently-played user-read-currently-playing"
    connect(as_rin, "spotify")
    assert "Playlists cannot be saved there" in page_of(as_rin)


@pytest.mark.parametrize("provider", ["spotify", "lastfm", "listenbrainz"])
def test_an_account_that_is_anothers_already_stays_theirs(
    as_rin: Client, sol: User, spotify: FakeSpotify, lastfm: FakeLastfm, brainz: FakeListenBrainz, provider: str
) -> None:
    name = {"spotify": "listener", "lastfm": "rin_fm", "listenbrainz": "rin_lb"}[provider]
    link_identity(user=sol, provider=provider, provider_user_id=name, access_token="sols", now=now())
    if provider == "listenbrainz":
        answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN})
        told = answer.content.decode()
    else:
        told = said(connect(as_rin, provider))
    assert "account belongs to another member." in told
    assert LinkedAccount.objects.get().user == sol
    assert LinkedAccount.objects.get().access_token == "sols"


def test_a_second_account_of_a_service_waits_until_the_first_is_unlinked(as_rin: Client, lastfm: FakeLastfm) -> None:
    connect(as_rin, "lastfm")
    lastfm.person = "Rin_two"
    assert "Unlink it first." in said(connect(as_rin, "lastfm"))
    as_rin.post(f"{PAGE}lastfm/unlink/")
    assert "Rin_two" in said(connect(as_rin, "lastfm"))


def test_a_service_that_is_down_changes_nothing_and_is_tried_again(
    as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm, brainz: FakeListenBrainz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listening.linking.coming_back.WAIT_S", 0.05)
    down = "does not answer at the moment. Nothing was changed: try again in a few minutes."
    back = agree(leave(as_rin, "spotify"))
    spotify.failures = [refusal(503, "Down")] * 9
    assert down in said(as_rin.get(back))
    back = agree(leave(as_rin, "lastfm"))
    lastfm.failures = [Answer(502, b"<html>")] * 9
    assert down in said(as_rin.get(back))
    brainz.failures = [Answer(500, b"")] * 9
    answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN})
    assert (answer.status_code, down in answer.content.decode()) == (400, True)
    assert TOKEN not in answer.content.decode()
    assert not LinkedAccount.objects.exists()
    spotify.failures, lastfm.failures, brainz.failures = [], [], []
    assert "is linked" in said(connect(as_rin, "spotify"))
    assert "is linked" in said(connect(as_rin, "lastfm"))
    assert "is linked" in said(as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN}))


def test_answers_that_make_no_sense_are_told_in_words(
    as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm, brainz: FakeListenBrainz
) -> None:
    back = agree(leave(as_rin, "lastfm"))
    lastfm.failures = [lastfm_reply({"session": {"name": "Rin_FM"}})]
    assert "does not understand" in said(as_rin.get(back))
    spotify.person = {"display_name": "Nobody"}
    assert "does not understand" in said(connect(as_rin, "spotify"))
    brainz.failures = [brainz_reply(["valid"])]
    answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN})
    assert "does not" in answer.content.decode()
    assert not LinkedAccount.objects.exists()


def test_an_application_in_development_serves_whom_its_operator_added(as_rin: Client, spotify: FakeSpotify) -> None:
    back = agree(leave(as_rin, "spotify"))
    spotify.failures = [spotify.new_tokens("refresh-0"), Answer(403, b"User not registered in the Developer Dashboard")]
    assert "only for people whom its operator has added there" in said(as_rin.get(back))
    assert not LinkedAccount.objects.exists()


@pytest.mark.parametrize("token", ["wrong", "two words", "é", "\x00", "x" * 200])
def test_a_wrong_token_is_told_and_never_given_back(as_rin: Client, brainz: FakeListenBrainz, token: str) -> None:
    answer = as_rin.post(f"{PAGE}listenbrainz/link/", {"token": token})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_token"' in page
    assert 'name="token" value' not in page.replace("csrfmiddlewaretoken", "")
    assert f'value="{token}"' not in page
    assert not LinkedAccount.objects.exists()


def test_a_service_that_is_off_says_so_and_to_moderators_why(as_rin: Client, mod: User, settings: Any) -> None:
    settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET = "key", ""
    settings.SPOTIFY_CLIENT_ID = settings.SPOTIFY_CLIENT_SECRET = ""
    page = page_of(as_rin)
    assert "Off on this site." in page
    assert "Accounts cannot be linked on this site." in page
    assert "SPOTIFY_CLIENT_ID" not in page
    assert said(as_rin.post(f"{PAGE}spotify/link/")) == "Spotify is off on this site."
    as_mod = Client()
    as_mod.force_login(mod)
    page = page_of(as_mod)
    assert "set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET" in page
    assert "set LASTFM_API_SECRET." in page


# --- Who may --------------------------------------------------------------------------------------------------------
def test_guests_are_sent_to_sign_in(db: None) -> None:
    for path in ("spotify/link/", "spotify/back/", "listenbrainz/link/", "lastfm/unlink/", "services/"):
        assert Client().get(f"{PAGE}{path}")["Location"].startswith("/accounts/login/?next=")
    assert Client().post(f"{PAGE}lastfm/link/")["Location"].startswith("/accounts/login/?next=")


def test_a_suspended_member_links_nothing_and_may_unlink(
    as_rin: Client, rin: User, mod: User, lastfm: FakeLastfm, brainz: FakeListenBrainz
) -> None:
    connect(as_rin, "lastfm")
    back = agree(leave(as_rin, "lastfm"))
    suspend(moderator=mod, member=rin, reason="Spam.", now=now())
    assert "You are suspended" in said(as_rin.get(back))
    assert "You are suspended" in said(as_rin.post(f"{PAGE}lastfm/link/"))
    assert "You are suspended" in as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN}).content.decode()
    assert not brainz.asked
    as_rin.post(f"{PAGE}lastfm/unlink/")
    assert not LinkedAccount.objects.exists()


def test_services_that_are_none_are_not_there(as_rin: Client) -> None:
    for provider in ("discord", "myspace"):
        for verb in ("link", "back", "unlink"):
            assert as_rin.get(f"{PAGE}{provider}/{verb}/").status_code == 404
    assert as_rin.get(f"{PAGE}listenbrainz/back/").status_code == 404


# --- Unlinking ------------------------------------------------------------------------------------------------------
def test_unlinking_asks_first_forgets_the_permission_and_keeps_the_listens(
    as_rin: Client, rin: User, lastfm: FakeLastfm
) -> None:
    connect(as_rin, "lastfm")
    sync_account(SyncState.objects.get().pk, now=now())
    page = as_rin.get(f"{PAGE}lastfm/unlink/").content.decode()
    assert "Your listens stay" in page
    assert "https://www.last.fm/settings/applications" in page
    assert LinkedAccount.objects.exists()
    answer = as_rin.post(f"{PAGE}lastfm/unlink/", follow=True)
    assert "Last.fm is disconnected" in answer.content.decode()
    assert not LinkedAccount.objects.exists()
    assert not SyncState.objects.exists()
    assert ListenEvent.objects.filter(user=rin).count() == 1
    assert "No account of Last.fm is linked." in as_rin.get(f"{PAGE}lastfm/unlink/", follow=True).content.decode()


def test_the_only_way_in_is_not_unlinked(as_rin: Client, rin: User, spotify: FakeSpotify) -> None:
    connect(as_rin, "spotify")
    rin.set_unusable_password()
    rin.save()
    as_rin.force_login(rin)
    answer = as_rin.post(f"{PAGE}spotify/unlink/", follow=True)
    assert "Set a password first." in answer.content.decode()
    assert LinkedAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_service_is_asked(
    as_rin: Client, rin: User, spotify: FakeSpotify, lastfm: FakeLastfm, brainz: FakeListenBrainz
) -> None:
    ours, seen = connections["default"], []

    def watched(answer: Any) -> Any:
        def answers(asked: Any) -> Any:
            seen.append((asked.path, ours.in_atomic_block))
            return answer(asked)

        return answers

    for fake in (spotify, lastfm, brainz):
        with serving(watched(fake.answer)) as server:
            match fake:
                case FakeSpotify():
                    settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
                    connect(as_rin, "spotify")
                case FakeLastfm():
                    settings.LASTFM_URL = settings.LASTFM_AUTH_URL = server.url
                    connect(as_rin, "lastfm")
                case FakeListenBrainz():
                    settings.LISTENBRAINZ_URL = server.url
                    as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN})
                    caller_of(rin).post("auth/listenbrainz/link", {"token": TOKEN})
    assert LinkedAccount.objects.count() == 3
    assert {path for path, _ in seen} >= {"/api/token", "/v1/me", "/2.0/", "/1/validate-token"}
    assert not [path for path, is_open in seen if is_open]

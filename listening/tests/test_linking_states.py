"""The thread back from a service: whose it is, good once and for a while, and nothing of it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from listening.linking import states
from listening.tests.fake_lastfm import FakeLastfm
from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_spotify import FakeSpotify
from listening.tests.trips import PAGE, agree, leave, said
from sidetrack.logs import without_secrets
from sidetrack.tasks import forget_sessions
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db
TOKEN = FakeListenBrainz.token
WITH_PAGE = ["spotify", "lastfm"]


@pytest.mark.parametrize("provider", WITH_PAGE)
def test_a_state_is_good_once(
    as_rin: Client, rin: User, spotify: FakeSpotify, lastfm: FakeLastfm, provider: str
) -> None:
    back = agree(leave(as_rin, provider))
    assert "is linked" in said(as_rin.get(back))
    LinkedAccount.objects.all().delete()
    assert "is done already" in said(as_rin.get(back))
    assert not LinkedAccount.objects.exists()


@pytest.mark.parametrize("provider", WITH_PAGE)
@pytest.mark.parametrize("state", ["", "forged", "x" * 5000, "link-"])
def test_a_state_that_is_missing_or_forged_links_nothing(
    as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm, provider: str, state: str
) -> None:
    lastfm.sessions["mine"] = "Rin_FM"
    answer = as_rin.get(f"{PAGE}{provider}/back/", {"state": state, "code": "mine", "token": "mine"})
    assert answer["Location"] == PAGE
    assert "Begin again here." in said(answer)
    assert not LinkedAccount.objects.exists()
    assert not spotify.asked
    assert not lastfm.asked


@pytest.mark.parametrize("provider", WITH_PAGE)
def test_a_state_ends_after_a_while(as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm, provider: str) -> None:
    back = agree(leave(as_rin, provider))
    with time_machine.travel(now() + states.LASTS + timedelta(seconds=1)):
        assert "too long ago" in said(as_rin.get(back))
    assert not LinkedAccount.objects.exists()


@pytest.mark.parametrize("provider", WITH_PAGE)
def test_what_one_member_began_no_other_ends(
    as_rin: Client, mod: User, spotify: FakeSpotify, lastfm: FakeLastfm, provider: str
) -> None:
    back = agree(leave(as_rin, provider))
    others = Client()
    others.force_login(mod)
    assert "by another member" in said(others.get(back))
    assert "is done already" in said(as_rin.get(back)), "a state that somebody else had is spent"
    assert not LinkedAccount.objects.exists()


def test_what_was_begun_in_one_browser_does_not_end_in_another(as_rin: Client, rin: User, lastfm: FakeLastfm) -> None:
    back = agree(leave(as_rin, "lastfm"))
    other_browser = Client()
    other_browser.force_login(rin)
    assert "begun elsewhere" in said(other_browser.get(back))
    assert not LinkedAccount.objects.exists()


def test_a_state_of_one_service_is_none_of_another(as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm) -> None:
    state = parse_qs(urlsplit(agree(leave(as_rin, "spotify"))).query)["state"][0]
    lastfm.sessions["mine"] = "Rin_FM"
    assert "Begin again" in said(as_rin.get(f"{PAGE}lastfm/back/", {"state": state, "token": "mine"}))
    assert not LinkedAccount.objects.exists()


def test_what_nobody_came_back_from_is_forgotten(as_rin: Client, lastfm: FakeLastfm) -> None:
    leave(as_rin, "lastfm")
    begun = Session.objects.filter(session_key__startswith="link-")
    forget_sessions()
    assert begun.count() == 1
    with time_machine.travel(now() + states.LASTS + timedelta(seconds=1)):
        assert forget_sessions() == "1 session forgotten"
    assert not begun.exists()


def test_a_state_opens_no_session(as_rin: Client, lastfm: FakeLastfm, settings: Any) -> None:
    state = parse_qs(urlsplit(agree(leave(as_rin, "lastfm"))).query)["state"][0]
    assert not Session.objects.filter(session_key=state).exists()
    for key in Session.objects.filter(session_key__startswith="link-").values_list("session_key", flat=True):
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = key
        assert thief.get(PAGE).status_code == 302


def test_no_code_token_or_state_is_logged_or_shown(
    as_rin: Client, spotify: FakeSpotify, lastfm: FakeLastfm, brainz: FakeListenBrainz, caplog: Any
) -> None:
    backs = [agree(leave(as_rin, provider)) for provider in WITH_PAGE]
    answers = [as_rin.get(back, follow=True) for back in backs]
    answers.append(as_rin.post(f"{PAGE}listenbrainz/link/", {"token": TOKEN}, follow=True))
    secrets = {"access-1", "refresh-0", "session-of-Rin_FM", TOKEN, "code-0", "token-0"}
    secrets |= {parse_qs(urlsplit(back).query)["state"][0] for back in backs}
    written = without_secrets(caplog.text)  # as it is written
    assert f"GET {PAGE}spotify/back/ 302" in written
    shown = "".join(answer.content.decode() for answer in answers)
    for secret in secrets:
        assert secret not in shown
        assert secret not in written

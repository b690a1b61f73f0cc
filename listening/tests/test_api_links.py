"""REST links, lists and unlinks a member's own accounts; nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from listening.models import SyncState
from listening.tests.fake_lastfm import FakeLastfm
from listening.tests.fake_listenbrainz import FakeListenBrainz
from listening.tests.fake_spotify import FakeSpotify
from listening.tests.trips import agree, said
from social.identity import link_identity
from social.models import LinkedAccount, PersonalToken, User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db
TOKEN = FakeListenBrainz.token


@pytest.fixture
def lastfm(settings: Any) -> Iterator[FakeLastfm]:
    fake = FakeLastfm()
    with fake.running() as server:
        settings.LASTFM_URL = settings.LASTFM_AUTH_URL = server.url
        settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET, settings.LASTFM_RATE_LIMIT = "key", "secret", 0
        yield fake


def address_for(member: User, provider: str) -> str:
    answer = caller_of(member).post(f"auth/{provider}/link")
    assert answer.status_code == 200, answer.content
    return str(answer.json()["authorize_url"])


def links_of(member: User) -> dict[str, Any]:
    return {each["provider"]: each for each in caller_of(member).get("auth/links").json()["links"]}


def test_the_address_links_in_a_browser_of_the_same_member(client: Client, rin: User, lastfm: FakeLastfm) -> None:
    back = agree(address_for(rin, "lastfm"))
    client.force_login(rin)
    assert "Last.fm is linked: Rin_FM." in said(client.get(back))
    link = links_of(rin)["lastfm"]
    assert (link["account"], link["is_linked"], link["is_read"], link["status"]) == ("Rin_FM", True, True, "new")


def test_the_address_links_nothing_for_anybody_else(client: Client, rin: User, mod: User, lastfm: FakeLastfm) -> None:
    back = agree(address_for(rin, "lastfm"))
    assert client.get(back)["Location"].startswith("/accounts/login/")
    client.force_login(mod)
    assert "by another member" in said(client.get(back))
    assert not LinkedAccount.objects.exists()


def test_spotify_is_linked_the_same_way(client: Client, rin: User, settings: Any) -> None:
    settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = settings.SPOTIFY_CLIENT_ID = ""  # put back afterwards
    settings.SPOTIFY_CLIENT_SECRET = ""
    refused(caller_of(rin).post("auth/spotify/link"), 503, "switched_off")
    with FakeSpotify().running():
        client.force_login(rin)
        assert "Spotify is linked" in said(client.get(agree(address_for(rin, "spotify"))))
    link = links_of(rin)["spotify"]
    assert link["ends_at"] > link["linked_at"]


def test_listenbrainz_is_linked_by_its_token_which_is_never_answered(rin: User, brainz: FakeListenBrainz) -> None:
    answer = caller_of(rin).post("auth/listenbrainz/link", {"token": TOKEN})
    assert answer.status_code == 200
    assert answer.json()["account"] == "rin_lb"
    assert TOKEN not in answer.content.decode()
    assert LinkedAccount.objects.get().access_token == TOKEN
    assert caller_of(rin).post("auth/listenbrainz/link", {"token": TOKEN}).status_code == 200
    assert SyncState.objects.count() == 1


def test_a_wrong_token_and_a_service_that_is_down_are_told(
    rin: User, brainz: FakeListenBrainz, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "wrong" not in refused(caller_of(rin).post("auth/listenbrainz/link", {"token": "wrong"}), 400, "wrong_token")
    refused(caller_of(rin).post("auth/listenbrainz/link", {}), 400, "invalid")
    monkeypatch.setattr("listening.linking.coming_back.WAIT_S", 0.05)
    settings.LISTENBRAINZ_URL = "http://127.0.0.1:9"
    refused(caller_of(rin).post("auth/listenbrainz/link", {"token": TOKEN}), 503, "no_answer")
    assert not LinkedAccount.objects.exists()


def test_an_account_of_another_member_is_a_conflict(rin: User, sol: User, brainz: FakeListenBrainz) -> None:
    link_identity(user=sol, provider="listenbrainz", provider_user_id="rin_lb", now=now())
    refused(caller_of(rin).post("auth/listenbrainz/link", {"token": TOKEN}), 409, "identity_taken")


def test_the_list_names_all_services_and_no_token(rin: User, sol: User) -> None:
    at = now() - timedelta(days=1)
    link_identity(user=rin, provider="discord", provider_user_id="1", now=at, metadata={"global_name": "Rin!"})
    link_identity(user=rin, provider="listenbrainz", provider_user_id="rin_lb", access_token=TOKEN, now=at)
    SyncState.objects.create(
        user=rin, source="listenbrainz", account_name="rin_lb", status="needs_relink", error="Again.", due_at=at
    )
    answer = caller_of(rin).get("auth/links")
    assert TOKEN not in answer.content.decode()
    links = links_of(rin)
    assert list(links) == ["lastfm", "listenbrainz", "spotify", "discord"]
    assert (links["discord"]["account"], links["discord"]["is_read"]) == ("Rin!", False)
    assert (links["listenbrainz"]["status"], links["listenbrainz"]["message"]) == ("needs_relink", "Again.")
    assert links["listenbrainz"]["next_read_at"] is None
    assert not any(each["is_linked"] for each in links_of(sol).values())


def test_unlinking_twice_changes_nothing_more(rin: User, sol: User) -> None:
    for member, name in ((rin, "rin_lb"), (sol, "sol_lb")):
        link_identity(user=member, provider="listenbrainz", provider_user_id=name, now=now())
    for _ in range(2):
        assert caller_of(rin).delete("auth/links/listenbrainz").status_code == 204
    assert LinkedAccount.objects.get().user == sol
    refused(caller_of(rin).delete("auth/links/myspace"), 404, "not_found")


def test_the_only_way_in_stays(rin: User) -> None:
    rin.set_unusable_password()
    rin.save()
    link_identity(user=rin, provider="discord", provider_user_id="1", now=now())
    refused(caller_of(rin).delete("auth/links/discord"), 409, "last_way_in")


def test_visitors_readers_and_other_members_are_refused(
    rin: User, mod: User, visitor: Caller, lastfm: FakeLastfm, brainz: FakeListenBrainz
) -> None:
    refused(visitor.get("auth/links"), 401, "not_authenticated")
    refused(visitor.post("auth/lastfm/link"), 401, "not_authenticated")
    refused(visitor.delete("auth/links/lastfm"), 401, "not_authenticated")
    reader = caller_of(rin, PersonalToken.Scope.READ)
    assert reader.get("auth/links").status_code == 200
    refused(reader.post("auth/lastfm/link"), 403, "read_only_token")
    refused(reader.delete("auth/links/lastfm"), 403, "read_only_token")
    refused(caller_of(mod).post("auth/lastfm/link", {"user": "rin"}), 403, "not_your_own")
    refused(caller_of(mod).post("auth/listenbrainz/link", {"user": "rin", "token": TOKEN}), 403, "not_your_own")
    User.objects.filter(pk=rin.pk).update(suspended_at=now())
    refused(caller_of(rin).post("auth/lastfm/link"), 403, "suspended")


def test_the_service_token_names_the_member(rin: User, service: Caller, brainz: FakeListenBrainz) -> None:
    refused(service.get("auth/links"), 400, "invalid")
    answer = service.post("auth/listenbrainz/link", {"user": "rin", "token": TOKEN})
    assert answer.json()["account"] == "rin_lb"
    assert service.delete("auth/links/listenbrainz", **{"X-User-Id": "rin"}).status_code == 204
    assert not LinkedAccount.objects.exists()

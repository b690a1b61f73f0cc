"""A member's permission at Spotify is renewed in time, by whoever comes first, and discarded when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from listening.clients import spotify_permission
from listening.clients.spotify import SpotifyAccount, profile_of
from listening.clients.spotify_permission import authorise_address, missing, new_verifier, redeem, token_of
from listening.syncing.reading import KeyRefused
from listening.tests.fake_spotify import FakeSpotify, refusal
from sidetrack.http import NeedsRelink, TryLater
from social.models import LinkedAccount, User

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
PERMITTED = NOW - timedelta(days=30)


@pytest.fixture
def link(rin: User, monkeypatch: pytest.MonkeyPatch) -> LinkedAccount:
    monkeypatch.setattr(spotify_permission, "RACE_PAUSE_S", 0.01)
    return LinkedAccount.objects.create(
        user=rin,
        provider="spotify",
        provider_user_id="listener",
        access_token="access-0",
        refresh_token="refresh-0",
        expires_at=NOW + timedelta(hours=1),
        authorised_at=PERMITTED,
    )


def of(link: LinkedAccount) -> LinkedAccount:
    """The same row as another process sees it."""
    return LinkedAccount.objects.get(pk=link.pk)


def tokens_of(link: LinkedAccount) -> tuple[str, str]:
    stored = of(link)
    return stored.access_token, stored.refresh_token


def test_a_token_that_is_good_is_used_without_asking(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify()
    with spotify.running():
        assert token_of(link, now=NOW) == "access-0"
    assert spotify.renewals() == 0


@pytest.mark.parametrize("left", [timedelta(seconds=59), timedelta(0), timedelta(days=-100)])
def test_in_its_last_minute_a_token_is_renewed_and_stored(link: LinkedAccount, settings: Any, left: timedelta) -> None:
    now = NOW + timedelta(hours=1) - left
    with FakeSpotify().running():
        assert token_of(link, now=now) == "access-1"
    stored = of(link)
    assert tokens_of(link) == ("access-1", "refresh-0")
    assert stored.expires_at == now + timedelta(hours=1)
    assert (stored.authorised_at, stored.scopes) == (PERMITTED, "a b")  # renewing does not extend the permission


def test_a_new_refresh_token_takes_the_place_of_the_spent_one(link: LinkedAccount, settings: Any) -> None:
    later = NOW + timedelta(hours=2)
    with FakeSpotify(rotates=True).running():
        token_of(link, now=later)
        assert tokens_of(link) == ("access-1", "refresh-1")
        assert token_of(of(link), now=later + timedelta(hours=2)) == "access-2"
    assert tokens_of(link) == ("access-2", "refresh-2")


def test_a_token_that_is_withdrawn_before_its_hour_is_renewed_once(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify(good=set())
    with spotify.running():
        assert SpotifyAccount(link, now=NOW).recently_played().n_items == 0
        assert spotify.renewals() == 1
        spotify.failures = [refusal(401, "Bad"), FakeSpotify().new_tokens(""), refusal(401, "Bad")]
        with pytest.raises(NeedsRelink):
            SpotifyAccount(link, now=NOW).recently_played()
    assert spotify.renewals() == 2


def test_a_permission_that_is_over_is_discarded_and_never_tried_again(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify(refresh_tokens=set())
    later = NOW + timedelta(hours=2)
    with spotify.running():
        with pytest.raises(NeedsRelink, match="no longer accepts your permission"):
            token_of(link, now=later)
        assert tokens_of(link) == ("", "")
        assert of(link).expires_at is None
        for each in (link, of(link)):
            with pytest.raises(NeedsRelink, match="not permitted"):
                token_of(each, now=later)
    assert spotify.renewals() == 1


def test_who_comes_second_takes_the_tokens_of_the_first(link: LinkedAccount, settings: Any) -> None:
    later = NOW + timedelta(hours=2)
    second = of(link)
    spotify = FakeSpotify()
    with spotify.running():
        token_of(link, now=later)
        assert token_of(second, now=later) == "access-1"
    assert spotify.renewals() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rotates", [False, True])
def test_two_that_renew_at_the_same_moment_end_with_one_pair(link: LinkedAccount, settings: Any, rotates: bool) -> None:
    """The second asks between the first's question and its answer; with rotation it hears that its token is spent."""
    later = NOW + timedelta(hours=2)
    spotify = FakeSpotify(rotates=rotates)
    first = of(link)
    heard: list[str] = []

    def other_process() -> None:
        if not heard:
            heard.append("busy")
            heard.append(token_of(first, now=later))
            connection.close()

    spotify.on_renewal = other_process
    with spotify.running():
        assert token_of(link, now=later) == heard[1] == "access-1"
    assert tokens_of(link) == ("access-1", "refresh-1" if rotates else "refresh-0")
    assert spotify.renewals() == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_discarded_too_early_comes_back_with_the_tokens_of_the_other(
    link: LinkedAccount, settings: Any
) -> None:
    spotify = FakeSpotify()

    def other_process_discards() -> None:
        LinkedAccount.objects.filter(pk=link.pk).update(access_token="", refresh_token="", expires_at=None)
        connection.close()

    spotify.on_renewal = other_process_discards
    with spotify.running():
        assert token_of(link, now=NOW + timedelta(hours=2)) == "access-1"
    assert tokens_of(link) == ("access-1", "refresh-0")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_over", [False, True])
def test_a_member_who_connects_again_meanwhile_keeps_the_new_permission(
    link: LinkedAccount, settings: Any, is_over: bool
) -> None:
    spotify = FakeSpotify(refresh_tokens=set() if is_over else {"refresh-0"})
    later = NOW + timedelta(hours=2)

    def connects_again() -> None:
        LinkedAccount.objects.filter(pk=link.pk).update(
            access_token="fresh", refresh_token="freshest", expires_at=later + timedelta(hours=1), authorised_at=later
        )
        connection.close()

    spotify.on_renewal = connects_again
    with spotify.running():
        assert token_of(link, now=later) == "fresh"
    assert tokens_of(link) == ("fresh", "freshest")


def test_who_signs_in_with_spotify_has_not_permitted_to_be_read(rin: User, settings: Any) -> None:
    link = LinkedAccount.objects.create(user=rin, provider="spotify", provider_user_id="listener")
    spotify = FakeSpotify()
    with spotify.running(), pytest.raises(NeedsRelink, match="not permitted"):
        token_of(link, now=NOW)
    assert spotify.asked == []


def test_wrong_keys_are_the_operator_s_and_cost_no_member_their_permission(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify(keys=("id", "secret"))
    with spotify.running():
        settings.SPOTIFY_CLIENT_SECRET = "wr0ng"
        with pytest.raises(KeyRefused, match="SPOTIFY_CLIENT_SECRET") as caught:
            token_of(link, now=NOW + timedelta(hours=2))
    assert "wr0ng" not in str(caught.value)
    assert tokens_of(link) == ("access-0", "refresh-0")


def test_a_spotify_that_is_down_costs_no_permission_and_is_not_asked_twice(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify(failures=[refusal(503, "Down")] * 5)
    with spotify.running(), pytest.raises(TryLater):
        token_of(link, now=NOW + timedelta(hours=2))
    assert spotify.renewals() == 1
    assert tokens_of(link) == ("access-0", "refresh-0")


def test_without_keys_it_is_off_and_says_which_are_missing(link: LinkedAccount, settings: Any) -> None:
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", ""
    assert missing() == "SPOTIFY_CLIENT_SECRET"
    with pytest.raises(KeyRefused, match="set SPOTIFY_CLIENT_SECRET"):
        token_of(link, now=NOW + timedelta(hours=2))


def test_a_member_is_sent_to_spotify_and_comes_back_with_a_permission(settings: Any) -> None:
    spotify, verifier, back = FakeSpotify(), new_verifier(), "https://club.example/back"
    with spotify.running() as server:
        address = urlsplit(authorise_address(redirect_uri=back, state="st&ate", verifier=verifier))
        asked = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert f"{address.scheme}://{address.netloc}" == server.url
        assert asked["redirect_uri"] == back
        assert (asked["client_id"], asked["response_type"], asked["state"]) == ("id", "code", "st&ate")
        assert {"user-read-recently-played", "user-read-currently-playing"} <= set(asked["scope"].split())
        assert verifier not in address.query
        spotify.codes = {"mine": asked["code_challenge"], "theirs": asked["code_challenge"]}
        tokens = redeem("mine", redirect_uri=back, verifier=verifier)
        assert (tokens.access_token, tokens.refresh_token, tokens.lasts_s) == ("access-1", "refresh-0", 3600)
        assert profile_of(tokens).spotify_id == "listener"
        with pytest.raises(NeedsRelink):
            redeem("mine", redirect_uri=back, verifier=verifier)
        with pytest.raises(NeedsRelink):
            redeem("theirs", redirect_uri=back, verifier=new_verifier())

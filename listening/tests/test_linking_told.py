"""A member hears, once each, that an account stopped and that a permission is about to end; operators what is on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listening.linking.readiness import lines
from listening.linking.telling import warn_of_endings
from listening.models import SyncState
from listening.syncing.asking import ask_for_reading
from listening.syncing.registry import sync_account
from listening.tests.fake_lastfm import FakeLastfm
from social.identity import link_identity, unlink_identity
from social.kinds import kinds
from social.models import LinkedAccount, Notification, User

pytestmark = pytest.mark.django_db
GIVEN = datetime(2026, 8, 31, 12, tzinfo=UTC)
ENDS = datetime(2027, 2, 28, 12, tzinfo=UTC)


def permit(member: User, *, at: datetime = GIVEN) -> LinkedAccount:
    return link_identity(
        user=member, provider="spotify", provider_user_id="listener", access_token="a", refresh_token="r", now=at
    )


def told(member: User) -> list[tuple[str, str]]:
    return [(row.kind, row.text) for row in Notification.objects.filter(user=member, read_at=None).order_by("pk")]


def test_a_permission_that_ends_is_told_a_month_and_a_week_before_once_each(rin: User) -> None:
    permit(rin)
    words = "Spotify lets us read what you play until 28 February 2027. Connect it again before then, in your settings."
    assert warn_of_endings(now=ENDS - timedelta(days=31)) == 0
    assert [warn_of_endings(now=ENDS - timedelta(days=day)) for day in (29, 28, 8)] == [1, 0, 0]
    assert told(rin) == [("permission_ends", words)]
    assert [warn_of_endings(now=ENDS - timedelta(days=day)) for day in (6, 5, 0)] == [1, 0, 0]
    assert told(rin) == [("permission_ends", words)] * 2
    assert Notification.objects.first().address == "/settings/connections/"  # type: ignore[union-attr]


def test_what_was_told_of_a_permission_is_over_with_it(rin: User) -> None:
    permit(rin)
    warn_of_endings(now=ENDS - timedelta(days=6))
    unlink_identity(user=rin, provider="spotify")
    assert told(rin) == []
    assert warn_of_endings(now=ENDS - timedelta(days=6)) == 0


def test_an_account_that_stops_is_told_once_also_when_it_is_tried_again(rin: User, settings: Any) -> None:
    link_identity(user=rin, provider="lastfm", provider_user_id="gone", now=GIVEN)
    fake = FakeLastfm(users={"somebody"})
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        for hours in (1, 2):
            ask_for_reading(user=rin, now=GIVEN + timedelta(hours=hours))
            sync_account(SyncState.objects.get().pk, now=GIVEN + timedelta(hours=hours))
    assert told(rin) == [("sync_stopped", "Last.fm knows nobody called “gone”. Connect it again in your settings.")]
    Notification.objects.update(read_at=GIVEN)
    assert SyncState.objects.get().status == "needs_relink"


def test_both_kinds_have_a_switch() -> None:
    assert {"permission_ends", "sync_stopped"} <= {kind.name for kind in kinds()}


def test_an_operator_reads_what_linking_needs(settings: Any) -> None:
    settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET = "key", ""
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    settings.SITE_URL = "https://club.example.org"
    found = {line.name: (line.is_on, line.says) for line in lines()}
    assert found["Linking of Last.fm accounts"] == (False, "Set LASTFM_API_SECRET to turn it on.")
    assert found["Linking of ListenBrainz accounts"] == (True, "0 linked")
    is_on, says = found["Linking of Spotify accounts"]
    assert is_on
    assert says.endswith("https://club.example.org/settings/connections/spotify/back/")

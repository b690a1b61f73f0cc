"""What our ListenBrainz server answers, our ListenBrainz client understands: one site is read by another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from listening.clients.listenbrainz import ListenBrainz
from listening.ingest import ingest
from listening.models import ListenEvent, NowPlaying
from listening.now_playing import now_playing
from listening.plays import Play
from listening.syncing import listenbrainz
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import sync_account
from listening.tokens import make_token
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def _here(settings: Any, live_server: LiveServer) -> None:
    settings.LISTENBRAINZ_URL, settings.LISTENBRAINZ_RATE_LIMIT = live_server.url, 0


@pytest.mark.usefixtures("_here")
def test_a_member_of_one_site_is_read_whole_by_another(rin: User, sol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sol's site and Rin's are the same one here; Rin reads what Sol heard, three of it in one second."""
    User.objects.filter(pk=sol.pk).update(visibility="public", listens_visibility="public")
    heard = [
        Play(NOW - timedelta(minutes=5 * number), "Björk", f"Song {'abcdefghijklmnopqrst'[number]}", "Homogenic")
        for number in range(20)
    ]
    heard += [Play(NOW - timedelta(minutes=50), "Björk", f"Movement {name}", duration_ms=61_000) for name in "xyz"]
    assert ingest(user=sol, source="scrobbler", plays=heard, now=NOW).n_new == 23
    now_playing(user=sol, source="scrobbler", artist="Tricky", title="Overcome", duration_ms=600_000, now=NOW)
    NowPlaying.objects.update(expires_at=datetime(2100, 1, 1, tzinfo=UTC))  # the server has its own clock

    monkeypatch.setattr(listenbrainz, "MOST_A_PAGE", 6)
    link_identity(user=rin, provider="listenbrainz", provider_user_id="sol", now=NOW)
    follow_accounts(now=NOW)
    answer = sync_account(rin.sync_states.get().pk, now=NOW)
    assert answer.problem == ""
    told = {(each.played_at, each.artist, each.title, each.album) for each in heard}
    mine = ListenEvent.objects.filter(user=rin, source="listenbrainz").select_related("artist", "track", "album")
    assert {(e.played_at, e.artist.name, e.track.title, e.album.title if e.album else "") for e in mine} == told
    assert ListenBrainz().listen_count("sol") == 23
    playing = NowPlaying.objects.get(user=rin)
    assert (playing.artist_name, playing.title, playing.source) == ("Tricky", "Overcome", "listenbrainz")


@pytest.mark.usefixtures("_here")
def test_a_token_of_ours_says_whose_it_is(rin: User) -> None:
    _, key = make_token(user=rin, name="Navidrome", now=NOW)
    assert ListenBrainz().owner_of(key).user_name == "rin"
    assert not ListenBrainz().owner_of("5d1de71e-0000-4000-8000-000000000000").is_valid

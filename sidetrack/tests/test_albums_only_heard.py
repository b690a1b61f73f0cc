"""Albums that were only heard wait behind those that the club needs, and stay out of the archive's lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from catalog import tasks
from catalog.models import Album
from catalog.models.resolution import Resolution
from catalog.search import search_albums
from catalog.tests.factories import AlbumFactory
from club.tests.factories import NominationFactory
from listening.ingest import ingest
from listening.plays import Play
from social.models import User

pytestmark = pytest.mark.django_db


def hear(user: User, album: str, now: datetime, *, n: int = 1, artist: str = "Low") -> Album:
    plays = [Play(now - timedelta(hours=hour), artist, f"Song of {album}", album) for hour in range(1, n + 1)]
    ingest(user=user, source="lastfm", plays=plays, now=now)
    return Album.objects.get(title=album)


def test_the_sweep_looks_up_what_the_club_needs_then_the_most_played(
    rin: User, monday: datetime, jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "N_HEARD_AT_ONCE", 2)
    hear(rin, "Heard once", monday)
    twice, thrice = hear(rin, "Heard twice", monday, n=2), hear(rin, "Heard thrice", monday, n=3)
    brought = AlbumFactory(title="Brought by REST")
    nominated = hear(rin, "Nominated", monday)
    NominationFactory(album=nominated)
    assert tasks.identify_due() == "Queued 4 albums to identify."
    assert [args[0] for _, args in jobs.queued()] == [nominated.pk, brought.pk, thrice.pk, twice.pk]


def test_an_album_that_was_only_heard_is_not_in_the_lists_of_the_archive(
    rin: User, monday: datetime, client: Client
) -> None:
    heard, nominated = hear(rin, "Things We Lost", monday), hear(rin, "Secret Name", monday)
    NominationFactory(album=nominated)
    page = client.get(heard.artist.get_absolute_url()).content.decode()
    assert "Secret Name" in page
    assert "Things We Lost" not in page
    assert heard.get_absolute_url() not in client.get("/sitemap.xml").content.decode()
    assert search_albums("Secret Name") == [nominated]
    assert search_albums("Things We Lost") == []
    Album.objects.filter(pk=heard.pk).update(
        release_group_mbid="0a2b3c4d-0000-4000-8000-000000000001", resolution=Resolution.MATCHED
    )
    assert search_albums("Things We Lost") == [heard]

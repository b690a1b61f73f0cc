"""Eight workers look up the same names at once; each ends as one track, and no listen is lost. Needs PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Artist, Track
from catalog.tests.musicbrainz_double import MusicBrainzDouble
from catalog.tests.test_races import at_once
from listening.ingest import ingest
from listening.models import ListenEvent
from listening.plays import Play
from listening.resolving.tracks import resolve_track
from listening.tests.plays import EVENING, prove
from social.models import User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = EVENING + timedelta(days=9)


def hear(user: User, names: list[tuple[str, str]], hour: int) -> None:
    plays = [Play(EVENING + timedelta(hours=hour, minutes=4 * n), *each) for n, each in enumerate(names)]
    ingest(user=user, source="lastfm", plays=plays, now=LATER)


def test_eight_workers_resolve_the_same_names_while_they_are_played(
    rin: User, sol: User, musicbrainz: MusicBrainzDouble
) -> None:
    spellings = [
        ("Nick Cave & Warren Ellis", "Ghost Town"),
        ("Nick Cave", "Ghost Town"),
        ("Warren Ellis", "Ghost Town"),
    ]
    others = [("Low", f"Song {n}") for n in range(4)]
    musicbrainz.add_recording("Ghost Town", "Nick Cave", "Warren Ellis")
    for _, title in others:
        musicbrainz.add_recording(title, "Low")
    for hour, user in enumerate([rin, sol]):
        hear(user, spellings + others, hour)
    tracks = list(Track.objects.order_by("pk"))
    lookups = [lambda track=track: resolve_track(track=track, now=LATER) for track in tracks]
    at_once(*lookups, lambda: hear(rin, spellings + others, 30), lambda: hear(sol, spellings + others, 40))
    for track in tracks:  # one that waited for another worker's answer is done by the next try
        resolve_track(track=track, now=LATER)
    assert Track.objects.current().count() == 5
    assert Artist.objects.filter(name="Nick Cave").count() == 1
    assert ListenEvent.objects.count() == 4 * 7
    hear(rin, spellings, 50)
    assert (
        ListenEvent.objects.filter(user=rin, played_at__gte=EVENING + timedelta(hours=50))
        .values("track")
        .distinct()
        .count()
        == 1
    )
    prove(rin)
    prove(sol)

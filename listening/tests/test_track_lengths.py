"""A track's length is learnt from the first source that tells it, and helps to see one play told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Track
from catalog.naming import get_or_create_track
from listening.bulk.lengths import learn_lengths
from listening.ingest import ingest
from listening.models import ListenEvent
from listening.plays import Play
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


def length_of(track: Track) -> int | None:
    return Track.objects.get(pk=track.pk).duration_ms


def track(title: str) -> Track:
    return get_or_create_track(title=title, artist="Portishead")[0]


def test_the_first_word_holds_and_what_is_known_stays() -> None:
    unknown, known, untold = track("Roads"), track("Numb"), track("Strangers")
    Track.objects.filter(pk=known.pk).update(duration_ms=234_000)
    told = [(unknown.pk, None), (unknown.pk, 305_000), (unknown.pk, 999_000), (known.pk, 1_000_000), (untold.pk, None)]
    assert learn_lengths(told) == 1
    assert (length_of(unknown), length_of(known), length_of(untold)) == (305_000, 234_000, None)
    assert learn_lengths([(unknown.pk, 1_000_000)]) == 0
    assert length_of(unknown) == 305_000


def test_what_no_track_lasts_is_not_believed() -> None:
    odd = track("Roads")
    assert learn_lengths([(odd.pk, ms) for ms in (0, 999, 86_400_001, None)]) == 0
    assert length_of(odd) is None


def test_many_lengths_are_written_by_two_statements() -> None:
    tracks = [track(f"Song {'abcdefghijklmnopqrstuvwxyz'[number]}") for number in range(26)]
    with CaptureQueriesContext(connection) as queries:
        assert learn_lengths([(each.pk, 100_000 + each.pk) for each in tracks]) == 26
    assert len(queries) == 2
    assert all(length_of(each) == 100_000 + each.pk for each in tracks)


def test_a_start_that_lies_a_minute_and_more_before_is_the_same_play_where_the_length_is_known(rin: User) -> None:
    """Spotify's interface dates a track that was left early before its start; Last.fm knows no lengths."""
    early = Play(NOW - timedelta(seconds=71), "Slowdive", "Alison", duration_ms=231_000)
    assert ingest(user=rin, source="spotify", plays=[early], now=NOW).n_new == 1
    assert ingest(user=rin, source="lastfm", plays=[Play(NOW, "Slowdive", "Alison")], now=NOW).n_duplicates == 1
    assert ListenEvent.objects.filter(user=rin).counted().count() == 1

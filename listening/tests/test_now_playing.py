"""What a member hears now: the last word of any source, until the track is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.models import Track
from listening.ingest import ingest
from listening.models import IncognitoRange, ListenEvent, NowPlaying
from listening.now_playing import nothing_playing, now_playing
from listening.plays import Play
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def say(user: User, title: str = "Roads", *, source: str = "lastfm", now: datetime = NOW, **said: Any) -> NowPlaying:
    row = now_playing(user=user, source=source, artist="Portishead", title=title, now=now, **said)
    assert row is not None
    return row


def test_it_ends_with_the_track(rin: User) -> None:
    row = say(rin, duration_ms=303_000, album="Dummy", client="Web Scrobbler")
    assert (row.title, row.album_title, row.client, row.started_at) == ("Roads", "Dummy", "Web Scrobbler", NOW)
    assert row.expires_at - NOW == timedelta(seconds=303)
    assert not ListenEvent.objects.exists()


def test_without_a_length_it_ends_after_ten_minutes(rin: User) -> None:
    assert say(rin).expires_at - NOW == 10 * MINUTE


def test_a_length_beyond_reason_is_cut(rin: User) -> None:
    assert say(rin, duration_ms=10**12).expires_at - NOW == timedelta(hours=6)


def test_the_last_word_counts_whoever_says_it(rin: User) -> None:
    say(rin, "Roads")
    say(rin, "Glory Box", source="scrobbler", now=NOW + MINUTE)
    playing = NowPlaying.objects.get()
    assert (playing.title, playing.source) == ("Glory Box", "scrobbler")


def test_the_same_music_told_again_keeps_its_start(rin: User) -> None:
    say(rin, "Roads")
    again = say(rin, "ROADS", now=NOW + 5 * MINUTE)
    assert again.started_at == NOW
    assert again.expires_at == NOW + 15 * MINUTE


def test_the_same_music_after_its_end_has_begun_anew(rin: User) -> None:
    say(rin, "Roads")
    assert say(rin, "Roads", now=NOW + 11 * MINUTE).started_at == NOW + 11 * MINUTE


def test_a_source_that_knows_the_start_is_believed(rin: User) -> None:
    row = say(rin, started_at=NOW - 2 * MINUTE, duration_ms=300_000)
    assert (row.started_at, row.expires_at) == (NOW - 2 * MINUTE, NOW + 3 * MINUTE)


def test_silence_ends_only_what_the_same_source_said(rin: User) -> None:
    say(rin)
    assert nothing_playing(user=rin, source="spotify") is False
    assert NowPlaying.objects.exists()
    assert nothing_playing(user=rin, source="lastfm") is True
    assert not NowPlaying.objects.exists()


def test_in_a_private_time_nothing_is_told(rin: User) -> None:
    IncognitoRange.objects.create(user=rin, starts_at=NOW - MINUTE, ends_at=NOW + MINUTE)
    assert now_playing(user=rin, source="lastfm", artist="Portishead", title="Roads", now=NOW) is None
    assert not NowPlaying.objects.exists()
    say(rin, now=NOW + 2 * MINUTE)


def test_in_a_private_time_what_was_told_before_ends(rin: User) -> None:
    say(rin)
    IncognitoRange.objects.create(user=rin, starts_at=NOW)
    now_playing(user=rin, source="lastfm", artist="Portishead", title="Glory Box", now=NOW + MINUTE)
    assert not NowPlaying.objects.exists()


def test_a_track_that_we_know_is_named_and_an_unknown_one_becomes_none(rin: User) -> None:
    ingest(user=rin, source="manual", plays=[Play(NOW - 9 * MINUTE, "Portishead", "Roads", "Dummy")], now=NOW)
    known = say(rin, "Roads", album="Dummy")
    assert (str(known.track), str(known.album)) == ("Roads — Portishead", "Dummy — Portishead")
    assert say(rin, "Over").track is None
    assert Track.objects.count() == 1


def test_names_longer_than_the_table_are_cut(rin: User) -> None:
    assert len(say(rin, "R" * 900, album="D" * 900).title) == 500

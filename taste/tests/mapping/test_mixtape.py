"""The mixtape of a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from catalog.tests.factories import ArtistFactory, TrackFactory
from social.models import User
from taste.mixtapes import mixtape_of
from taste.models import AudioFile
from taste.tests.mapping.scenes import MONDAY, NOW, analysed, hear, planted

pytestmark = pytest.mark.django_db


def library(n: int, *, n_clusters: int, **said: object) -> tuple[list, Any]:
    vectors, labels = planted(n, n_clusters=n_clusters, spread=0.3)
    artists = [ArtistFactory() for _ in range(10)]
    tracks = [TrackFactory(artist=artists[at % 10], **said) for at in range(n)]
    return analysed(vectors, tracks=tracks), labels


def test_it_stands_for_the_sound_that_was_played_most(rin: User) -> None:
    tracks, labels = library(90, n_clusters=3)
    hear(rin, {track: 3 if label == 2 else 1 for track, label in zip(tracks, labels, strict=True)})
    tape = mixtape_of(rin, MONDAY, now=NOW)
    assert tape is not None
    assert 60 <= tape.minutes <= 90
    kinds = dict(zip([track.pk for track in tracks], labels, strict=True))
    assert {kinds[each.track.pk] for each in tape.tracks} == {2}
    assert tape.tracks[0].reason.startswith("Played 3 times this week")
    assert "3 kinds of music in the 90 analysed tracks" in tape.method
    assert tape.key == "2025-W46"
    again = mixtape_of(rin, MONDAY + timedelta(days=3), now=NOW)
    assert again == tape


def test_a_week_short_of_music_is_filled_up_from_before(rin: User) -> None:
    tracks, labels = library(40, n_clusters=2)
    like = [track for track, label in zip(tracks, labels, strict=True) if label == 0]
    hear(rin, dict.fromkeys(tracks[20:], 1), monday=MONDAY - timedelta(weeks=3))
    hear(rin, dict.fromkeys(like[:8], 2))
    tape = mixtape_of(rin, MONDAY, now=NOW)
    assert tape is not None
    before = [each for each in tape.tracks if each.reason.startswith("Last played on")]
    assert before
    assert {each.track.pk for each in before} & {track.pk for track in like[10:]}
    assert "20 October; it sounds like this week." in before[0].reason
    n_core = len(tape.tracks) - len(before)
    assert tape.method.startswith(f"All 8 analysed tracks of the week. {n_core} of them are chosen ")
    assert f" {len(before)} more, the nearest to them, make it long enough." in tape.method


@pytest.mark.parametrize("n", [0, 2, 12])
def test_too_little_music_makes_none(rin: User, n: int) -> None:
    tracks, _ = library(12, n_clusters=1)
    hear(rin, dict.fromkeys(tracks[:n], 4))
    assert mixtape_of(rin, MONDAY, now=NOW) is None


def test_unknown_lengths_come_from_the_file_else_the_usual(rin: User) -> None:
    tracks, _ = library(40, n_clusters=1, duration_ms=None)
    AudioFile.objects.create(
        path="a.ogg", n_bytes=1, modified_at=NOW, seen_at=NOW, seconds=300.0, track=tracks[0], measured_version="1"
    )
    hear(rin, {tracks[0]: 30} | dict.fromkeys(tracks[1:], 1))
    tape = mixtape_of(rin, MONDAY, now=NOW)
    assert tape is not None
    lengths = {each.track.pk: (each.seconds, each.is_guessed) for each in tape.tracks}
    assert lengths.pop(tracks[0].pk, (300.0, False)) == (300.0, False)
    assert set(lengths.values()) == {(210.0, True)}
    assert "taken for 3:30" in tape.method


def test_a_set_of_an_hour_is_no_track_of_it(rin: User) -> None:
    tracks, _ = library(40, n_clusters=1)
    hear(rin, {tracks[0]: 9} | dict.fromkeys(tracks[1:], 1))
    tracks[0].duration_ms = 3_700_000
    tracks[0].save()
    tape = mixtape_of(rin, MONDAY, now=NOW)
    assert tape is not None
    assert tracks[0].pk not in {each.track.pk for each in tape.tracks}


def test_other_peoples_plays_and_later_ones_do_not_count(rin: User, sol: User) -> None:
    tracks, _ = library(60, n_clusters=1)
    hear(sol, dict.fromkeys(tracks, 1))
    hear(rin, dict.fromkeys(tracks, 1), monday=MONDAY + timedelta(weeks=1))
    assert mixtape_of(rin, MONDAY, now=NOW) is None


@pytest.mark.parametrize("n", [30, 80])
def test_it_asks_as_often_for_many_tracks_as_for_few(rin: User, n: int, django_assert_max_num_queries: Any) -> None:
    tracks, _ = library(n, n_clusters=2)
    hear(rin, dict.fromkeys(tracks, 1))
    with django_assert_max_num_queries(12):
        assert mixtape_of(rin, MONDAY, now=NOW) is not None


def test_energy_rises(rin: User) -> None:
    from taste.models import TrackFeatures

    line = np.linspace(0, 1, 40, dtype=np.float32)
    tracks = analysed(np.outer(line, np.ones(8, np.float32)))
    TrackFeatures.objects.bulk_create(
        TrackFeatures(track=track, energy=float(at), updated_at=NOW) for track, at in zip(tracks, line, strict=True)
    )
    hear(rin, dict.fromkeys(tracks, 1))
    tape = mixtape_of(rin, MONDAY, now=NOW)
    assert tape is not None
    order = [tracks.index(each.track) for each in tape.tracks]
    half = len(order) // 2
    assert np.mean(order[:half]) < np.mean(order[half:])

"""The axes as one member hears them."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.merging import merge_tracks
from catalog.models import Artist, Track
from catalog.tests.factories import ArtistFactory, TrackFactory
from social.errors import Refused
from social.models import User
from taste.axes.labelling import label, unlabel
from taste.axes.personal import ear_of, features_for
from taste.embeddings import Embedded, store
from taste.models import Label, TasteProfile, TrackFeatures

pytestmark = pytest.mark.django_db
N = 30


@pytest.fixture
def band() -> Artist:
    return ArtistFactory()


@pytest.fixture
def tracks(band: Artist, monday: datetime) -> list[Track]:
    """Tracks of which everybody's energy is one half; they lie along one direction of the model's space."""
    rows = [TrackFactory(artist=band) for _ in range(N)]
    TrackFeatures.objects.bulk_create(
        [TrackFeatures(track=row, energy=0.5, valence=0.4, tempo=120.0, updated_at=monday) for row in rows]
    )
    noise = np.random.default_rng(3).normal(scale=0.05, size=(N, 8))
    vectors = noise + np.linspace(-1, 1, N)[:, None]
    embedded = {row.pk: Embedded(vector.astype(np.float32)) for row, vector in zip(rows, vectors, strict=True)}
    store(model="dsp-v1", version="1", embedded=embedded, now=monday)
    return rows


def say(member: User, track: Track, value: float, axis: str = "energy") -> None:
    label(by=member, track=track, axis=axis, value=value, now=timezone.now())


def teach(member: User, tracks: list[Track]) -> None:
    """The member hears every second track as its place along the direction: 0.1 to 0.9."""
    for place in range(0, N, 2):
        say(member, tracks[place], 0.1 + 0.8 * place / N)


def energies(member: User, tracks: list[Track]) -> list[float]:
    heard = features_for(member, [track.pk for track in tracks])
    return [heard[track.pk]["energy"] for track in tracks]


def test_without_labels_everybodys_values_hold(rin: User, tracks: list[Track]) -> None:
    unknown = TrackFactory(artist=tracks[0].artist)
    heard = features_for(rin, [tracks[0].pk, unknown.pk])
    assert heard == {tracks[0].pk: {"energy": 0.5, "valence": 0.4, "tempo": 120.0}}
    assert features_for(rin, []) == {}


def test_what_a_member_said_is_so_for_them_at_once_and_for_nobody_else(
    rin: User, sol: User, tracks: list[Track]
) -> None:
    say(rin, tracks[0], 0.9)
    assert energies(rin, tracks[:2]) == [0.9, 0.5]
    assert energies(sol, tracks[:2]) == [0.5, 0.5]
    assert features_for(rin, [tracks[0].pk])[tracks[0].pk]["valence"] == 0.4


def test_tracks_that_sound_alike_follow(rin: User, sol: User, tracks: list[Track]) -> None:
    teach(rin, tracks)
    unsaid = tracks[1::2]
    heard = energies(rin, unsaid)
    assert heard[0] < 0.35
    assert heard[-1] > 0.65
    assert heard == pytest.approx(sorted(heard), abs=0.06)
    assert energies(sol, unsaid) == [0.5] * len(unsaid)
    correction = ear_of(rin).corrections["energy"]
    assert correction.helps
    assert correction.error is not None
    assert correction.error_before is not None
    assert correction.error < 0.6 * correction.error_before
    assert features_for(rin, [tracks[1].pk])[tracks[1].pk]["valence"] == 0.4


def test_labels_that_follow_nothing_move_no_other_track(rin: User, tracks: list[Track]) -> None:
    for place in range(0, N, 2):
        say(rin, tracks[place], 0.5 + (0.3 if place % 4 else -0.3))
    assert not ear_of(rin).corrections["energy"].helps
    assert energies(rin, tracks[1::2]) == [0.5] * (N // 2)


def test_taking_everything_back_leaves_no_trace(rin: User, tracks: list[Track]) -> None:
    teach(rin, tracks)
    for place in range(0, N, 2):
        assert unlabel(by=rin, track=tracks[place], axis="energy")
    assert not unlabel(by=rin, track=tracks[0], axis="energy")
    assert energies(rin, tracks) == [0.5] * N


def test_weeks_are_due_when_a_label_is_taken_back(rin: User, tracks: list[Track], monday: datetime) -> None:
    say(rin, tracks[0], 0.9)
    TasteProfile.objects.create(user=rin, weeks_sound_at=monday)
    unlabel(by=rin, track=tracks[1], axis="energy")
    assert TasteProfile.objects.get(user=rin).weeks_sound_at == monday
    unlabel(by=rin, track=tracks[0], axis="energy")
    assert TasteProfile.objects.get(user=rin).weeks_sound_at is None


def test_a_track_that_nobody_knows_has_the_members_word_alone(rin: User, band: Artist) -> None:
    track = TrackFactory(artist=band)
    say(rin, track, 0.3, "valence")
    assert features_for(rin, [track.pk]) == {track.pk: {"valence": 0.3}}


def test_a_track_without_a_file_stays_as_it_is_for_everybody(rin: User, tracks: list[Track], monday: datetime) -> None:
    silent = TrackFactory(artist=tracks[0].artist)
    TrackFeatures.objects.create(track=silent, energy=0.5, updated_at=monday)
    teach(rin, tracks)
    assert energies(rin, [silent]) == [0.5]


def test_labels_replace_one_another_and_the_same_again_changes_nothing(rin: User, tracks: list[Track]) -> None:
    _, is_new = label(by=rin, track=tracks[0], axis="energy", value=0.2, now=timezone.now())
    assert is_new
    row, is_new = label(by=rin, track=tracks[0], axis="energy", value=0.7, now=timezone.now())
    assert not is_new
    again, _ = label(by=rin, track=tracks[0], axis="energy", value=0.7, now=timezone.now())
    assert (again.pk, again.value, again.updated_at) == (row.pk, 0.7, row.updated_at)
    assert Label.objects.count() == 1


@pytest.mark.parametrize(
    ("axis", "value"), [("tempo", 0.5), ("nonsense", 0.5), ("energy", 1.01), ("energy", float("nan"))]
)
def test_what_cannot_be_labelled_is_refused(rin: User, tracks: list[Track], axis: str, value: float) -> None:
    with pytest.raises(Refused):
        say(rin, tracks[0], value, axis)
    assert not Label.objects.exists()


def test_a_label_of_a_track_that_became_part_of_another_goes_there(
    rin: User, mod: User, band: Artist, monday: datetime
) -> None:
    keep, drop = TrackFactory(artist=band), TrackFactory(artist=band)
    say(rin, drop, 0.1, "valence")
    merge_tracks(keep=keep, drop=drop, moderator=mod, reason="one recording", now=monday)
    drop.refresh_from_db()
    say(rin, drop, 0.8)
    assert features_for(rin, [keep.pk]) == {keep.pk: {"energy": 0.8, "valence": 0.1}}


def test_as_many_queries_for_all_tracks_as_for_one(rin: User, tracks: list[Track]) -> None:
    teach(rin, tracks)
    features_for(rin, [tracks[0].pk])

    def queries(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            features_for(rin, ids)
        return len(captured)

    assert queries([tracks[1].pk]) == queries([track.pk for track in tracks]) <= 9

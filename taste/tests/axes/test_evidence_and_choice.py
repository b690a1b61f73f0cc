"""What sources say of tracks is kept; the best of it is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Track
from catalog.tests.factories import ArtistFactory, TrackFactory
from taste.axes.choosing import ORDER, choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged, judge
from taste.models import TrackFeatures, TrackScore
from taste.tests.axes.hearing import plain, sound

pytestmark = pytest.mark.django_db


def say(
    tracks: Iterable[Track], now: datetime, source: str = "audio", version: str = "1", *, sure: float = 0.5,
    adds: bool = False, **values: float,
) -> int:  # fmt: skip
    judged = {axis: Judged(value, sure, f"says {source}") for axis, value in values.items()}
    changed = keep(source=source, version=version, judged={each.pk: judged for each in tracks}, now=now, adds=adds)
    choose([each.pk for each in tracks], now)
    return changed


def features(track: Track) -> TrackFeatures:
    return TrackFeatures.objects.get(pk=track.pk)


def test_the_surest_source_counts_on_each_axis(monday: datetime) -> None:
    track = TrackFactory()
    say([track], monday, "audio", energy=0.8, valence=0.3, sure=0.6)
    say([track], monday, "spotify", energy=0.7, sure=0.9)
    say([track], monday, "tags", energy=0.1, valence=0.9, sure=0.2)
    row = features(track)
    assert (row.energy, row.valence, row.tempo) == (0.7, 0.3, None)
    assert row.sources == {"energy": "spotify", "valence": "audio"}
    assert row.confidence == {"energy": 0.9, "valence": 0.6}
    assert TrackScore.objects.count() == 5


def test_equally_sure_sources_count_in_one_order(monday: datetime) -> None:
    track = TrackFactory()
    for place, source in enumerate(reversed(ORDER)):
        say([track], monday, source, energy=place / 10)
        assert features(track).sources["energy"] == source


def test_what_is_invented_counts_only_where_nobody_else_says_anything(monday: datetime) -> None:
    track = TrackFactory(is_demo=True)
    say([track], monday, "demo", energy=0.9, valence=0.9, sure=1.0)
    say([track], monday, "tags", energy=0.2, sure=0.1)
    assert (features(track).energy, features(track).valence) == (0.2, 0.9)


def test_the_same_again_changes_nothing(monday: datetime) -> None:
    track = TrackFactory()
    assert say([track], monday, energy=0.8, tempo=120.0) == 2
    later = monday + timedelta(days=1)
    assert say([track], later, energy=0.8, tempo=120.0) == 0
    assert features(track).updated_at == monday
    assert set(TrackScore.objects.values_list("computed_at", flat=True)) == {monday}
    assert choose([track.pk, track.pk], later) == 0


def test_a_changed_value_says_when(monday: datetime) -> None:
    track = TrackFactory()
    say([track], monday, energy=0.8)
    later = monday + timedelta(days=1)
    assert say([track], later, energy=0.7) == 1
    assert features(track).updated_at == later


def test_changes_of_one_long_import_are_told_apart(monday: datetime) -> None:
    one, other = TrackFactory.create_batch(2)
    say([one], monday, energy=0.8)
    say([other], monday, energy=0.2)
    assert features(other).updated_at - features(one).updated_at >= timedelta(milliseconds=1)
    say([one], monday, energy=0.7)
    assert features(one).updated_at > features(other).updated_at


def test_an_axis_of_which_a_source_says_nothing_more_is_gone(monday: datetime) -> None:
    track = TrackFactory()
    say([track], monday, energy=0.8, valence=0.4)
    assert say([track], monday, energy=0.8) == 1
    assert features(track).valence is None
    assert say([track], monday, adds=True, valence=0.6) == 1
    assert (features(track).energy, features(track).valence) == (0.8, 0.6)
    say([track], monday)
    row = features(track)
    assert (row.energy, row.confidence, row.sources) == (None, {}, {})


def test_of_a_sources_versions_the_newest_answer_counts_as_a_whole(monday: datetime) -> None:
    track = TrackFactory()
    say([track], monday, version="1", energy=0.8, valence=0.4, sure=0.9)
    say([track], monday + timedelta(hours=1), version="2", energy=0.6)
    assert (features(track).energy, features(track).valence) == (0.6, None)
    say([track], monday + timedelta(hours=2), version="1", energy=0.8, valence=0.4, sure=0.9)
    assert (features(track).energy, features(track).valence) == (0.8, 0.4)


def test_key_and_mode_are_whole_numbers(monday: datetime) -> None:
    track = TrackFactory()
    say([track], monday, key=11.0, mode=0.0)
    assert (features(track).key, features(track).mode) == (11, 0)


@pytest.mark.parametrize(("axis", "value"), [("energy", 1.2), ("tempo", 5.0), ("key", 12.0), ("mode", -1.0)])
def test_a_value_outside_its_range_is_refused_before_anything_is_written(
    monday: datetime, axis: str, value: float
) -> None:
    one, other = TrackFactory(), TrackFactory()
    judged = {one.pk: {"energy": Judged(0.5, 0.5, "")}, other.pk: {axis: Judged(value, 0.5, "")}}
    with pytest.raises(ValueError, match=axis):
        keep(source="audio", version="1", judged=judged, now=monday)
    assert not TrackScore.objects.exists()


def test_a_track_that_is_gone_is_left_out(monday: datetime) -> None:
    track = TrackFactory()
    judged = {"energy": Judged(0.5, 0.5, "heard")}
    assert keep(source="audio", version="1", judged={track.pk: judged, 10**9: judged}, now=monday) == 1
    assert choose([track.pk, 10**9], monday) == 1


def test_adding_tracks_never_moves_another(monday: datetime) -> None:
    first = TrackFactory()
    keep(source="audio", version="1", judged={first.pk: judge(*sound("frantic orchestral"))}, now=monday)
    choose([first.pk], monday)
    before = TrackFeatures.objects.filter(pk=first.pk).values().get()
    others = {TrackFactory().pk: judge(plain(loudness_lufs=-5.0 - n, onset_rate=n), {}) for n in range(20)}
    keep(source="audio", version="1", judged=others, now=monday + timedelta(days=1))
    choose([first.pk, *others], monday + timedelta(days=1))
    assert TrackFeatures.objects.filter(pk=first.pk).values().get() == before
    assert judge(*sound("frantic orchestral"))["energy"].value == pytest.approx(before["energy"], abs=1e-5)


def test_as_many_queries_for_twenty_tracks_as_for_one(monday: datetime) -> None:
    artist = ArtistFactory()

    def queries(n: int, **values: Any) -> int:
        tracks = [TrackFactory(artist=artist) for _ in range(n)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            say(tracks, monday, energy=0.5, valence=0.5)
        return len(captured)

    assert queries(1) == queries(20)

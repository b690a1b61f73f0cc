"""From files to features of tracks, in batches that nobody else has."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from catalog.forgetting import forget_unused_names
from catalog.merging import merge_tracks, unmerge
from catalog.models import Track
from catalog.tests.factories import TrackFactory
from social.models import User
from taste.audio import due
from taste.audio.analysing import Analysed, analyse
from taste.audio.extraction import VERSION
from taste.audio.file_matching import match_by_hand
from taste.audio.scanning import scan
from taste.axes import judging
from taste.models import AnalysisSettings, AudioFile, TrackEmbedding, TrackFeatures, TrackScore
from taste.tests.files.music import write

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def only_dsp(settings: Any) -> None:
    settings.EMBEDDING_MODEL = ["dsp-v1"]


def named(music: Path, number: int, *, seconds: float = 1.0) -> Track:
    """A track, and a file of it."""
    track: Track = TrackFactory(title=f"Song {number}", artist__name=f"Band {number}")
    write(music / f"{number:02}.ogg", pitch=200 + 20 * number, seconds=seconds, artist=f"Band {number}",
          title=f"Song {number}")  # fmt: skip
    return track


def go(n: int = due.BATCH, now: datetime | None = None) -> Analysed | None:
    """What one worker does with the next batch; None when nothing is due."""
    plan = due.plan_now()
    claim = due.reserve(plan, now=now or timezone.now(), n=n)
    started = due.start(claim, now=now or timezone.now()) if claim else None
    return analyse(started, plan) if started else None


def test_a_file_becomes_features_evidence_and_a_vector(music: Path) -> None:
    track = named(music, 1, seconds=3)
    scan(music)
    done = go()
    assert done is not None
    assert (done.n_done, done.problems) == (1, [])
    file = AudioFile.objects.get()
    assert file.measured_version == VERSION
    assert file.heard_by == f"|dsp-v1={due.plan_now().adapters[0].version}|{judging.VERSION}|"
    assert file.measured["loudness_lufs"] == pytest.approx(TrackFeatures.objects.get(track=track).loudness, abs=1e-3)
    assert (file.lease_until, file.n_starts) == (None, 0)
    assert set(track.scores.values_list("source", "version")) == {("audio", judging.VERSION)}
    assert TrackEmbedding.objects.get(track=track).model == "dsp-v1"
    assert go() is None


def test_silence_is_heard_once(music: Path) -> None:
    import numpy as np
    import soundfile

    TrackFactory(title="4′33″", artist__name="John Cage")
    soundfile.write(music / "John Cage - 4′33″.wav", np.zeros(22_050), 22_050)
    scan(music)
    assert go() is not None
    assert go() is None
    assert AudioFile.objects.get().problem == ""


def test_a_damaged_file_is_told_and_stops_nothing(music: Path) -> None:
    named(music, 1)
    named(music, 2)
    (music / "01.ogg").write_bytes((music / "01.ogg").read_bytes()[:300])
    TrackFactory(title="Noise", artist__name="Nobody")
    (music / "Nobody - Noise.mp3").write_bytes(b"no music at all " * 50)
    scan(music)
    AudioFile.objects.filter(path="01.ogg").update(track=Track.objects.get(title="Song 1"))
    done = go()
    assert done is not None
    assert done.n_done == 1
    assert {path for path, _ in done.problems} == {"01.ogg", "Nobody - Noise.mp3"}
    assert all(len(words) > 10 for _, words in done.problems)
    assert go() is None


def test_only_the_first_sound_file_of_a_track_is_heard(music: Path) -> None:
    track = named(music, 1)
    write(music / "copy.flac", artist="Band 1", title="Song 1")
    scan(music)
    assert go().n_done == 1  # type: ignore[union-attr]
    assert go() is None
    AudioFile.objects.filter(path="01.ogg").update(gone_at=NOW)
    assert go().n_done == 1  # type: ignore[union-attr]
    assert AudioFile.objects.get(path="copy.flac").track == track


def test_two_workers_never_have_the_same_file(music: Path) -> None:
    for number in range(3):
        named(music, number)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    one, two = due.reserve(plan, now=now, n=2), due.reserve(plan, now=now + timedelta(seconds=1), n=2)
    assert one is not None
    assert two is not None
    assert (len(one.ids), len(two.ids), set(one.ids) & set(two.ids)) == (2, 1, set())
    assert due.reserve(plan, now=now) is None
    assert due.n_under_way(now) == 2
    assert due.start(one, now=now) is not None
    assert due.start(one, now=now) is None  # the queue brought the job twice


def test_files_of_a_dead_worker_are_free_after_its_lease(music: Path) -> None:
    named(music, 1)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    dead = due.start(due.reserve(plan, now=now), now=now)  # type: ignore[arg-type]
    assert dead is not None
    assert due.reserve(plan, now=now) is None
    later = now + due.LEASE * 2
    assert go(now=later).n_done == 1  # type: ignore[union-attr]
    before = AudioFile.objects.values().get()
    assert analyse(dead, plan).n_done == 0  # it wakes up: the file is another's
    assert AudioFile.objects.values().get() == before


def test_what_is_lost_during_the_work_is_not_written(music: Path) -> None:
    named(music, 1)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    claim = due.start(due.reserve(plan, now=now), now=now)  # type: ignore[arg-type]

    def taken_away() -> datetime:
        AudioFile.objects.update(lease_until=now + timedelta(days=1))
        return now

    assert claim is not None
    clock = iter([lambda: now, timezone.now, taken_away])
    assert analyse(claim, plan, clock=lambda: next(clock)()).n_done == 0
    assert not TrackScore.objects.exists()


def test_a_file_that_kills_its_workers_is_tried_alone_then_left_out(music: Path) -> None:
    for number in range(3):
        named(music, number)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    batches = []
    for _ in range(8):
        claim = due.reserve(plan, now=now)
        if claim is None:
            break
        batches.append(len(claim.ids))
        due.start(claim, now=now)  # and the worker dies
        now += due.LEASE * 2
    assert batches == [3, 1, 1, 1, 1, 1, 1]
    assert set(AudioFile.objects.values_list("problem", flat=True)) == {due.GIVEN_UP}
    due.make_due(AudioFile.objects.all())
    assert go().n_done == 3  # type: ignore[union-attr]


def test_a_new_version_or_model_makes_files_due_again(music: Path, settings: Any) -> None:
    named(music, 1)
    scan(music)
    go()
    plan = due.plan_now()
    assert not due.due(plan).exists()
    AudioFile.objects.update(measured_version="older")
    assert due.due(plan).exists()
    go()
    AudioFile.objects.update(heard_by=f"|{judging.VERSION}|")
    assert due.due(plan).exists()
    (music / "01.ogg").unlink()  # what is measured needs no second hearing
    assert go().n_done == 1  # type: ignore[union-attr]
    settings.EXCERPT_SECONDS = 30
    assert due.plan_now().version == f"{VERSION}+30s"
    assert due.due(due.plan_now()).exists()
    AnalysisSettings.objects.create(pk=1, excerpt_seconds=0)
    assert not due.due(due.plan_now()).exists()


def test_new_axes_are_judged_without_hearing(music: Path) -> None:
    track = named(music, 1, seconds=3)
    scan(music)
    go()
    before = TrackFeatures.objects.get(track=track).loudness
    TrackScore.objects.all().delete()
    AudioFile.objects.update(heard_by=AudioFile.objects.get().heard_by.replace(judging.VERSION, "axes-0"))
    (music / "01.ogg").unlink()
    assert go().n_done == 1  # type: ignore[union-attr]
    assert TrackFeatures.objects.get(track=track).loudness == pytest.approx(before, abs=1e-3)


def test_a_file_that_vanished_is_gone_and_no_failure(music: Path) -> None:
    named(music, 1)
    scan(music)
    (music / "01.ogg").unlink()
    done = go()
    assert done is not None
    assert (done.n_done, done.problems) == (0, [])
    assert AudioFile.objects.get().gone_at is not None


def test_an_interrupt_gives_the_files_back(music: Path) -> None:
    for number in range(2):
        named(music, number)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    claim = due.start(due.reserve(plan, now=now), now=now)  # type: ignore[arg-type]
    calls = iter(range(9))

    def interrupted() -> datetime:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return timezone.now()

    with pytest.raises(KeyboardInterrupt):
        analyse(claim, plan, clock=interrupted)  # type: ignore[arg-type]
    assert list(AudioFile.objects.values_list("lease_until", "n_starts")) == [(None, 0)] * 2


def test_when_the_time_is_over_the_rest_is_given_back(music: Path) -> None:
    for number in range(3):
        named(music, number)
    scan(music)
    plan, now = due.plan_now(), timezone.now()
    claim = due.start(due.reserve(plan, now=now), now=now)  # type: ignore[arg-type]
    ticks = iter(now + timedelta(seconds=10 * tick) for tick in range(9))
    done = analyse(claim, plan, clock=lambda: next(ticks), longest_s=5)  # type: ignore[arg-type]
    assert (done.n_done, done.n_left) == (1, 2)
    assert go().n_done == 2  # type: ignore[union-attr]


def test_what_members_play_most_is_heard_first(music: Path, rin: User) -> None:
    from listening.models import TrackTotal

    tracks = [named(music, number) for number in range(3)]
    TrackTotal.objects.create(user=rin, track=tracks[2], n_listens=9, first_at=NOW, last_at=NOW)
    scan(music)
    go(n=1)
    assert list(TrackFeatures.objects.values_list("track", flat=True)) == [tracks[2].pk]


def test_sound_goes_along_when_tracks_become_one_and_back(music: Path, mod: User) -> None:
    drop, keep = named(music, 1, seconds=3), TrackFactory()
    scan(music)
    go()
    TrackScore.objects.create(
        track=keep, axis="energy", source="tags", version="1", value=0.3, confidence=0.2, method="x", computed_at=NOW
    )
    loudness = TrackFeatures.objects.get(track=drop).loudness
    report = merge_tracks(keep=keep, drop=drop, moderator=mod, reason="one song", now=NOW)
    assert AudioFile.objects.get().track == keep
    assert TrackEmbedding.objects.get().track == keep
    assert TrackFeatures.objects.get(track=keep).loudness == loudness
    assert go() is None
    unmerge(action=report.action, moderator=mod, now=NOW)
    assert AudioFile.objects.get().track == drop
    assert TrackFeatures.objects.get(track=drop).loudness == loudness
    assert TrackFeatures.objects.get(track=keep).loudness is None


def test_two_tracks_with_sound_become_one(music: Path, mod: User) -> None:
    drop, keep = named(music, 1, seconds=3), named(music, 2, seconds=3)
    scan(music)
    go()
    before = TrackFeatures.objects.get(track=keep)
    merge_tracks(keep=keep, drop=drop, moderator=mod, reason="one song", now=NOW)
    assert set(AudioFile.objects.values_list("track", flat=True)) == {keep.pk}
    assert TrackFeatures.objects.get(track=keep).loudness == before.loudness
    assert go() is None


def test_sound_keeps_no_name_alive_that_nobody_uses(music: Path) -> None:
    track = named(music, 1)
    scan(music)
    go()
    Track.objects.update(created_at=NOW - timedelta(days=9))
    forget_unused_names(now=timezone.now())
    assert not Track.objects.filter(pk=track.pk).exists()
    file = AudioFile.objects.get()
    assert file.track is None
    assert not TrackScore.objects.exists()


def test_a_file_of_another_track_is_heard_for_it(music: Path) -> None:
    wrong, right = named(music, 1, seconds=3), TrackFactory()
    scan(music)
    go()
    match_by_hand(file=AudioFile.objects.get(), track=right, now=NOW)
    assert go().n_done == 1  # type: ignore[union-attr]
    assert right.features.loudness is not None
    assert TrackFeatures.objects.get(track=wrong).loudness is None


def test_queries_of_a_batch_hardly_grow_with_its_files(music: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(n: int) -> int:
        for number in range(n):
            named(music, n * 10 + number, seconds=0.3)
        scan(music)
        plan, now = due.plan_now(), timezone.now()
        claim = due.start(due.reserve(plan, now=now, n=n), now=now)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as caught:
            assert analyse(claim, plan).n_done == n  # type: ignore[arg-type]
        return len(caught)

    assert queries(8) - queries(1) <= 7  # each file has a line of its own to write

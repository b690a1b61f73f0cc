"""Which track a file is, and who has the last word on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from catalog.merging import merge_tracks
from catalog.models import Alias, Track
from catalog.names import name_key, title_key
from catalog.tests.factories import TrackFactory
from social.models import User
from taste.audio.file_matching import match_again, match_by_hand, match_waiting
from taste.audio.scanning import scan
from taste.models import AudioFile, TrackFeatures, TrackScore
from taste.tests.files.music import write
from taste.tests.files.test_tags import RECORDING

pytestmark = pytest.mark.django_db


@pytest.fixture
def joga() -> Track:
    track: Track = TrackFactory(title="Jóga", artist__name="Björk")
    return track


def only() -> AudioFile:
    return AudioFile.objects.select_related("track").get()


def test_a_recording_id_says_more_than_names(music: Path, joga: Track) -> None:
    other = TrackFactory(recording_mbid=UUID(RECORDING))
    write(music / "a.ogg", artist="Björk", title="Jóga", musicbrainz_trackid=RECORDING)
    scan(music)
    assert (only().track, only().matched_by) == (other, "mbid")


@pytest.mark.parametrize(
    ("artist", "title"), [("BJORK", "joga"), ("Björk feat. Nobody", "Jóga (2011 Remaster)"), (" Björk ", "Jóga")]
)
def test_names_match_however_they_are_written(music: Path, joga: Track, artist: str, title: str) -> None:
    write(music / "a.ogg", artist=artist, title=title)
    scan(music)
    assert (only().track, only().matched_by, only().no_match_reason) == (joga, "tags", "")


def test_the_albums_artist_counts_where_the_tracks_artist_is_unknown(music: Path, joga: Track) -> None:
    write(music / "a.ogg", artist="Björk, The Icelandic String Octet", title="Jóga", albumartist="Björk")
    scan(music)
    assert only().track == joga


def test_a_name_that_stands_for_another_leads_to_it(music: Path, joga: Track) -> None:
    Alias.objects.create(
        kind="track", artist_key=name_key("Bjork Gudmundsdottir"), title_key=title_key("Yoga"), track=joga, source="x"
    )
    write(music / "a.ogg", artist="Bjork Gudmundsdottir", title="Yoga")
    scan(music)
    assert only().track == joga


def test_without_tags_the_files_name_counts(music: Path, joga: Track) -> None:
    write(music / "Björk" / "Homogenic" / "02 Jóga.wav")
    scan(music)
    assert (only().track, only().matched_by) == (joga, "name")


def test_a_file_without_a_track_says_why_and_makes_none(music: Path) -> None:
    write(music / "1.ogg", artist="Björk", title="Jóga")
    write(music / "2.ogg", title="Jóga")
    write(music / "3.ogg", musicbrainz_trackid=RECORDING)
    write(music / "4.wav")
    write(music / "Björk - Jóga.wav")
    scan(music)
    reasons = dict(AudioFile.objects.values_list("path", "no_match_reason"))
    assert reasons["1.ogg"] == "Nobody here knows “Jóga” by Björk: it waits until somebody plays it."
    assert reasons["2.ogg"].startswith("Its tags name no artist, and its name says too little")
    assert RECORDING in reasons["3.ogg"]
    assert reasons["4.wav"].startswith("Its tags name no artist or title")
    assert "may mean “Jóga” by Björk" in reasons["Björk - Jóga.wav"]
    assert not Track.objects.exists()


def test_a_file_is_matched_when_its_track_appears(music: Path) -> None:
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    assert match_waiting(now=timezone.now()) == 0
    tried_at = only().match_tried_at
    assert match_waiting(now=timezone.now()) == 0
    assert only().match_tried_at == tried_at  # nothing new was named: nobody looked
    track = TrackFactory(title="Jóga", artist__name="Björk")
    assert match_waiting(now=timezone.now()) == 1
    assert only().track == track


def test_an_operators_word_stands(music: Path, joga: Track) -> None:
    other = TrackFactory()
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    match_by_hand(file=only(), track=other, now=timezone.now())
    write(music / "a.ogg", artist="Björk", title="Jóga", album="Homogenic", pitch=330)
    scan(music)
    assert (only().track, only().matched_by) == (other, "hand")
    match_by_hand(file=only(), track=None, now=timezone.now(), reason="It is a cover version.")
    TrackFactory()
    assert match_waiting(now=timezone.now()) == 0
    assert (only().track, only().no_match_reason) == (None, "It is a cover version.")
    assert match_again(file=only(), now=timezone.now())
    assert (only().track, only().matched_by) == (joga, "tags")


def test_what_was_heard_in_a_wrong_file_is_taken_back(music: Path, joga: Track) -> None:
    now = timezone.now()
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    for source, value in (("audio", 0.9), ("tags", 0.2)):
        TrackScore.objects.create(
            track=joga, axis="energy", source=source, version="1", value=value, confidence=value, method="x",
            computed_at=now,
        )  # fmt: skip
    AudioFile.objects.update(heard_by="|dsp-v1=1|")
    match_by_hand(file=only(), track=TrackFactory(), now=now)
    assert only().heard_by == ""
    assert list(joga.scores.values_list("source", flat=True)) == ["tags"]
    assert TrackFeatures.objects.get(track=joga).energy == 0.2


def test_a_file_follows_its_track_into_another(music: Path, joga: Track, mod: User) -> None:
    keep = TrackFactory(title="Jóga", artist__name="Bjork Gudmundsdottir")
    write(music / "a.ogg", artist="Björk", title="Jóga")
    scan(music)
    merge_tracks(keep=keep, drop=joga, moderator=mod, reason="one song", now=timezone.now())
    assert only().track == keep
    match_again(file=only(), now=timezone.now() + timedelta(minutes=1))
    assert only().track == keep


def test_queries_do_not_grow_with_files(music: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(n: int) -> int:
        AudioFile.objects.all().delete()
        for number in range(n):
            AudioFile.objects.create(
                path=f"{number}.ogg", n_bytes=1, modified_at=timezone.now(), seen_at=timezone.now(),
                tags={"artist": f"A{number}", "title": f"T{number}"},
            )  # fmt: skip
        TrackFactory()
        match_waiting(now=timezone.now())
        TrackFactory()
        with CaptureQueriesContext(connection) as caught:
            match_waiting(now=timezone.now())
        return len(caught)

    assert queries(1) == queries(20)

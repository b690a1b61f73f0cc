"""Names in listens get their MusicBrainz ids: verified, decided by album or length, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from catalog.bulk_naming import Heard, Names
from catalog.models import Album, AlbumTrack, Alias, Artist, Track
from catalog.models.resolution import Resolution
from catalog.tests.factories import AlbumFactory, TrackFactory
from catalog.tests.musicbrainz_double import MusicBrainzDouble, mbid
from listening import tasks
from listening.ingest import ingest
from listening.models import ListenEvent, RecordingHint, TrackTotal
from listening.plays import Play
from listening.resolving import hints
from listening.resolving.tracks import pause_after, resolve_track
from listening.tests.plays import prove
from sidetrack.http import TryLater
from social.models import User

pytestmark = pytest.mark.django_db
UTC_NOON = datetime.fromisoformat("2025-11-10T12:00:00+00:00")


def hear(user: User, artist: str, title: str, album: str = "", *, n: int = 1, ms: int | None = None) -> Track:
    """Play something n times; the track that it is."""
    first = ListenEvent.objects.count()
    plays = [
        Play(UTC_NOON - timedelta(hours=first + each), artist, title, album, ms_played=ms) for each in range(1, n + 1)
    ]
    ingest(user=user, source="lastfm", plays=plays, now=UTC_NOON)
    return Track.objects.get(pk=Names().resolve([heard := Heard(artist, title, album)])[heard].track_id)


def resolved(track: Track, now: datetime = UTC_NOON) -> Track:
    resolve_track(track=track, now=now)
    return Track.objects.select_related("artist", "merged_into").get(pk=track.pk)


def test_the_only_recording_of_that_title_by_that_artist_is_it(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    found = musicbrainz.add_recording("Lullaby", "Low", length=583_000)
    musicbrainz.add_recording("Lullaby", "Lowercase", length=1)
    musicbrainz.add_recording("Lullaby for Low", "Low", length=2)
    track = resolved(hear(rin, "LOW", "lullaby"))
    assert (str(track.recording_mbid), track.duration_ms) == (found["id"], 583_000)
    assert (track.resolution, track.match_quality) == (Resolution.MATCHED, 0.85)
    assert str(track.artist.mbid) == mbid("artist Low")


def test_two_performances_are_told_apart_by_album_or_length_or_not_at_all(
    rin: User, musicbrainz: MusicBrainzDouble
) -> None:
    studio = musicbrainz.add_recording("Roads", "Portishead", length=304_000, albums=("Dummy",))
    stage = musicbrainz.add_recording("Roads", "Portishead", length=350_000, albums=("Roseland NYC Live",))
    unknown = resolved(hear(rin, "Portishead", "Roads"))
    assert (unknown.recording_mbid, unknown.resolution) == (None, Resolution.NO_MATCH)
    hear(rin, "Portishead", "Roads", ms=351_500, n=2)
    assert str(resolved(unknown).recording_mbid) == stage["id"]
    Track.objects.filter(pk=unknown.pk).update(recording_mbid=None, resolution=Resolution.UNRESOLVED)
    hear(rin, "Portishead", "Roads", "Dummy (Deluxe Edition)")
    assert str(resolved(unknown).recording_mbid) == studio["id"]


def test_two_of_one_length_are_nobody_s(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    musicbrainz.add_recording("Roads", "Portishead", length=304_000, key="one")
    musicbrainz.add_recording("Roads", "Portishead", length=305_000, key="two")
    track = hear(rin, "Portishead", "Roads", ms=304_500, n=2)
    assert resolved(track).recording_mbid is None


def test_an_id_that_a_source_gave_is_believed_only_when_title_and_artist_are_right(
    rin: User, musicbrainz: MusicBrainzDouble
) -> None:
    right = musicbrainz.add_recording("Roads", "Portishead", length=304_000, key="right")
    musicbrainz.add_recording("Roads", "Portishead", length=350_000, key="another")
    wrong = musicbrainz.add_recording("Numb", "Portishead")
    track = hear(rin, "Portishead", "Roads")
    hints.remember([(track.pk, UUID(wrong["id"])), (track.pk, UUID(wrong["id"])), (track.pk, uuid4())], "lastfm")
    assert resolved(track).recording_mbid is None
    assert RecordingHint.objects.filter(is_wrong=True).count() == 2
    hints.remember([(track.pk, UUID(right["id"]))], "listenbrainz")
    track = resolved(track)
    assert (str(track.recording_mbid), track.match_quality) == (right["id"], 1.0)
    n_hints = RecordingHint.objects.count()
    hints.remember([(track.pk, uuid4())], "lastfm")
    assert RecordingHint.objects.count() == n_hints


def test_the_track_that_has_the_recording_already_gets_the_listens(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    found = musicbrainz.add_recording("House Quake", "Prince")
    kept = TrackFactory(title="Housequake", artist__name="Prince", recording_mbid=found["id"])
    track = resolved(hear(rin, "Prince", "House Quake", n=3))
    assert track.merged_into == kept
    assert TrackTotal.objects.get(user=rin).track == kept
    assert hear(rin, "Prince", "house quake") == kept
    prove(rin)


def test_a_joint_credit_is_split_as_musicbrainz_joins_it(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    musicbrainz.add_recording("Ghost Town", "Nick Cave", "Warren Ellis", join=" & ")
    musicbrainz.add_recording("America", "Simon & Garfunkel")
    ghost = resolved(hear(rin, "Nick Cave & Warren Ellis", "Ghost Town", n=2))
    america = resolved(hear(rin, "Simon & Garfunkel", "America"))
    assert (ghost.artist.name, ghost.artist_credit) == ("Nick Cave", "Nick Cave & Warren Ellis")
    assert (america.artist.name, america.artist_credit) == ("Simon & Garfunkel", "")
    assert set(ListenEvent.objects.filter(track=ghost).values_list("artist__name", flat=True)) == {"Nick Cave"}
    assert hear(rin, "Nick Cave and Warren Ellis", "Ghost Town") == ghost
    prove(rin)


def test_an_album_s_track_list_resolves_what_was_heard_from_it_without_a_request(
    rin: User, musicbrainz: MusicBrainzDouble
) -> None:
    track = hear(rin, "Portishead", "Roads", "Dummy", n=2)
    dummy = Album.objects.get(title="Dummy")
    known = TrackFactory(title="Roads", artist=track.artist, album=dummy, recording_mbid=uuid4())
    AlbumTrack.objects.create(album=dummy, track=known, position=8)
    elsewhere = TrackFactory(title="Roads", artist=track.artist, album=AlbumFactory(), recording_mbid=uuid4())
    assert elsewhere.album != dummy
    assert resolved(track).merged_into == known
    assert musicbrainz.server.asked == []
    prove(rin)


def test_what_nobody_knows_is_asked_again_after_a_pause_that_doubles(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    track = hear(rin, "Nobody", "Nothing")
    days = []
    for _ in range(8):
        track = resolved(track)
        assert track.next_try_at
        days.append((track.next_try_at - UTC_NOON).days)
    assert days == [1, 2, 4, 8, 16, 32, 32, 32]
    assert pause_after(1) == timedelta(days=1)


def test_a_service_that_cannot_now_costs_no_try(rin: User, musicbrainz: MusicBrainzDouble) -> None:
    track = hear(rin, "Portishead", "Roads")
    musicbrainz.is_down = True
    with pytest.raises(TryLater):
        resolve_track(track=track, now=UTC_NOON)
    track.refresh_from_db()
    assert (track.n_tries, track.next_try_at) == (0, UTC_NOON + timedelta(seconds=120))
    assert track.resolution == Resolution.UNRESOLVED


def test_the_sweep_takes_the_most_played_first_and_none_twice(
    rin: User, sol: User, musicbrainz: MusicBrainzDouble, jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, thrice = hear(rin, "Low", "Once"), hear(rin, "Low", "Thrice", n=3)
    hear(sol, "Low", "Once", n=4)
    TrackFactory(title="Never heard")
    musicbrainz.add_recording("Thrice", "Low")
    assert tasks.resolve_due() == "Queued 2 tracks to look up."
    assert tasks.resolve_due() == "Queued 0 tracks to look up."
    assert jobs.queued() == [("listening.tasks.resolve_tracks", ([once.pk, thrice.pk],))]
    assert jobs.run() == ["Looked up tracks: 1 nothing found yet, 1 matched"]
    assert tasks.resolve_due() == "Queued 0 tracks to look up."


def test_when_the_service_is_down_the_rest_of_a_portion_is_due_again(
    rin: User, musicbrainz: MusicBrainzDouble, jobs: Any
) -> None:
    tracks = [hear(rin, "Low", title) for title in ("One", "Two", "Three")]
    musicbrainz.is_down = True
    tasks.resolve_due()
    (told,) = jobs.run()
    assert "the others wait: MusicBrainz could not" in told
    waiting = Track.objects.filter(pk__in=[each.pk for each in tracks], next_try_at__lte=timezone.now())
    assert waiting.count() == 2


def test_what_a_source_claims_comes_with_its_plays(rin: User) -> None:
    claimed = uuid4()
    plays = [
        Play(UTC_NOON - timedelta(hours=n), "Low", "Sunflower", recording_mbid=claimed, duration_ms=283_000)
        for n in range(3)
    ]
    ingest(user=rin, source="listenbrainz", plays=plays, now=UTC_NOON)
    hint = RecordingHint.objects.select_related("track").get()
    assert (hint.recording_mbid, hint.source, hint.track.duration_ms) == (claimed, "listenbrainz", 283_000)


def test_a_name_with_two_recordings_keeps_meaning_the_one_that_was_found(
    rin: User, musicbrainz: MusicBrainzDouble
) -> None:
    stage = TrackFactory(title="Roads", artist__name="Portishead", recording_mbid=uuid4())
    Artist.objects.filter(pk=stage.artist_id).update(mbid=mbid("artist Portishead"))
    heard = TrackFactory(title="Roads", artist=stage.artist, duration_ms=None)
    ingest(user=rin, source="lastfm", plays=[Play(UTC_NOON, "Portishead", "Glory Box", "Dummy")], now=UTC_NOON)
    ListenEvent.objects.update(track=heard)
    found = musicbrainz.add_recording("Roads", "Portishead", albums=("Dummy",))
    assert str(resolved(heard).recording_mbid) == found["id"]
    assert Alias.objects.get(kind="track").track == heard
    assert hear(rin, "Portishead", "Roads") == heard

"""Recorded answers of MusicBrainz: which recording of one title is meant, by album, by length, or by nobody's word."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from catalog.clients.musicbrainz import MusicBrainz
from catalog.clients.musicbrainz_records import RecordingRecord
from catalog.names import name_key, title_key
from listening.resolving.choosing import Sought, choose, verified
from sidetrack.tests.local_server import Answer, serving

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]


def asked(settings: Any, file: Path, call: Any) -> Any:
    settings.MUSICBRAINZ_RATE_LIMIT = 0.0
    with serving(Answer(body=file.read_bytes())) as server:
        settings.MUSICBRAINZ_URL = server.url
        return call(MusicBrainz(now=timezone.now()))


def sought(artist: str, title: str, *, albums: tuple[str, ...] = (), seconds: float | None = None) -> Sought:
    return Sought(
        title_key=title_key(title),
        artist_keys=frozenset({name_key(artist)}),
        album_keys=frozenset(map(title_key, albums)),
        duration_ms=round(seconds * 1000) if seconds else None,
    )


@pytest.fixture
def rise_against(real_data: Path, settings: Any) -> tuple[RecordingRecord, ...]:
    """Five recordings by one artist: three on stages, one from a compilation, one from the album."""
    file = real_data / "musicbrainz/ws2/recording_search_recording-state-of-the-union-and-arid-mbid.json"
    records: tuple[RecordingRecord, ...] = asked(
        settings, file, lambda client: client.search_recordings(artist="Rise Against", title="State of the Union")
    )
    assert len(records) == 5
    return records


@pytest.mark.parametrize(
    ("albums", "seconds", "found_ms", "quality"),
    [
        ((), None, None, None),
        (("Siren Song of the Counter Culture",), None, 139_133, 0.95),
        (("SIREN SONG OF THE COUNTER CULTURE (Deluxe Edition)",), 62.0, 139_133, 0.95),
        ((), 154.0, 153_000, 0.9),
        ((), 138.5, None, None),  # 137 s and 139 s are both as near
        ((), 141.0, 139_133, 0.9),
        ((), 100.0, None, None),
    ],
)
def test_album_or_length_tells_which_of_five_is_meant(
    rise_against: tuple[RecordingRecord, ...],
    albums: tuple[str, ...],
    seconds: float | None,
    found_ms: int | None,
    quality: float | None,
) -> None:
    choice = choose(rise_against, sought("rise against", "State Of The Union", albums=albums, seconds=seconds))
    assert (choice and choice.record.length_ms, choice and choice.quality) == (found_ms, quality)


def test_of_twenty_five_songs_of_one_title_the_artist_s_only_one_is_found(real_data: Path, settings: Any) -> None:
    file = real_data / "musicbrainz/ws2/recording_search_devil-on-my-shoulder.json"
    records = asked(settings, file, lambda client: client.search_recordings(artist="-", title="Devil on My Shoulder"))
    found = {
        artist: (
            choice.record.length_ms if (choice := choose(records, sought(artist, "devil on my shoulder"))) else None
        )
        for artist in ("The Willows", "Kim Lenz", "Kim Lenz & Her Jaguars", "Billy Talent", "Willows", "Orla Gartland")
    }
    assert found == {
        "The Willows": 194_773,
        "Kim Lenz": 159_000,
        "Kim Lenz & Her Jaguars": 156_000,
        "Billy Talent": None,  # three of them
        "Willows": None,
        "Orla Gartland": 188_000,
    }


def test_an_id_is_verified_by_any_one_artist_of_the_credit(real_data: Path, settings: Any) -> None:
    file = real_data / "musicbrainz/picard_ws/recording_multi_artists_1.json"
    record = asked(settings, file, lambda client: client.recording(UUID(int=1)))
    for artist in ("Ed Sheeran", "Ed Sheeran feat. Meek Mill & A Boogie wit da Hoodie", "A Boogie Wit Da Hoodie"):
        assert verified(record, sought(artist, "1000 nights")) is not None
    assert verified(record, sought("Meek", "1000 Nights")) is None
    assert verified(record, sought("Ed Sheeran", "1000 Nights (Live)")) is None

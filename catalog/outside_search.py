"""What MusicBrainz knows and we do not hold yet, for a member who is looking for it and waiting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from catalog.clients.musicbrainz import MusicBrainz
from catalog.clients.musicbrainz_records import RecordingRecord
from catalog.names import tidy
from sidetrack.http import ExternalApiError, NotThere, TryLater
from social.errors import Refused

WAIT_S = 2.0  # a person waits no longer for MusicBrainz's next turn
_RECORDING = re.compile(
    r"(?:^|/recording/)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:$|[/?#])", re.IGNORECASE
)


@dataclass(frozen=True)
class AlbumCandidate:
    """An album elsewhere; `get_or_create_album(release_group_mbid=mbid, …)` makes it ours."""

    mbid: UUID
    title: str
    artist: str
    year: int | None
    primary_type: str
    disambiguation: str


def search_musicbrainz_albums(query: str, *, limit: int, wait_s: float | None = 2.0) -> list[AlbumCandidate]:
    """What MusicBrainz finds for the words, its best first; TryLater when its turn is more than `wait_s` away."""
    words = tidy(query)
    if not any(character.isalnum() for character in words):
        return []
    groups = MusicBrainz(now=timezone.now(), wait_s=wait_s).search_albums(words, limit=min(limit, 25))
    return [
        AlbumCandidate(
            mbid=group.mbid,
            title=group.title,
            artist=group.credit.text,
            year=group.year,
            primary_type=group.primary_type,
            disambiguation=group.disambiguation,
        )
        for group in groups
    ]


def search_musicbrainz_recordings(
    *, words: str, artist: str, title: str, limit: int, now: datetime
) -> tuple[RecordingRecord, ...]:
    """Tracks for the words that a person typed, else those of this artist and title; TryLater when the turn is late."""
    client = MusicBrainz(now=now, wait_s=WAIT_S)
    words = tidy(words)
    if any(character.isalnum() for character in words):
        return client.search_recordings_by_words(words, limit=limit)
    return client.search_recordings(artist=artist, title=title, limit=limit)


def read_recording_address(text: str) -> UUID | None:
    """The id in https://musicbrainz.org/recording/…, or the id alone; None in anything else."""
    found = _RECORDING.search(text.strip())
    return UUID(found[1]) if found else None


def look_up_recording(mbid: UUID, *, now: datetime) -> RecordingRecord:
    """The recording, for a person who waits; Refused in words where MusicBrainz has none or cannot now."""
    try:
        return MusicBrainz(now=now, wait_s=WAIT_S).recording(mbid)
    except NotThere:
        raise Refused("MusicBrainz knows no such recording.", code="unknown_recording") from None
    except TryLater:
        raise Refused("MusicBrainz is busy. Try again in a minute.", code="try_later") from None
    except ExternalApiError as error:
        raise Refused("MusicBrainz gave no answer that makes sense. Try another one.", code="odd_reply") from error

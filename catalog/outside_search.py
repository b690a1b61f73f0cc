"""Albums that MusicBrainz knows and we do not hold yet, for a member who is looking for one and waiting."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from catalog.clients.musicbrainz import MusicBrainz
from catalog.names import tidy


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

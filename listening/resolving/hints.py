"""What sources claim about the names that they send: a recording's id, how long a track is. Kept until it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Track
from catalog.models.resolution import Resolution
from listening.models import RecordingHint

Item = TypeVar("Item")

AT_ONCE = 2_000


def remember(pairs: Iterable[tuple[int, UUID]], source: str) -> None:
    """Keep the ids that a source gave for tracks that have none of their own; what is kept already stays.

    pairs: track id and MusicBrainz recording, as often as they come.
    """
    claims = sorted(set(pairs))
    for part in _parts(claims):
        open_ids = set(_open([track_id for track_id, _ in part]).values_list("pk", flat=True))
        RecordingHint.objects.bulk_create(
            [
                RecordingHint(track_id=track_id, recording_mbid=mbid, source=source)
                for track_id, mbid in part
                if track_id in open_ids
            ],
            ignore_conflicts=True,
        )


def remember_durations(pairs: Iterable[tuple[int, int]]) -> None:
    """Keep the length in ms that a source gave, for unidentified tracks of which none is known; the first one said."""
    lengths: dict[int, int] = {}
    for track_id, ms in pairs:
        if ms > 0:
            lengths.setdefault(track_id, ms)
    for part in _parts(sorted(lengths)):
        tracks = list(_open(part).filter(duration_ms__isnull=True).only("pk").order_by("pk"))
        for track in tracks:
            track.duration_ms = lengths[track.pk]
        if tracks:
            Track.objects.bulk_update(tracks, ["duration_ms"], batch_size=400)


def _open(ids: Sequence[int]) -> QuerySet[Track]:
    return Track.objects.filter(pk__in=ids, recording_mbid__isnull=True).exclude(resolution=Resolution.MANUAL)


def _parts(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))

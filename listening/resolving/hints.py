"""Which recordings sources claim that the names they send are. Kept until somebody can verify it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from catalog.bulk_rows import parts
from catalog.models import Track
from catalog.models.resolution import Resolution
from listening.models import RecordingHint

AT_ONCE = 2_000


def remember(pairs: Iterable[tuple[int, UUID]], source: str) -> None:
    """Keep the ids that a source gave for tracks that have none of their own; what is kept already stays.

    pairs: track id and MusicBrainz recording, as often as they come.
    """
    claims = sorted(set(pairs))
    for part in parts(claims, AT_ONCE):
        open_ids = set(_open([track_id for track_id, _ in part]).values_list("pk", flat=True))
        RecordingHint.objects.bulk_create(
            [
                RecordingHint(track_id=track_id, recording_mbid=mbid, source=source)
                for track_id, mbid in part
                if track_id in open_ids
            ],
            ignore_conflicts=True,
        )


def _open(ids: Sequence[int]) -> QuerySet[Track]:
    return Track.objects.filter(pk__in=ids, recording_mbid__isnull=True).exclude(resolution=Resolution.MANUAL)

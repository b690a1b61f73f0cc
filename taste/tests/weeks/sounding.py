"""Music with a sound, for tests of weeks: features, vectors and tags as extraction and sources leave them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from catalog.models import Album, Artist, Tag, Tagging, Track
from catalog.names import name_key
from taste.models import TrackEmbedding, TrackFeatures

SOUNDED = datetime(2025, 1, 1, tzinfo=UTC)


def sounds(track: Track, *, at: datetime = SOUNDED, sure: float = 0.5, **axes: float) -> Track:
    """The track has these values from now on, and no others."""
    values: dict[str, float | None] = dict.fromkeys(("energy", "valence", "danceability", "tempo"))
    confidence = dict.fromkeys(axes, sure)
    TrackFeatures.objects.update_or_create(
        track=track, defaults={**values, **axes, "confidence": confidence, "updated_at": at}
    )
    return track


def lies(track: Track, *vector: float, at: datetime = SOUNDED, model: str = "dsp-v1") -> Track:
    TrackEmbedding.objects.update_or_create(
        track=track,
        model=model,
        defaults={
            "version": "1",
            "dimensions": len(vector),
            "vector": np.array(vector, "<f4").tobytes(),
            "computed_at": at,
        },
    )
    return track


def called(row: Track | Album | Artist, *names: str, weight: int = 100, source: str = "lastfm") -> None:
    for name in names:
        tag, _ = Tag.objects.get_or_create(name_key=name_key(name), defaults={"name": name, "is_genre": True})
        Tagging.objects.create(tag=tag, source=source, weight=weight, **{type(row).__name__.lower(): row})

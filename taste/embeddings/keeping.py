"""Vectors in the database: kept, read in bulk, compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from sidetrack.bulk.rows import blocks_of
from taste.embeddings.hearing import Embedded
from taste.models import TrackEmbedding

FAINTEST = 0.001  # a head below it says nothing; the rest of musicnn's hundred takes 2 kB a track
N_AT_ONCE = 10_000  # ids in one query: SQLite takes 32,766 parameters, psycopg 65,535


def store(*, model: str, version: str, embedded: Mapping[int, Embedded], now: datetime) -> int:
    """Keep the vectors of tracks (id → Embedded), over older ones of the same model; how many were kept.

    Empty vectors and ones with a NaN are left out: they say nothing, and would spoil every mean they enter.
    """
    rows = [
        TrackEmbedding(
            track_id=track_id,
            model=model,
            version=version,
            dimensions=each.vector.size,
            vector=np.ascontiguousarray(each.vector, "<f4").tobytes(),
            tags=telling(each.heads),
            computed_at=now,
        )
        for track_id, each in embedded.items()
        if not each.is_empty and np.isfinite(each.vector).all()
    ]
    with transaction.atomic():
        TrackEmbedding.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["track", "model"],
            update_fields=["version", "dimensions", "vector", "tags", "computed_at"],
        )
    return len(rows)


def telling(heads: Mapping[str, float]) -> dict[str, float]:
    """The heads that say something, three digits each: enough to judge a track anew without hearing it again."""
    return {name: round(float(value), 3) for name, value in heads.items() if value >= FAINTEST}


def vectors(track_ids: Collection[int] | None, model: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Track ids, ascending, shape (n,), and their vectors, shape (n, d), float32; (0,) and (0, 0) where none has one.

    track_ids: None for every track. Vectors of two versions do not lie in one space: where rows of several are found
    (an analysis is under way), the version that most of these tracks have is answered and the rest left out.
    One query for 10,000 ids.
    """
    found: dict[tuple[str, int], list[tuple[int, bytes]]] = {}
    for track_id, version, dimensions, vector in rows_of(track_ids, model):
        found.setdefault((version, dimensions), []).append((track_id, bytes(vector)))
    if not found:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
    (_, dimensions), rows = max(found.items(), key=lambda item: (len(item[1]), item[0]))
    rows.sort()
    ids = np.fromiter((track_id for track_id, _ in rows), np.int64, len(rows))
    stacked = np.frombuffer(b"".join(vector for _, vector in rows), "<f4").reshape(len(rows), dimensions)
    return ids, stacked.astype(np.float32)


def rows_of(track_ids: Collection[int] | None, model: str) -> Iterator[tuple[int, str, int, bytes | memoryview]]:
    rows = TrackEmbedding.objects.filter(model=model).values_list("track_id", "version", "dimensions", "vector")
    if track_ids is None:
        yield from chain.from_iterable(blocks_of(rows))
        return
    for some in in_parts(sorted({int(each) for each in track_ids}), N_AT_ONCE):
        yield from chain.from_iterable(blocks_of(rows.filter(track__in=some)))


def in_parts(ids: list[int], n: int) -> Iterable[list[int]]:
    return (ids[start : start + n] for start in range(0, len(ids), n))


def neighbours(vector: NDArray[np.float32], model: str, n: int) -> list[tuple[int, float]]:
    """The `n` tracks whose vectors lie nearest to `vector`, shape (d,): (track id, likeness), the most alike first.

    Likeness: cosine about the mean of all tracks, −1 to 1 (about zero, all of a network's vectors look alike). Empty
    where no track has a vector of that many dimensions. Reads them all: 1.6 kB a track for musicnn.
    """
    ids, stacked = vectors(None, model)
    if not len(ids) or stacked.shape[1] != vector.size:
        return []
    centre = stacked.mean(axis=0)
    apart, about = stacked - centre, vector - centre
    lengths = np.linalg.norm(apart, axis=1) * np.linalg.norm(about)
    likeness = np.divide(apart @ about, lengths, out=np.zeros(len(ids), np.float32), where=lengths > 0)
    best = np.argsort(-likeness, kind="stable")[:n]
    return [(int(ids[i]), float(likeness[i])) for i in best]

"""How long tracks are, as the sources say: told apart by it are a start, an end, and the next round of a repeat."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from catalog.models import Track
from sidetrack.bulk.given import NUMBER, given, is_sqlite, parameters

LENGTH = {"id": NUMBER, "ms": NUMBER}
SHORTEST_MS, LONGEST_MS = 1_000, 24 * 3600 * 1000  # what is outside is a mistake of the source


def learn_lengths(told: Iterable[tuple[int, int | None]]) -> int:
    """Tracks (by id) whose length nobody knows get the one that is told first; returns how many that were.

    Call it outside a transaction: two programs that name the same tracks do not wait for each other.
    """
    lengths: dict[int, int] = {}
    for track_id, ms in told:
        if ms is not None and SHORTEST_MS <= ms <= LONGEST_MS:
            lengths.setdefault(track_id, ms)
    unknown = Track.objects.filter(pk__in=lengths, duration_ms__isnull=True).values_list("pk", flat=True)
    rows = [(track_id, lengths[track_id]) for track_id in sorted(unknown)] if lengths else []
    if not rows:
        return 0
    lock = "" if is_sqlite() else "FOR UPDATE SKIP LOCKED"
    statement = f"""
        UPDATE catalog_track SET duration_ms = given.ms FROM {given(LENGTH)}
        WHERE catalog_track.id = given.id AND catalog_track.id IN (
            SELECT track.id FROM catalog_track AS track WHERE track.duration_ms IS NULL
            AND track.id IN (SELECT told.id FROM {given(LENGTH).replace("AS given", "AS told")}) {lock}
        )
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters(LENGTH, rows), *parameters(LENGTH, rows)])
        return int(cursor.rowcount)

"""What sources say of tracks, stored in bulk. Nothing is chosen here: see `choosing`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from catalog.models import Track
from taste.axes.judging import Judged
from taste.models import TrackScore
from taste.models.sound import RANGES

AT_ONCE = 2_000  # tracks in one transaction
LONGEST_METHOD = 120
DECIMALS = 5


def keep(
    *, source: str, version: str, judged: Mapping[int, Mapping[str, Judged]], now: datetime, adds: bool = False
) -> int:
    """Make this all that `source` says, in this version, of these tracks (id → axis → value); how many values changed.

    adds: axes that are not named keep what was said before, for a source that tells its axes in several files.
    The same call twice changes nothing. Tracks that are gone are left out. ValueError, before anything is written, for
    a value outside the axis's range. Call `choosing.choose` afterwards.
    """
    for values in judged.values():
        for axis, each in values.items():
            least, most = RANGES[axis]
            if not least <= each.value <= most:
                raise ValueError(f"{axis} is {least} to {most}, not {each.value} ({source}).")
    track_ids = sorted(judged)
    return sum(
        _keep(source, version, {id_: judged[id_] for id_ in track_ids[start : start + AT_ONCE]}, now, adds)
        for start in range(0, len(track_ids), AT_ONCE)
    )


@transaction.atomic
def _keep(source: str, version: str, judged: Mapping[int, Mapping[str, Judged]], now: datetime, adds: bool) -> int:
    there = locked(judged)
    held: dict[tuple[int, str], TrackScore] = {}
    other_versions: dict[int, datetime] = {}
    for row in TrackScore.objects.filter(track_id__in=there, source=source):
        if row.version == version:
            held[row.track_id, row.axis] = row
        else:
            other_versions[row.track_id] = max(row.computed_at, other_versions.get(row.track_id, row.computed_at))
    rows = [
        TrackScore(
            track_id=track_id,
            axis=axis,
            source=source,
            version=version,
            value=round(each.value, DECIMALS),
            confidence=round(each.confidence, DECIMALS),
            method=each.method[:LONGEST_METHOD],
            computed_at=now,
        )
        for track_id in there
        for axis, each in judged[track_id].items()
    ]
    said = {(row.track_id, row.axis) for row in rows}
    gone = [] if adds else [row.pk for place, row in held.items() if place not in said]
    if gone:
        TrackScore.objects.filter(pk__in=gone).delete()
    changed = [row for row in rows if _differs(row, held.get((row.track_id, row.axis)))]
    # The newest version counts: one that is gone back to is dated anew though it says the same.
    returned = [row for row in rows if row.track_id in other_versions and not _is_newer(row, held, other_versions)]
    written = {(row.track_id, row.axis): row for row in [*changed, *returned]}
    if written:
        TrackScore.objects.bulk_create(
            written.values(),
            update_conflicts=True,
            unique_fields=["track", "axis", "source", "version"],
            update_fields=["value", "confidence", "method", "computed_at"],
        )
    return len(gone) + len(changed)


def _is_newer(row: TrackScore, held: Mapping[tuple[int, str], TrackScore], others: Mapping[int, datetime]) -> bool:
    before = held.get((row.track_id, row.axis))
    return before is not None and before.computed_at > others[row.track_id]


def _differs(row: TrackScore, held: TrackScore | None) -> bool:
    names = ("value", "confidence", "method")
    return held is None or any(getattr(row, name) != getattr(held, name) for name in names)


def locked(track_ids: Collection[int]) -> list[int]:
    """Those of the tracks that exist, locked in one order until the transaction ends.

    Two jobs that write about the same tracks wait for each other, so that the later one chooses from all evidence.
    """
    tracks = Track.objects.select_for_update(no_key=True).filter(pk__in=track_ids).order_by("pk")
    return list(tracks.values_list("pk", flat=True))

"""Of all that sources say of a track, the best on each axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from taste.axes.evidence import AT_ONCE, locked
from taste.models import Axis, TrackFeatures, TrackScore

# Where two are equally sure. What is invented for the demo is taken only where nobody else says anything.
ORDER = [TrackScore.Source.AUDIO, TrackScore.Source.SPOTIFY, TrackScore.Source.ACOUSTICBRAINZ, TrackScore.Source.TAGS]
INVENTED = TrackScore.Source.DEMO
AXES = [axis.value for axis in Axis]
WHOLE = {Axis.KEY.value, Axis.MODE.value}
A_TICK = timedelta(milliseconds=1)  # what weeks tell two changes apart by


def choose(track_ids: Iterable[int], now: datetime) -> int:
    """Set each track's features from its evidence; how many tracks changed.

    Of a source's versions its newest answer counts. Of sources the surest, and where two are equally sure the earlier
    in ORDER. A track without evidence keeps a row of nulls if it had one. Nothing is written where nothing changes, so
    `updated_at` says when a track last sounded different: `now`, or just after the latest such moment, so that whoever
    looked in between sees that there is more (an import of hours has one `now`). The number of queries does not depend
    on the number of tracks, up to AT_ONCE of them.
    """
    ids = sorted(set(track_ids))
    return sum(_choose(ids[start : start + AT_ONCE], now) for start in range(0, len(ids), AT_ONCE))


@transaction.atomic
def _choose(track_ids: Sequence[int], now: datetime) -> int:
    there = locked(track_ids)
    said: dict[int, list[TrackScore]] = {track_id: [] for track_id in there}
    for row in TrackScore.objects.filter(track_id__in=there):
        said[row.track_id].append(row)
    held = TrackFeatures.objects.in_bulk(there)
    changed: list[TrackFeatures] = []
    for track_id, scores in said.items():
        if not scores and track_id not in held:
            continue
        wanted = _columns(best_of(scores))
        before = held.get(track_id)
        if before is None or any(getattr(before, name) != value for name, value in wanted.items()):
            changed.append(TrackFeatures(track_id=track_id, **wanted))
    if changed:
        newest = TrackFeatures.objects.aggregate(at=Max("updated_at"))["at"]
        moment = now if newest is None or newest < now else newest + A_TICK
        for each in changed:
            each.updated_at = moment
        TrackFeatures.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["track"],
            update_fields=[*AXES, "confidence", "sources", "updated_at"],
        )
    return len(changed)


def best_of(scores: Sequence[TrackScore]) -> dict[str, TrackScore]:
    """Axis → the row that counts, of one track's rows."""
    newest: dict[str, TrackScore] = {}
    for row in scores:
        other = newest.get(row.source)
        if other is None or (row.computed_at, row.version) > (other.computed_at, other.version):
            newest[row.source] = row
    best: dict[str, TrackScore] = {}
    for row in scores:
        if row.version != newest[row.source].version:
            continue
        other = best.get(row.axis)
        if other is None or _rank(row) > _rank(other):
            best[row.axis] = row
    return best


def _rank(row: TrackScore) -> tuple[bool, float, int]:
    place = ORDER.index(TrackScore.Source(row.source)) if row.source != INVENTED else len(ORDER)
    return row.source != INVENTED, row.confidence, -place


def _columns(best: dict[str, TrackScore]) -> dict[str, Any]:
    """The columns of TrackFeatures."""
    values = {axis: best[axis].value if axis in best else None for axis in AXES}
    return {
        **{axis: round(value) if value is not None and axis in WHOLE else value for axis, value in values.items()},
        "confidence": {axis: best[axis].confidence for axis in AXES if axis in best},
        "sources": {axis: best[axis].source for axis in AXES if axis in best},
    }

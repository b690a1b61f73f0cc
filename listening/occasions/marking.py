"""Saying that a member's history is to be looked through again, from some moment on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from listening.models import AlbumSession, Listener, Milestone
from listening.models.totals import TrackTotal


def mark(since: Mapping[int, datetime]) -> None:
    """since: a moment by member. An earlier mark stays."""
    for user_id, moment in sorted(since.items()):
        later = Q(occasions_from__isnull=True) | Q(occasions_from__gt=moment)
        Listener.objects.filter(later, pk=user_id).update(occasions_from=moment)


def mark_music(totals: type[Any], kind: str, ids: Collection[int], *, of: Collection[int] | None = None) -> None:
    """Whoever heard this music (of: among these members), from when they first did. totals: the kind's table."""
    rows = totals._default_manager.filter(**{f"{kind}__in": list(ids)})
    if of is not None:
        rows = rows.filter(user__in=list(of))
    mark(dict(rows.order_by().values_list("user").annotate(first=Min("first_at"))))


def track_list_changed(album_id: int, track_ids: Collection[int]) -> None:
    """Fills the slot of that name. After the commit, for an `ingest` locks listeners before the catalogue's rows."""
    transaction.on_commit(lambda: mark_music(TrackTotal, "track", track_ids))


def forget_within(user_id: int, first: datetime, last: datetime) -> None:
    """Plays of this time were taken out: what they were part of is told no more, until the job has looked again."""
    AlbumSession.objects.filter(user=user_id, started_at__lte=last, ended_at__gte=first).delete()
    Milestone.objects.filter(user=user_id, reached_at__gte=first, reached_at__lte=last).delete()

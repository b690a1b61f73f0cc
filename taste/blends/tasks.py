"""Jobs of blends."""

from __future__ import annotations

from django.utils import timezone
from django_q.tasks import async_task

from taste.blends import making


def make(blend_id: int) -> str:
    """The list of one blend."""
    n = making.make(blend_id, now=timezone.now())
    return f"Blend {blend_id} is gone." if n is None else f"Blend {blend_id}: {n} tracks."


def renew() -> str:
    """End what may no longer be, and queue the lists that are a week old."""
    now = timezone.now()
    n_ended, due = making.end_fallen(now=now), making.due(now)
    for blend_id in due:
        async_task("taste.blends.tasks.make", blend_id)
    return f"Blends: {n_ended} ended, {len(due)} to be made."

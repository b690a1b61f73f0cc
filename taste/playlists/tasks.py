"""Jobs of lists."""

from __future__ import annotations

from django.utils import timezone
from django_q.tasks import async_task

from taste.playlists import club_blend, missed, services


def send(export_id: int) -> str:
    """Bring one list to its service."""
    export = services.send(export_id, now=timezone.now())
    return f"Export {export_id}: nothing to do." if export is None else f"Export {export_id}: {export.state}."


def send_due() -> str:
    """Queue what waits for a pause to end, what no job came for, and what was cut off."""
    due = services.due(timezone.now())
    for export_id in due:
        async_task("taste.playlists.tasks.send", export_id)
    return f"Queued {len(due)} lists to send."


def renew_club_lists() -> str:
    """The club's blend, and the picks that members missed where they keep such a list."""
    now = timezone.now()
    return f"The club's blend: {club_blend.renew(now=now)} tracks. Picks missed: {missed.renew(now=now)} lists."

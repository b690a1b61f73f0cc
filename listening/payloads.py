"""What services and programs said word for word about plays: kept for a while, then forgotten. The listens stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from listening.models import ListenPayload

A_DELETE = 5_000  # rows a statement: while it runs, nobody else writes on SQLite


def forget_old(*, now: datetime) -> int:
    """Delete payloads older than LISTEN_PAYLOAD_DAYS; how many there were."""
    old = ListenPayload.objects.filter(received_at__lt=now - timedelta(days=settings.LISTEN_PAYLOAD_DAYS))
    n_forgotten = 0
    while ids := list(old.order_by("received_at").values_list("pk", flat=True)[:A_DELETE]):
        n_forgotten += ListenPayload.objects.filter(pk__in=ids).delete()[0]
    return n_forgotten

"""The plumbing's own job."""

from __future__ import annotations

from django.utils import timezone

from sidetrack.heartbeat import beat


def heartbeat() -> str:
    """Say that the queue runs tasks: /ready and the worker's watch read it."""
    beat(timezone.now())
    return "1 beat"

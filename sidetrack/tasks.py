"""The plumbing's own jobs."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from sidetrack.heartbeat import beat


def heartbeat() -> str:
    """Say that the queue runs tasks: /ready and the worker's watch read it."""
    beat(timezone.now())
    return "1 beat"


def forget_sessions() -> str:
    """Delete sessions that ended, and what was begun elsewhere and never came back."""
    n_gone, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"{n_gone} session{'s' * (n_gone != 1)} forgotten"

"""Whether the queue is alive: not what its processes say of themselves, but when it last ran a task.

A worker that was killed at the wrong moment can leave a cluster that looks alive and runs nothing. So a scheduled
task writes the time each minute, and so does any finished task, lest a long queue be taken for a dead one.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from sidetrack.models import Heartbeat

QUEUE = "queue"
LATE_AFTER = timedelta(minutes=5)  # then /ready says so
WRITE_EVERY = timedelta(seconds=15)  # however many tasks finish
logger = logging.getLogger(__name__)
_last_written: datetime | None = None


def dead_after() -> timedelta:
    """Longer than the longest task with all workers busy: then the cluster hangs and is started anew."""
    return timedelta(seconds=settings.Q_CLUSTER["timeout"] + 120)


def beat(now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=QUEUE, defaults={"beat_at": now})


def last_beat() -> datetime | None:
    return Heartbeat.objects.filter(name=QUEUE).values_list("beat_at", flat=True).first()


def silent_for(now: datetime) -> timedelta | None:
    """How long the queue has run nothing; None when it never ran anything."""
    last = last_beat()
    return None if last is None else max(now - last, timedelta(0))


def beat_after_task(**_: Any) -> None:
    """Called in the worker process after each task. A heartbeat that cannot be written must not stop the worker."""
    global _last_written
    now = timezone.now()
    if _last_written and timedelta(0) <= now - _last_written < WRITE_EVERY:
        return
    try:
        beat(now)
        _last_written = now
    except DatabaseError:
        logger.warning("The heartbeat could not be written.", exc_info=True)

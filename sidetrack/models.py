"""The one table of the plumbing: when the queue last ran something."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """Written by the worker whenever it has run a task, a task a minute at least; read by `sidetrack.health`."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%Y-%m-%d %H:%M:%S}"

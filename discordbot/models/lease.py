"""Which process is the bot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class BotLease(models.Model):
    """Held and renewed by the one bot that runs; a second one waits or leaves. Also the bot's heartbeat."""

    holder = models.CharField(max_length=64, blank=True, help_text="Random name of the process that holds it.")
    host = models.CharField(max_length=128, blank=True)
    pid = models.PositiveIntegerField(null=True, blank=True)
    acquired_at = models.DateTimeField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True, help_text="The bot's heartbeat.")
    expires_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True, help_text="Since when Discord is connected; empty: not.")
    reconciled_at = models.DateTimeField(null=True, blank=True, help_text="When Discord last matched the club's state.")
    problem = models.CharField(max_length=500, blank=True, help_text="What is wrong, in words; empty: nothing.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="botlease_one_row")]

    def __str__(self) -> str:
        return f"Lease of {self.holder or 'nobody'}"

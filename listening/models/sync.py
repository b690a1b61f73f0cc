"""How far we have read a member's account at another service."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SyncState(models.Model):
    """One row a linked account that brings listens: when it is due, where it stands, what went wrong, in words."""

    class Status(models.TextChoices):
        NEW = "new", "Never read yet"
        OK = "ok", "Up to date"
        READING = "reading", "Being read"
        WAITING = "waiting", "Will try again"
        NEEDS_RELINK = "needs_relink", "Connect it again"
        PRIVATE = "private", "Its listens are private"
        OFF = "off", "Paused"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sync_states")
    source = models.CharField(max_length=12, help_text="lastfm, listenbrainz or spotify.")
    account_name = models.CharField(max_length=128, help_text="Whose listens are read there.")
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    last_ingested_at = models.DateTimeField(null=True, blank=True, help_text="All plays up to here are held.")
    checkpoint = models.JSONField(default=dict, blank=True, help_text="Where a reading that was cut off goes on.")
    snapshot = models.JSONField(
        default=dict, blank=True, help_text="Top artists and albums as the service counts them."
    )
    due_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_key = models.CharField(max_length=36, blank=True)
    n_failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_new_at = models.DateTimeField(null=True, blank=True, help_text="When a new play was last found.")
    n_read = models.PositiveIntegerField(default=0, help_text="Plays read in the reading that runs, for its progress.")
    n_expected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "source"], name="syncstate_one_per_account")]

    def __str__(self) -> str:
        return f"{self.source} of {self.account_name}: {self.get_status_display()}"

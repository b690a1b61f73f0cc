"""A member's own data leaving with them, and a member leaving."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DataExport(models.Model):
    """A zip of everything that Sidetrack knows of a member, made by a job, kept for seven days."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its turn"
        RUNNING = "running", "being made"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    part = models.CharField(max_length=80, blank=True, help_text="What is being written, for a person to read.")
    n_parts = models.PositiveSmallIntegerField(default=0)
    n_done = models.PositiveSmallIntegerField(default=0)
    n_tries = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it.")
    beat_at = models.DateTimeField(null=True, blank=True, help_text="When the job last said that it goes on.")
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    file_name = models.CharField(max_length=120, blank=True, help_text="Under DATA_DIR/exports; never under media.")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["waiting", "running"]),
                name="dataexport_one_at_a_time",
                violation_error_message="An export is being made already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Data of {self.user}, {self.asked_at:%Y-%m-%d}"


class AccountDeletion(models.Model):
    """A member's wish to leave: carried out when the days of grace are over, and taken back until then."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletion")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    keeps_ratings = models.BooleanField(
        "my ratings stay, without my name", default=True, help_text="Otherwise ratings and reviews go with me."
    )
    levels_before = models.JSONField(default=dict, help_text="Who saw what before; given back with the wish.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True, help_text="When carrying it out began: no way back.")

    def __str__(self) -> str:
        return f"{self.user} leaves on {self.due_at:%Y-%m-%d}"

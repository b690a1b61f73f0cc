"""A member as a listener."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Listener(models.Model):
    """One row a member, locked by whoever writes their listens, and the numbers that every page begins with.

    `zone` is the zone in which `DayTotal` and `HourTotal` were counted; when the member moves, they are counted anew.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="listener"
    )
    zone = models.CharField(max_length=64, default="UTC")
    n_listens = models.PositiveIntegerField(default=0, help_text="Plays, each once.")
    n_duplicates = models.PositiveIntegerField(default=0)
    ms_played = models.PositiveBigIntegerField(default=0, help_text="As far as sources said it.")
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=0, help_text="Moves with every change: kept answers go by it.")
    source_order = models.JSONField(default=list, blank=True, help_text="Sources, the one to believe first in front.")
    changed_at = models.DateTimeField(null=True, blank=True)
    deciding_from = models.DateTimeField(
        null=True, blank=True, help_text="From here on duplicates are yet to be told anew; empty: all are told."
    )

    occasions_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From here on albums heard whole and milestones are yet to be looked for; empty: all are found.",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["changed_at"], condition=models.Q(occasions_from__isnull=False), name="listener_occasions_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n_listens} listens of {self.user_id}"

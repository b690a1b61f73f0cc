"""Words that a member typed and the club could not take yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from club.models import Week

KEPT = timedelta(days=2)


class DraftQuerySet(models.QuerySet["Draft"]):
    def kept(self, now: datetime) -> DraftQuerySet:
        """The ones that are still kept at `now`."""
        return self.filter(created_at__gt=now - KEPT)


class Draft(models.Model):
    """Kept for two days, so that “try again” opens the form with the words, also after a restart."""

    class Kind(models.TextChoices):
        NOMINATION = "nomination", "Nomination"
        RATING = "rating", "Rating"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    week = models.ForeignKey(Week, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.member} for {self.week}"

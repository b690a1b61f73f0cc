"""What a moderator asked for and has not confirmed yet."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from club.models import Week


class PendingAct(models.Model):
    """A previewed act, so that its Confirm button works after a restart, once, and only for what was shown."""

    GOOD_FOR = timedelta(hours=1)  # a preview says what would happen; later it has to be looked at again

    asker_snowflake = models.BigIntegerField()
    verb = models.CharField(max_length=16)
    week = models.ForeignKey(Week, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    arguments = models.JSONField(default=dict)
    seen = models.JSONField(default=dict, help_text="How things stood in the preview.")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=1000, blank=True, help_text="What the bot said in the end.")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_at"], name="pendingact_asked_at")]

    def __str__(self) -> str:
        return f"{self.verb} of {self.week or 'the club'}"

"""What was understood from a message that a member typed into a thread."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from club.models import Nomination, Rating, Week


class TypedMessage(models.Model):
    """Ties a message to the nomination or rating that it made, so that its edits and its deletion are followed.

    Where it was not understood it has neither, and `hint_snowflake` is the bot's answer that says what is missing.
    """

    message_snowflake = models.BigIntegerField(unique=True)
    channel_snowflake = models.BigIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    week = models.ForeignKey(Week, on_delete=models.CASCADE, related_name="+")
    nomination = models.ForeignKey(Nomination, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    rating = models.ForeignKey(Rating, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hint_snowflake = models.BigIntegerField(null=True, blank=True)
    read_at = models.DateTimeField(help_text="When it, or its last edit, was read.")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["channel_snowflake"], name="typedmessage_channel")]
        constraints = [
            models.CheckConstraint(
                condition=Q(nomination__isnull=True) | Q(rating__isnull=True), name="typedmessage_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"Message {self.message_snowflake} of {self.member} in {self.week}"

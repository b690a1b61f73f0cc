"""Two members' wish to have one list made of what both play."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least


class Blend(models.Model):
    """Asked for by one, accepted by the other: one for each pair, whoever asked. Each has a copy of its list.

    The list tells each what the other plays, so it stands on both members' consent: where either leaves, or may no
    longer see the other, blend and lists are gone.
    """

    class Lean(models.TextChoices):
        EVEN = "even", "Even"
        ASKER = "asker", "More of who asked"
        ASKED = "asked", "More of who was asked"
        NEW = "new", "New to both"

    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blends_asked")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blends_received")
    lean = models.CharField(max_length=8, choices=Lean, default=Lean.EVEN)
    created_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True, blank=True, help_text="The asker is not told.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True, help_text="When its list was last asked for.")
    made_at = models.DateTimeField(null=True, blank=True, help_text="When its list was last made.")
    words = models.CharField(max_length=300, blank=True, help_text="Why there is no list, for a person to read.")
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(Least("asker", "asked"), Greatest("asker", "asked"), name="blend_once"),
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="blend_takes_two"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="blend_one_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"Blend of {self.asker} and {self.asked}"

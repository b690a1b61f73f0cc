"""A member's key for programs that send listens."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ListenToken(models.Model):
    """Shaped like ListenBrainz's (a UUID), because programs check that; only its hash is kept, it is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listen_tokens")
    name = models.CharField(max_length=64, help_text="Which program uses it.")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_client = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    latest_imports = models.JSONField(
        default=dict, blank=True, help_text="By service: up to which second a program says it has brought its listens."
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"

"""A member's account at another service."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sidetrack.fields import EncryptedTextField


class LinkedAccount(models.Model):
    """The only place that the rest of Sidetrack reads an outside identity or token from."""

    class Provider(models.TextChoices):
        DISCORD = "discord", "Discord"
        GOOGLE = "google", "Google"
        SPOTIFY = "spotify", "Spotify"
        LASTFM = "lastfm", "Last.fm"
        LISTENBRAINZ = "listenbrainz", "ListenBrainz"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="linked_accounts")
    provider = models.CharField(max_length=16, choices=Provider)
    provider_user_id = models.CharField(max_length=128)
    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    authorised_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="When its owner proved it by signing in; empty while only claimed for them."
    )
    scopes = models.CharField(max_length=500, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_user_id"],
                name="linkedaccount_one_member_per_identity",
                violation_error_message="This account is linked to another member.",
            ),
            models.UniqueConstraint(
                fields=["user", "provider"],
                name="linkedaccount_one_identity_per_provider",
                violation_error_message="Another account of this service is linked already: unlink it first.",
            ),
        ]

    @property
    def name_there(self) -> str:
        """As the account is called there, for a person to read; its id where the service told no name."""
        named = (self.metadata.get(key) for key in ("name", "global_name", "display_name", "username"))
        return next((str(name) for name in named if name), self.provider_user_id)

    def __str__(self) -> str:
        return f"{self.get_provider_display()} account of {self.user}"

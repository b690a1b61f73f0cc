"""What a member is told on the site."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One row a member and subject: told again, it is brought up to date and counts as unread once more.

    Where others did it, `text` has a place for them, `{who}`, and reads as “Ana and 3 others …”: who is named is
    decided when it is read, so nobody is named whom the member may not see any more.
    """

    class Direct(models.TextChoices):
        """What becomes of it as a direct message in Discord."""

        NONE = "none", "not wanted"
        DUE = "due", "to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "refused by Discord"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=32, help_text="taste_change, …: what a member may switch off.")
    subject = models.CharField(max_length=120, help_text="What it is about, in the kind's own key.")
    text = models.CharField(max_length=300, help_text="One sentence, plain text.")
    address = models.CharField(max_length=300, blank=True, help_text="Path on this site.")
    actors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    has_actors = models.BooleanField(default=False, help_text="Shown only while somebody is left to be named.")
    on_site = models.BooleanField(default=True, help_text="In the list; off: for Discord alone.")
    direct = models.CharField(max_length=6, choices=Direct, default=Direct.NONE)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-told_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-told_at"], name="notification_newest"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True, on_site=True), name="notification_unread"
            ),
            models.Index(fields=["told_at"], condition=models.Q(direct="due"), name="notification_direct_due"),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "subject"], name="notification_once")]

    def __str__(self) -> str:
        return self.text


class NotificationSwitch(models.Model):
    """A member's choice for one kind; kinds without a row are told on the site, and not in Discord."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_switches", db_index=False
    )
    kind = models.CharField(max_length=32)
    on_site = models.BooleanField(default=True)
    in_discord = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notificationswitch_once")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user}"

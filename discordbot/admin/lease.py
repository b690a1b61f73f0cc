"""The bot's heartbeat."""

from __future__ import annotations

from django.contrib import admin

from discordbot.admin.reading import ReadOnly
from discordbot.models import BotLease
from discordbot.readiness import problems


@admin.register(BotLease)
class BotLeaseAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("health", "host", "pid", "renewed_at", "connected_at", "reconciled_at", "problem")
    fields = (
        "health",
        "host",
        "pid",
        "acquired_at",
        "renewed_at",
        "expires_at",
        "connected_at",
        "reconciled_at",
        "problem",
    )

    @admin.display(description="health")
    def health(self, lease: BotLease) -> str:
        return " ".join(problems()) or "The bot is running."

"""Where the bot posts: the same choices as /club settings, logged and undone alike."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as clock

from discordbot.models import DiscordSettings
from discordbot.moderating.places import PLACES, change_places
from social.models import User


@admin.register(DiscordSettings)
class DiscordSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fieldsets = (
        (
            None,
            {
                "fields": PLACES,
                "description": "Ids of channels and roles: in Discord, with developer mode on, right-click, “Copy ID”.",
            },
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(reverse("admin:discordbot_discordsettings_change", args=[DiscordSettings.load().pk]))

    def save_model(
        self, request: HttpRequest, obj: DiscordSettings, form: ModelForm[DiscordSettings], change: bool
    ) -> None:
        wanted = {name: form.cleaned_data[name] for name in form.changed_data if name in PLACES}
        change_places(by=cast(User, request.user), now=clock(), wanted=wanted)
        obj.refresh_from_db()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

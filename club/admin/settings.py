"""The club's own choices: one row, for operators."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as clock

from club.choosing import CHOICES, change_settings
from club.models import ClubSettings
from sidetrack.admin_acts import HistoryAdmin
from social.models import User

STEPS = ("open", "nominations_close", "poll_close", "discussion", "ratings_close")


@admin.register(ClubSettings)
class ClubSettingsAdmin(HistoryAdmin):
    fieldsets = (
        (None, {"fields": ("name", "timezone")}),
        (
            "Rhythm of a week",
            {
                "fields": (
                    "auto_open",
                    ("open_weekday", "open_time"),
                    *((f"{step}_day", f"{step}_time") for step in STEPS[1:]),
                ),
                "description": "Days count from the Monday on which a week opens (day 0), in the club's own time zone.",
            },
        ),
        ("Rules", {"fields": ("nominations_per_member", "allow_self_vote", "minimum_ratings")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(reverse("admin:club_clubsettings_change", args=[ClubSettings.load().pk]))

    def save_model(self, request: HttpRequest, obj: ClubSettings, form: ModelForm[ClubSettings], change: bool) -> None:
        choices = {name: form.cleaned_data[name] for name in form.changed_data if name in CHOICES}
        change_settings(by=cast(User, request.user), now=clock(), **choices)
        obj.refresh_from_db()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

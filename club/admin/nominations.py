"""Nominations: typos in pitch, genre, decade and country are fixed in the form; withdrawing is an act.

Names stand here whatever their members show the archive: whoever keeps order knows whose words they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now as clock
from import_export import resources
from import_export.admin import ExportMixin
from import_export.fields import Field

from club.errors import ClubRuleBroken
from club.models import Nomination, Phase
from club.nominating import edit_nomination, withdraw
from sidetrack.admin_acts import Act, ActAdmin, HistoryAdmin
from sidetrack.admin_sheets import Sheets

TEXTS = ("pitch", "pitch_track", "pitch_track_url", "genre", "decade", "country")


class Withdraw(Act):
    name, label, is_severe = "withdraw", "Withdraw", True
    explanation = "It no longer stands in the week. Votes for it are freed, and their voters are told."

    def is_offered(self) -> bool:
        return self.obj.withdrawn_at is None and self.obj.week.phase in {Phase.NOMINATIONS, Phase.POLL}

    def facts(self) -> list[tuple[str, Any]]:
        return [("Album", self.obj.album), ("Nominated by", self.obj.user), ("Week", self.obj.week)]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        withdraw(nomination=self.obj, by=self.moderator, now=now, reason=cleaned["reason"])
        return f"{self.obj.album} is withdrawn from {self.obj.week}."


class TextsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saved while it is checked, so that the club's own refusal stands at the top of the form."""

    moderator: ClassVar[Any]
    pitch_track_url = forms.URLField(max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = Nomination
        fields = TEXTS
        widgets: ClassVar[dict[str, Any]] = {"pitch": forms.Textarea(attrs={"rows": 4, "cols": 80})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            with transaction.atomic():
                fresh = Nomination.objects.select_related("week").get(pk=self.instance.pk)
                fields = {name: cleaned[name] for name in self.changed_data}
                self.saved = edit_nomination(nomination=fresh, by=self.moderator, now=clock(), **fields)
        except ClubRuleBroken as refusal:
            raise ValidationError(refusal.message) from refusal
        return cleaned


class NominationResource(resources.ModelResource):
    week = Field(column_name="week", attribute="week__number", readonly=True)
    album = Field(column_name="album", attribute="album__title", readonly=True)
    artist = Field(column_name="artist", attribute="album__artist__name", readonly=True)
    nominator = Field(column_name="nominator", attribute="user__handle", readonly=True)

    class Meta:
        model = Nomination
        fields = (
            "week",
            "album",
            "artist",
            "nominator",
            "genre",
            "decade",
            "country",
            "pitch",
            "created_at",
            "withdrawn_at",
        )


@admin.register(Nomination)
class NominationAdmin(Sheets, ExportMixin, ActAdmin, HistoryAdmin):
    acts = (Withdraw,)
    refusals = (ClubRuleBroken,)
    form = TextsForm
    resource_classes: ClassVar[list[Any]] = [NominationResource]
    list_display = ("album", "week", "user", "genre", "decade", "country", "created_at", "stands")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter), "decade", "week__phase")
    list_select_related = ("album__artist", "week", "user")
    search_fields = (
        "album__title",
        "album__artist__name",
        "user__handle",
        "user__display_name",
        "=week__number",
        "pitch",
    )
    autocomplete_fields = ("album", "user", "week")
    list_per_page = 50
    actions = None
    fields = ("week", "album", "user", *TEXTS, "created_at", "withdrawn_at")
    readonly_fields = ("week", "album", "user", "created_at", "withdrawn_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("TextsFormOfModerator", (form,), {"moderator": request.user})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Nomination]:
        rows: QuerySet[Nomination] = super().get_queryset(request)
        return rows.select_related("album__artist", "week", "user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved already, by the club's own function."""

    @admin.display(description="stands", boolean=True)
    def stands(self, nomination: Nomination) -> bool:
        return nomination.withdrawn_at is None

"""The page of the analysis: how far it is, what is off and why, and an operator's switches."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as clock

from social.models import User
from social.moderation import log_action
from taste.audio.coverage import coverage, models, standing_of_files
from taste.audio.readiness import why_not
from taste.audio.switches import settings_now
from taste.models import AnalysisSettings

STEMS = "stems"  # the model that tells voice and instruments apart
AS_THE_ENVIRONMENT = "As USE_DEMUCS says"


@admin.register(AnalysisSettings)
class AnalysisSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One row, shown with what it leads to. Moderators read it; operators change it; the log says who did."""

    change_form_template = "admin/taste/analysis.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "is_paused",
                    "embedding_models",
                    "device",
                    "uses_stems",
                    "excerpt_seconds",
                    "jobs_at_once",
                ),
                "description": "What is left empty, the environment says (.env). A change holds for the next batch.",
            },
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        AnalysisSettings.objects.get_or_create(pk=1)
        return redirect(reverse("admin:taste_analysissettings_change", args=[1]))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of the three answers to a question that may stay open, “unknown” would say the wrong thing."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "uses_stems" and field is not None:
            field.widget.choices = [("unknown", AS_THE_ENVIRONMENT), *field.widget.choices[1:]]
        return field

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        switches, heard_by = settings_now(), models()
        context = {
            **(extra_context or {}),
            "title": "Analysis of music",
            "subtitle": None,
            "reason": why_not(switches),
            "switches": switches,
            "coverage": coverage(),
            "models": heard_by,
            "uses_stems": any(model.name == STEMS for model in heard_by),
            "files": standing_of_files(now=clock()),
            "sees_files": request.user.has_perm("taste.view_audiofile"),
        }
        return super().change_view(request, object_id, form_url, context)

    def save_model(
        self, request: HttpRequest, obj: AnalysisSettings, form: ModelForm[AnalysisSettings], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            before = {name: form.initial.get(name) for name in form.changed_data}
            after = {name: form.cleaned_data[name] for name in form.changed_data}
            by = cast(User, request.user)
            log_action(moderator=by, verb="change_analysis", obj=obj, before=before, after=after, now=clock())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

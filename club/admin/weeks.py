"""Weeks: a list that answers what runs and what is wrong, and a page on which everything but the theme is an act."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from import_export import resources
from import_export.admin import ExportMixin
from import_export.fields import Field

from club.admin.history_import import import_history
from club.admin.opening import open_view
from club.admin.week_acts import WEEK_ACTS, end_of_phase, last_act, shown
from club.errors import ClubRuleBroken
from club.models import Week
from club.rhythm import DEADLINES
from sidetrack.admin_acts import ActAdmin, HistoryAdmin, ReadOnlyAdmin
from sidetrack.admin_sheets import Sheets

DESK_ACTS = ("Override the winner", "Close this phase now", "Extend this phase")


class WeekResource(resources.ModelResource):
    winner = Field(column_name="winner", attribute="winner__album__title", readonly=True)
    artist = Field(column_name="artist", attribute="winner__album__artist__name", readonly=True)
    nominator = Field(column_name="nominator", attribute="winner__user__handle", readonly=True)

    class Meta:
        model = Week
        fields = (
            "number", "theme", "phase", *DEADLINES, "winner", "artist", "nominator", "tie_break", "rating_count",
            "rating_mean", "rating_sd",
        )  # fmt: skip


class WinnerFilter(admin.SimpleListFilter):
    title = "winner"
    parameter_name = "winner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Decided"), ("no", "Not yet"), ("tie", "After a tie"), ("moderator", "Chosen by a moderator")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Week]) -> QuerySet[Week]:
        match self.value():
            case "yes":
                return queryset.filter(winner__isnull=False)
            case "no":
                return queryset.filter(winner__isnull=True)
            case "tie":
                return queryset.exclude(tie_break="")
            case "moderator":
                return queryset.filter(tie_break__startswith="A moderator")
        return queryset


@admin.register(Week)
class WeekAdmin(Sheets, ExportMixin, ActAdmin, HistoryAdmin, ReadOnlyAdmin):
    acts = WEEK_ACTS
    refusals = (ClubRuleBroken,)
    resource_classes: ClassVar[list[Any]] = [WeekResource]
    list_display = ("label", "phase", "ends", "theme", "winner_album", "n_nominations", "rating_count", "mean")
    list_filter = ("phase", WinnerFilter, "discussion_at")
    search_fields = ("=number", "theme", "winner__album__title", "winner__album__artist__name")
    search_help_text = "Number, theme, or the winner's title or artist."
    list_per_page = 50
    actions = None
    fields = (
        "label", "theme", "phase", *DEADLINES, "winner_album", "tie_break", "rating_count", "mean",
    )  # fmt: skip
    readonly_fields = fields  # type: ignore[assignment]  # names only

    import_export_change_list_template = "admin/club/week/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        importing = path("import/", self.admin_site.admin_view(self.import_view), name="club_week_import")
        opening = path("open/", self.admin_site.admin_view(self.open_view), name="club_week_open")
        return [importing, opening, *super().get_urls()]

    def open_view(self, request: HttpRequest) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "Open a week", "opts": self.model._meta}
        return open_view(request, context=context)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "Import an older club", "opts": self.model._meta}
        return import_history(request, context=context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Week]:
        standing = Q(nominations__withdrawn_at__isnull=True)
        weeks: QuerySet[Week] = super().get_queryset(request)
        return weeks.select_related("winner__album__artist", "winner__user").annotate(
            n_nominations=Count("nominations", filter=standing, distinct=True)
        )

    @admin.display(description="week", ordering="number")
    def label(self, week: Week) -> str:
        return week.label

    @admin.display(description="this phase ends")
    def ends(self, week: Week) -> str:
        return shown(end_of_phase(week))

    @admin.display(description="winner")
    def winner_album(self, week: Week) -> str:
        return str(week.winner.album) if week.winner else "–"

    @admin.display(description="nominations", ordering="n_nominations")
    def n_nominations(self, week: Any) -> int:
        return int(week.n_nominations)

    @admin.display(description="mean", ordering="rating_mean")
    def mean(self, week: Week) -> str:
        return "–" if week.rating_mean is None else f"{week.rating_mean:.2f}"


def desk_panel(request: HttpRequest) -> SafeString | None:
    """Fills the slot "admin:desk": the weeks that run, with the acts that are wanted most."""
    model_admin = admin.site.get_model_admin(Week)
    if not (isinstance(model_admin, WeekAdmin) and model_admin.has_view_permission(request)):
        return None
    weeks = [
        {
            "week": week,
            "ends": end_of_phase(week),
            "acts": [act for act in model_admin.offered(request, week) if act["label"] in DESK_ACTS],
        }
        for week in model_admin.get_queryset(request).open().order_by("-number")[:6]  # type: ignore[attr-defined]
    ]
    act = last_act()
    context = {
        "weeks": weeks,
        "last_act": act,
        "undo": reverse("admin:club_week_undo", args=[act.object_id]) if act and act.kind == "club.week" else "",
    }
    return render_to_string("admin/club/week/desk.html", context, request)

"""The queue: what members reported, the oldest first, each thing once, with all that was said and what to do."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from sidetrack.admin_acts import Act, ActAdmin, ReadOnlyAdmin
from social.errors import Refused
from social.models import Report
from social.reports import reopen_report, resolve_report

ON_THE_DESK = 5
CALLED = {
    "club.rating": "Review by", "club.nomination": "Nomination by", "club.wantedalbum": "Note by",
    "taste.playlist": "List by", "social.user": "Profile of",
}  # fmt: skip


def called(report: Report) -> str:
    """What a moderator calls the reported thing: “Review by Ana”."""
    return f"{CALLED.get(report.kind, f'{report.kind} by')} {report.subject or 'somebody who left'}"


def case_of(report: Report) -> list[Report]:
    """What was said about the same thing and is open, or was settled, together with this; the first word first."""
    same = Report.objects.filter(kind=report.kind, object_id=report.object_id, resolved_at=report.resolved_at)
    return list(same.select_related("reporter").order_by("created_at", "pk"))


class Settle(Act):
    """One of the three ways in which a report ends."""

    outcome: Report.Outcome
    done: str

    @property
    def title(self) -> str:
        return f"{self.label}: {called(self.obj)}"

    def is_offered(self) -> bool:
        return self.obj.resolved_at is None

    def facts(self) -> list[tuple[str, Any]]:
        return [
            ("What was written", self.obj.quote or "Nothing was quoted."),
            *[
                (f"{words.reporter or 'A member who left'}, {timesince(words.created_at)} ago", words.reason)
                for words in case_of(self.obj)
            ],
            ("Where", self.obj.address),
        ]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        settled = resolve_report(
            report=self.obj, moderator=self.moderator, outcome=self.outcome, reason=cleaned["reason"], now=now
        )
        n = len(settled)
        return f"{self.done}: {n} reports are settled." if n > 1 else f"{self.done}."

    def goes_to(self) -> str:
        return reverse("admin:social_report_changelist")


class Hide(Settle):
    name, label, outcome, done = "hide", "Hide", Report.Outcome.HIDDEN, "Hidden"
    is_severe = True
    explanation = "It is taken out of sight but kept, and can be shown again."


class Warn(Settle):
    name, label, outcome, done = "warn", "Warn", Report.Outcome.WARNED, "Warned"
    explanation = (
        "Its author reads your reason on every page until they say that they have read it. What was written stays."
    )

    def is_offered(self) -> bool:
        return super().is_offered() and self.obj.subject is not None


class Dismiss(Settle):
    name, label, outcome, done = "dismiss", "Dismiss", Report.Outcome.DISMISSED, "Dismissed"
    explanation = "It stays as it is."


class Reopen(Act):
    name, label = "reopen", "Open again"
    explanation = "The report goes back into the queue. What was done about it stays done."

    def is_offered(self) -> bool:
        return self.obj.resolved_at is not None

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        reopen_report(report=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return "The report is open again."


class StateFilter(admin.SimpleListFilter):
    """Open reports, unless something else is asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("settled", "Settled"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        chosen = self.value() or "open"
        for value, label in [("open", "Open"), *self.lookup_choices]:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if not request.GET.get(SEARCH_VAR):  # a search finds any reporter's words
            queryset = queryset.cases()  # type: ignore[attr-defined]
        match self.value():
            case "all":
                return queryset
            case "settled":
                return queryset.filter(resolved_at__isnull=False).order_by("-resolved_at")
            case _:
                return queryset.filter(resolved_at__isnull=True).order_by("created_at")


class KindFilter(admin.SimpleListFilter):
    """In words; only kinds that were ever reported."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = Report.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, CALLED.get(kind, kind).split()[0] + "s") for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(ActAdmin, ReadOnlyAdmin):
    acts = (Hide, Warn, Dismiss, Reopen)
    refusals = (Refused,)
    list_display = ("__str__", "subject", "reporter", "created_at", "outcome")
    list_filter = (StateFilter, KindFilter, "outcome")
    list_select_related = ("subject", "reporter", "resolved_by")
    list_per_page = 25
    actions = None
    search_fields = ("quote", "reason", "subject__handle", "subject__display_name", "reporter__handle")
    fields = (
        "quote", "reason", "address", "subject", "reporter", "created_at", "outcome", "outcome_reason", "resolved_by",
        "resolved_at",
    )  # fmt: skip

    def cards(self, request: HttpRequest, reports: Any) -> list[dict[str, Any]]:
        """What the template needs of each case; who else reported the same is asked once for all."""
        rows = list(reports)
        said: dict[tuple[Any, ...], list[Report]] = defaultdict(list)
        if rows:
            same = reduce(or_, (Q(kind=row.kind, object_id=row.object_id) for row in rows))
            for report in Report.objects.filter(same).select_related("reporter").order_by("created_at", "pk"):
                said[report.kind, report.object_id, report.resolved_at].append(report)
        return [
            {
                "report": report,
                "called": called(report),
                "said": said[report.kind, report.object_id, report.resolved_at],
                "acts": list(self.offered(request, report)),
            }
            for report in rows
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, {**(extra_context or {}), "title": "Reports"})
        if "cl" in (context := getattr(response, "context_data", None) or {}):
            context["cards"] = self.cards(request, context["cl"].result_list)
        return response


def desk_panel(request: HttpRequest) -> SafeString | None:
    """Fills the slot "admin:desk": the oldest open reports."""
    model_admin = admin.site.get_model_admin(Report)
    if not (isinstance(model_admin, ReportAdmin) and model_admin.has_view_permission(request)):
        return None
    waiting = Report.objects.open().cases().select_related("subject", "reporter").order_by("created_at")
    context = {
        "cards": model_admin.cards(request, waiting[:ON_THE_DESK]),
        "n_open": waiting.count(),
        "address": reverse("admin:social_report_changelist"),
    }
    return render_to_string("admin/social/report/desk.html", context, request)

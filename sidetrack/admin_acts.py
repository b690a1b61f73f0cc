"""Acts in the admin: a button on a row's page, a page that says what will happen and asks why, one story function.

class Suspend(Act):
    name, label = "suspend", "Suspend"

    def do(self, cleaned, now):
        suspend(member=self.obj, moderator=self.request.user, reason=cleaned["reason"], now=now)
        return f"{self.obj} is suspended."

class MemberAdmin(ActAdmin):
    acts = [Suspend]
    refusals = (Refused,)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import now
from simple_history.admin import SimpleHistoryAdmin


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Kept in the moderators' log.",
    )


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Kept in the moderators' log.",
    )


@dataclass(frozen=True)
class Change:
    """One line of a preview: what it is called, how it is, how it will be."""

    name: str
    before: Any
    after: Any


class Act:
    """One thing that a moderator does to one row."""

    name: ClassVar[str]
    label: ClassVar[str]
    explanation: ClassVar[str] = ""
    form_class: ClassVar[type[forms.Form]] = ReasonForm
    is_severe: ClassVar[bool] = False
    has_preview: ClassVar[bool] = False

    def __init__(self, request: HttpRequest, obj: Any) -> None:
        self.request = request
        self.obj = obj

    @property
    def moderator(self) -> Any:
        return self.request.user

    @property
    def title(self) -> str:
        return f"{self.label}: {self.obj}"

    def is_offered(self) -> bool:
        """Whether the button makes sense for this row now; the story function has the last word."""
        return True

    def facts(self) -> list[tuple[str, Any]]:
        """What a moderator needs to read before deciding."""
        return []

    def form(self, data: Any = None) -> forms.Form:
        return self.form_class(data, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {}

    def preview(self, cleaned: dict[str, Any]) -> list[Change]:
        """Before and after, to be confirmed by a second press; empty where the first one is clear enough."""
        return []

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        """Call the story function; answers what happened, in one sentence."""
        raise NotImplementedError

    def goes_to(self) -> str:
        """Where the moderator works on."""
        opts = self.obj._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.obj.pk])


class ActAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model admin whose rows have acts. `refusals` are the story functions' own ways of saying no."""

    acts: ClassVar[Sequence[type[Act]]] = ()
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    change_form_template = "admin/acts/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        opts = self.model._meta
        addresses = [
            path(
                f"<int:pk>/{act.name}/",
                self.admin_site.admin_view(self.act_view),
                {"act": act},
                name=f"{opts.app_label}_{opts.model_name}_{act.name}",
            )
            for act in self.acts
        ]
        return [*addresses, *super().get_urls()]

    def offered(self, request: HttpRequest, obj: Any) -> Iterator[dict[str, Any]]:
        """The buttons of one row."""
        opts = self.model._meta
        for act in self.acts:
            if act(request, obj).is_offered():
                address = reverse(f"admin:{opts.app_label}_{opts.model_name}_{act.name}", args=[obj.pk])
                yield {"label": act.label, "address": address, "is_severe": act.is_severe}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        acts = list(self.offered(request, obj)) if obj else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "acts": acts})

    def act_view(self, request: HttpRequest, pk: int, act: type[Act]) -> HttpResponse:
        """Ask why, show what will change where the act wants that, and do it."""
        obj: Model | None = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        if not (self.has_view_permission(request, obj) and request.user.is_moderator):  # type: ignore[union-attr]
            raise PermissionDenied
        doing = act(request, obj)
        form = doing.form(request.POST if request.method == "POST" else None)
        preview: list[Change] = []
        if request.method == "POST" and form.is_valid():
            preview = doing.preview(form.cleaned_data)
            if not preview or "confirmed" in request.POST:
                try:
                    said = doing.do(form.cleaned_data, now())
                except self.refusals as refusal:
                    form.add_error(None, str(refusal))
                    preview = []
                else:
                    messages.success(request, said)
                    return HttpResponseRedirect(doing.goes_to())
        context = {
            **self.admin_site.each_context(request),
            "title": doing.title,
            "opts": self.model._meta,
            "original": obj,
            "act": doing,
            "form": form,
            "facts": doing.facts(),
            "preview": preview,
        }
        return TemplateResponse(request, "admin/acts/act.html", context)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that may be read and never touched."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryAdmin(SimpleHistoryAdmin):
    """History for reading. Its own page would save an old version for whoever may see it: rows change by acts only."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require_sight(request, object_id)
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied
        self.require_sight(request, object_id)
        answer: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return answer

    def require_sight(self, request: HttpRequest, object_id: str) -> None:
        """Earlier words of a row are not for whom the row itself is not."""
        if self.get_object(request, object_id) is None:
            raise Http404

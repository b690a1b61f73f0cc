"""What moderators did: to be read, searched, and never touched."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sidetrack.admin_acts import ReadOnlyAdmin
from social.models import MemberWarning, ModerationAction


def in_words(value: Any) -> str:
    """Rows that are kept to be put back, such as freed ballots, are counted and not shown: a ballot is secret."""
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"{len(value)} kept"
    return value if isinstance(value, str) else json.dumps(value)


def as_list(values: dict[str, Any]) -> SafeString | str:
    """A small table of names and values."""
    if not values:
        return "–"
    lines = ((name.replace("_", " "), in_words(value)) for name, value in values.items())
    return format_html("<dl class='facts'>{}</dl>", format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", lines))


class UndoneFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("standing", "Still stands"), ("undone", "Taken back")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ModerationAction]) -> QuerySet[ModerationAction]:
        match self.value():
            case "standing":
                return queryset.filter(undone_by__isnull=True, undoes__isnull=True)
            case "undone":
                return queryset.filter(undone_by__isnull=False)
        return queryset


@admin.register(ModerationAction)
class ModerationActionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "moderator", "what", "label", "reason", "is_undone")
    list_filter = ("verb", UndoneFilter, "kind", ("moderator", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("moderator", "undone_by")
    list_display_links = ("what",)
    date_hierarchy = "created_at"
    search_fields = ("label", "reason", "moderator__handle")
    actions = None
    fields = ("created_at", "moderator", "what", "label", "reason", "was", "became", "undoes", "is_undone")
    readonly_fields = fields

    @admin.display(description="what", ordering="verb")
    def what(self, action: ModerationAction) -> str:
        return action.verb.replace("_", " ")

    @admin.display(description="before")
    def was(self, action: ModerationAction) -> SafeString | str:
        return as_list(action.before)

    @admin.display(description="after")
    def became(self, action: ModerationAction) -> SafeString | str:
        return as_list(action.after)

    @admin.display(description="taken back", boolean=True)
    def is_undone(self, action: ModerationAction) -> bool:
        return hasattr(action, "undone_by")


@admin.register(MemberWarning)
class MemberWarningAdmin(ReadOnlyAdmin):
    list_display = ("member", "text", "created_at", "read_at")
    list_filter = (("read_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("member",)
    search_fields = ("member__handle", "member__display_name", "text")
    actions = None

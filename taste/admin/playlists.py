"""Lists that were reported or hidden: read, hidden, brought back; no other list of a member is here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from sidetrack.admin_acts import Act, ActAdmin, OptionalReasonForm, ReadOnlyAdmin
from social.errors import Refused
from social.models import ModerationAction, Report
from taste.models import Playlist
from taste.playlists.moderating import hide_playlist, hidings_of, unhide_playlist

KIND = Playlist._meta.label_lower


class Hide(Act):
    name, label, is_severe = "hide", "Hide", True
    explanation = "Only its owner sees the list, without its name and note. Both are kept and can be brought back."

    def is_offered(self) -> bool:
        return not hidings_of(self.obj).exists()

    def facts(self) -> list[tuple[str, Any]]:
        return [("Name", self.obj.title), ("Note", self.obj.note or "–")]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        hide_playlist(playlist=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"The list of {self.obj.user} is hidden."


class Unhide(Act):
    name, label, form_class = "unhide", "Bring name and note back", OptionalReasonForm
    explanation = "Who saw it before sees it again, unless its owner has changed it since."

    def is_offered(self) -> bool:
        return hidings_of(self.obj).exists()

    def facts(self) -> list[tuple[str, Any]]:
        hidden = hidings_of(self.obj).latest("created_at")
        return [
            ("Name", hidden.before["title"]),
            ("Note", hidden.before["note"] or "–"),
            ("Hidden because", hidden.reason),
        ]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        unhide_playlist(playlist=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"Name and note of the list of {self.obj.user} are back."


@admin.register(Playlist)
class PlaylistAdmin(ActAdmin, ReadOnlyAdmin):
    acts = (Hide, Unhide)
    refusals = (Refused,)
    list_display = ("title", "user", "kind", "visibility", "updated_at")
    list_filter = ("kind", "visibility")
    list_select_related = ("user",)
    search_fields = ("title", "note", "user__handle", "user__display_name")
    actions = None
    fields = ("title", "note", "user", "kind", "visibility", "created_at", "updated_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Playlist]:
        reported = Exists(Report.objects.filter(kind=KIND, object_id=OuterRef("pk")))
        hidden = Exists(ModerationAction.objects.filter(verb="hide_playlist", kind=KIND, object_id=OuterRef("pk")))
        rows: QuerySet[Playlist] = super().get_queryset(request)
        return rows.filter(Q(reported) | Q(hidden))

"""Albums: found by title, artist or id; typos, tags, merges, another look-up."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.tasks import async_task
from import_export.admin import ImportExportMixin

from catalog.admin.corrections import CorrectingAdmin, FixTags, MergeAct, UnmergeAct, merge_selected
from catalog.admin.sheets import AlbumResource
from catalog.merging import MergeReport, merge_albums
from catalog.models import Album
from sidetrack.admin_acts import Act
from sidetrack.admin_sheets import Sheets


class Merge(MergeAct):
    shown: ClassVar[dict[str, str]] = {
        "title": "Title", "credit": "Artist", "release_year": "Year", "release_group_mbid": "MusicBrainz",
        "slug": "Address",
    }  # fmt: skip

    def merge(self, other: Album, reason: str, now: datetime) -> MergeReport:
        return merge_albums(keep=self.obj, drop=other, moderator=self.moderator, reason=reason, now=now)


class LookUp(Act):
    name, label, form_class = "look-up", "Look it up again", forms.Form
    explanation = "MusicBrainz and the Cover Art Archive are asked again in the background. What you corrected stays."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        transaction.on_commit(lambda: async_task("catalog.tasks.identify", self.obj.pk))
        return f"{self.obj} will be looked up."


@admin.action(description="Look the selected albums up again", permissions=["change"])
def look_up_selected(model_admin: Any, request: HttpRequest, albums: QuerySet[Album]) -> None:
    ids = list(albums.values_list("pk", flat=True))
    for pk in ids:
        async_task("catalog.tasks.identify", pk)
    messages.success(request, f"{len(ids)} albums will be looked up, one a second.")


class CurrentFilter(admin.SimpleListFilter):
    """Merged ones only when asked for."""

    title = "merged"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Merged into another")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(merged_into__isnull=self.value() != "yes")


@admin.register(Album)
class AlbumAdmin(Sheets, ImportExportMixin, CorrectingAdmin):
    acts = (FixTags, Merge, UnmergeAct, LookUp)
    actions = (merge_selected, look_up_selected)
    resource_classes: ClassVar[list[Any]] = [AlbumResource]
    list_display = ("title", "credit", "release_year", "primary_type", "resolution", "match_quality", "has_cover")
    list_filter = (
        "resolution", CurrentFilter, ("cover_300", admin.EmptyFieldListFilter),
        ("release_group_mbid", admin.EmptyFieldListFilter), "primary_type",
    )  # fmt: skip
    list_select_related = ("artist",)
    search_fields = ("title", "artist__name", "artist_credit", "=release_group_mbid")
    autocomplete_fields = ("artist",)
    fields = (
        "title", "artist", "artist_credit", "release_year", "first_release_date", "primary_type", "country", "label",
        "release_group_mbid", "spotify_id", "resolution", "match_quality", "next_try_at", "slug", "merged_into",
    )  # fmt: skip
    readonly_fields = ("spotify_id", "resolution", "match_quality", "next_try_at", "slug", "merged_into")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Album], search_term: str
    ) -> tuple[QuerySet[Album], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return found.filter(merged_into__isnull=True) if "/autocomplete/" in request.path else found, may_repeat

    @admin.display(description="artist", ordering="artist__name_key")
    def credit(self, album: Album) -> str:
        return album.credit

    @admin.display(description="cover", boolean=True)
    def has_cover(self, album: Album) -> bool:
        return bool(album.cover_300)

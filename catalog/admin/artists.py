"""Artists: typos, tags, merges."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from import_export.admin import ImportExportMixin

from catalog.admin.albums import CurrentFilter
from catalog.admin.corrections import CorrectingAdmin, FixTags, MergeAct, UnmergeAct, merge_selected
from catalog.admin.sheets import ArtistResource
from catalog.merging import MergeReport, merge_artists
from catalog.models import Artist
from sidetrack.admin_sheets import Sheets


class Merge(MergeAct):
    shown: ClassVar[dict[str, str]] = {"name": "Name", "country": "Country", "mbid": "MusicBrainz", "slug": "Address"}

    def merge(self, other: Artist, reason: str, now: datetime) -> MergeReport:
        return merge_artists(keep=self.obj, drop=other, moderator=self.moderator, reason=reason, now=now)


@admin.register(Artist)
class ArtistAdmin(Sheets, ImportExportMixin, CorrectingAdmin):
    acts = (FixTags, Merge, UnmergeAct)
    actions = (merge_selected,)
    resource_classes: ClassVar[list[Any]] = [ArtistResource]
    list_display = ("name", "country", "n_albums", "is_identified")
    list_filter = (("mbid", admin.EmptyFieldListFilter), CurrentFilter, "country")
    search_fields = ("name", "sort_name", "=mbid")
    fields = ("name", "sort_name", "country", "mbid", "slug", "merged_into")
    readonly_fields = ("slug", "merged_into")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artist]:
        artists: QuerySet[Artist] = super().get_queryset(request)
        return artists.annotate(n_albums=Count("albums"))

    @admin.display(description="albums", ordering="n_albums")
    def n_albums(self, artist: Any) -> int:
        return int(artist.n_albums)

    @admin.display(description="MusicBrainz", boolean=True)
    def is_identified(self, artist: Artist) -> bool:
        return artist.mbid is not None

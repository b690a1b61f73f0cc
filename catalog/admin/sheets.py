"""Albums and artists in spreadsheets. A row of a sheet finds or makes its album as a typed name does.

Names and titles only find: a sheet does not rename what is there. What else a sheet says fills or replaces facts.
"""

from __future__ import annotations

from typing import Any

from import_export import resources
from import_export.fields import Field

from catalog.models import Album, Artist
from catalog.naming import get_or_create_album, get_or_create_artist
from sidetrack import slots


class FoundByName(resources.ModelResource):
    """Rows come from the catalogue's own functions, saved already when they are new."""

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        instance.save()

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        for _ in slots.call("catalog:changed"):  # a dry run is rolled back, and this with it
            pass


class ArtistResource(FoundByName):
    name = Field(column_name="name", attribute="name", readonly=True)

    class Meta:
        model = Artist
        fields = ("name", "sort_name", "mbid", "country")
        import_id_fields = ("name",)
        skip_unchanged = True
        report_skipped = True

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Artist, bool]:
        return get_or_create_artist(name=row.get("name") or "", mbid=row.get("mbid") or None)


class AlbumResource(FoundByName):
    title = Field(column_name="title", attribute="title", readonly=True)
    artist = Field(column_name="artist", attribute="artist__name", readonly=True)

    class Meta:
        model = Album
        fields = (
            "title", "artist", "artist_credit", "release_year", "release_group_mbid", "primary_type", "country",
            "label",
        )  # fmt: skip
        import_id_fields = ("title",)
        skip_unchanged = True
        report_skipped = True

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Album, bool]:
        year = row.get("release_year")
        return get_or_create_album(
            title=row.get("title") or "",
            artist=row.get("artist") or "",
            year=int(year) if year else None,
            release_group_mbid=row.get("release_group_mbid") or None,
        )

"""The tracker's REST addresses, under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from listening.api.bulk import ListensBulk
from listening.api.sync import IngestListens, SyncTags

urlpatterns: list[URLPattern] = [
    path("listens/bulk", ListensBulk.as_view(), name="listens_bulk"),
    path("ingest/listens", IngestListens.as_view(), name="ingest_listens"),
    path("tags/lastfm/sync", SyncTags.as_view(), name="tags_lastfm_sync"),
]

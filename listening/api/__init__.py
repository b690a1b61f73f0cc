"""The tracker's REST addresses, under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from listening.api.bulk import ListensBulk

urlpatterns: list[URLPattern] = [
    path("listens/bulk", ListensBulk.as_view(), name="listens_bulk"),
]

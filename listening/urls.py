"""Addresses of the tracker's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "listening"

urlpatterns: list[URLPattern | URLResolver] = [
    path("1/", include("listening.listenbrainz.urls")),
    path("apis/listenbrainz/1/", include("listening.listenbrainz.urls")),
]

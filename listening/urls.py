"""Addresses of the tracker's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "listening"

urlpatterns: list[URLPattern | URLResolver] = []

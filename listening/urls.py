"""Addresses of the tracker's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from listening.views.recent import recent
from listening.views.tables import table
from listening.views.top_list import top_list
from listening.views.track import track_page
from listening.views.year import year

app_name = "listening"

urlpatterns: list[URLPattern | URLResolver] = [
    path("1/", include("listening.listenbrainz.urls")),
    path("apis/listenbrainz/1/", include("listening.listenbrainz.urls")),
    path("@<str:handle>/listens/", recent, name="recent"),
    path("@<str:handle>/listening/<int:number>/", year, name="year"),
    re_path(r"^@(?P<handle>\w+)/listening/(?P<name>artists|albums|tracks)/$", top_list, name="top_list"),
    re_path(r"^@(?P<handle>\w+)/listening/(?P<name>[a-z]+)\.(?P<ending>csv|json)$", table, name="table"),
    path("tracks/<int:pk>/", track_page, name="track"),
]

"""The tracker's REST addresses, under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from listening.api.bulk import ListensBulk
from listening.api.links import LastfmLink, LinkListenBrainz, Links, SpotifyLink, Unlink
from listening.api.recent import MembersRecent, OwnRecent
from listening.api.summary import Summary
from listening.api.sync import IngestListens, SyncTags

urlpatterns: list[URLPattern] = [
    path("listens/bulk", ListensBulk.as_view(), name="listens_bulk"),
    path("listens/recent", OwnRecent.as_view(), name="listens_recent"),
    re_path(r"^users/(?P<handle>[A-Za-z0-9_]{2,32})/summary$", Summary.as_view(), name="users_summary"),
    re_path(
        r"^users/(?P<handle>[A-Za-z0-9_]{2,32})/listens/recent$", MembersRecent.as_view(), name="users_listens_recent"
    ),
    path("auth/spotify/link", SpotifyLink.as_view(), name="auth_spotify_link"),
    path("auth/lastfm/link", LastfmLink.as_view(), name="auth_lastfm_link"),
    path("auth/listenbrainz/link", LinkListenBrainz.as_view(), name="auth_listenbrainz_link"),
    path("auth/links", Links.as_view(), name="auth_links"),
    re_path(r"^auth/links/(?P<provider>[a-z]{2,16})$", Unlink.as_view(), name="auth_unlink"),
    path("ingest/listens", IngestListens.as_view(), name="ingest_listens"),
    path("tags/lastfm/sync", SyncTags.as_view(), name="tags_lastfm_sync"),
]

"""Pages of sound and taste."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from taste.views import blends, labels, made_lists
from taste.views import playlists as lists
from taste.views.compare import artists_file, card, compare, matches
from taste.views.dashboard.methods import methods
from taste.views.dashboard.moods import moods
from taste.views.dashboard.outliers import outliers
from taste.views.dashboard.overview import overview
from taste.views.dashboard.radar import radar
from taste.views.dashboard.tables import table
from taste.views.dashboard.trajectory import trajectory_page
from taste.views.dashboard.week import week
from taste.views.digest import digest
from taste.views.mixtape import keep_mixtape, mixtape_file
from taste.views.recommendations import recommendations, say
from taste.views.sound_parts import album_file, track_file

app_name = "taste"
A_WEEK = r"(?P<text>[0-9]{4}-[wW]?[0-9]{1,2})"
urlpatterns: list[URLPattern] = [
    path("dashboard/", overview, name="dashboard"),
    path("dashboard/trajectory/", trajectory_page, name="trajectory"),
    path("dashboard/moods/", moods, name="moods"),
    path("dashboard/radar/", radar, name="radar"),
    path("dashboard/outliers/", outliers, name="outliers"),
    path("dashboard/methods/", methods, name="methods"),
    re_path(rf"^dashboard/weeks/{A_WEEK}/$", week, name="week"),
    re_path(r"^dashboard/(?P<name>[a-z-]+)\.csv$", table, name="table"),
    path("digest/", digest, name="digest"),
    re_path(rf"^digest/{A_WEEK}/$", digest, name="digest_of"),
    path("albums/<str:slug>/sound.csv", album_file, name="album_sound"),
    path("tracks/<number:pk>/sound.csv", track_file, name="track_sound"),
    path("matches/", matches, name="matches"),
    path("@<str:handle>/with/@<str:other>/", compare, name="compare"),
    path("@<str:handle>/with/@<str:other>/artists.csv", artists_file, name="compare_artists"),
    path("@<str:handle>/with/@<str:other>/card.png", card, name="compare_card"),
    path("labels/", labels.labels, name="labels"),
    path("labels/<number:pk>/", labels.label_track, name="label_track"),
    path("labels/<number:pk>/remove/", labels.remove_label, name="remove_label"),
    path("recommendations/", recommendations, name="recommendations"),
    path("recommendations/<number:pk>/", say, name="recommendation_say"),
    re_path(rf"^dashboard/weeks/{A_WEEK}/mixtape\.(?P<ending>[a-z0-9]+)$", mixtape_file, name="mixtape_file"),
    re_path(rf"^dashboard/weeks/{A_WEEK}/mixtape/keep/$", keep_mixtape, name="keep_mixtape"),
    path("playlists/", lists.playlists, name="playlists"),
    path("playlists/make/", lists.make, name="playlist_make"),
    path("playlists/add/", lists.add, name="playlist_add"),
    path("playlists/mood/", made_lists.mood_list, name="mood_list"),
    path("playlists/missed/", made_lists.missed_picks, name="missed_picks"),
    path("playlists/missed/keep/", made_lists.keep_missed_picks, name="keep_missed_picks"),
    path("playlists/<number:pk>/", lists.playlist, name="playlist"),
    path("playlists/<number:pk>.<slug:ending>", lists.playlist_file, name="playlist_file"),
    path("playlists/<number:pk>/report/", lists.report_playlist, name="playlist_report"),
    path("playlists/<number:pk>/send/<slug:service>/", lists.send, name="playlist_send"),
    path("playlists/<number:pk>/<slug:verb>/", lists.change, name="playlist_change"),
    path("blends/", blends.blends, name="blends"),
    path("blends/club/", made_lists.club_blend, name="club_blend"),
    path("blends/club/keep/", made_lists.keep_club_blend, name="keep_club_blend"),
    path("blends/with/<str:handle>/", blends.blend, name="blend"),
    path("blends/with/<str:handle>/<slug:verb>/", blends.answer, name="blend_answer"),
]

"""Addresses of the tracker's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import IntConverter

from listening.views import connections, duplicates, editing, linking, private_times, removed
from listening.views import imports as imports_
from listening.views import unresolved as unknown
from listening.views.export import export
from listening.views.grid import grid, grid_picture
from listening.views.recent import recent
from listening.views.tables import table, together
from listening.views.top_list import top_list
from listening.views.track import track_page
from listening.views.year import year

app_name = "listening"


class Number(IntConverter):
    """The number of a row: no longer than a database counts."""

    regex = "[0-9]{1,18}"


register_converter(Number, "number")

urlpatterns: list[URLPattern | URLResolver] = [
    path("1/", include("listening.listenbrainz.urls")),
    path("apis/listenbrainz/1/", include("listening.listenbrainz.urls")),
    path("settings/connections/", connections.connections, name="connections"),
    path("settings/connections/tokens/<int:token_id>/revoke/", connections.revoke, name="revoke_listen_token"),
    path("settings/connections/services/", connections.services_list, name="services_list"),
    path("settings/connections/<slug:source>/read/", connections.read_now, name="read_now"),
    path("settings/connections/<slug:provider>/link/", linking.link, name="link"),
    path("settings/connections/<slug:provider>/back/", linking.come_back, name="come_back"),
    path("settings/connections/<slug:provider>/unlink/", linking.unlink, name="unlink"),
    path("@<str:handle>/grid/", grid, name="grid"),
    path("@<str:handle>/grid.png", grid_picture, name="grid_picture"),
    path("@<str:handle>/listens/", recent, name="recent"),
    path("@<str:handle>/listening/<int:number>/", year, name="year"),
    re_path(r"^@(?P<handle>\w+)/listening/(?P<name>artists|albums|tracks)/$", top_list, name="top_list"),
    re_path(r"^@(?P<handle>\w+)/listening/(?P<name>[a-z]+)\.(?P<ending>csv|json)$", table, name="table"),
    re_path(r"^community/(?P<name>artists|albums)\.(?P<ending>csv|json)$", together, name="together"),
    path("tracks/<number:pk>/", track_page, name="track"),
    path("settings/imports/", imports_.imports, name="imports"),
    path("settings/imports/list/", imports_.imports_list, name="imports_list"),
    path("settings/imports/listens.zip", export, name="export"),
    path("settings/imports/<int:pk>/", imports_.import_page, name="import"),
    path("settings/imports/<int:pk>/report/", imports_.import_report, name="import_report"),
    path("settings/imports/<int:pk>/<str:verb>/", imports_.import_act, name="import_act"),
    path("settings/listens/duplicates/", duplicates.duplicates, name="duplicates"),
    path("settings/listens/duplicates/order/", duplicates.choose_order, name="choose_order"),
    path("settings/listens/duplicates/apart/", duplicates.kept_apart, name="kept_apart"),
    path("settings/listens/removed/", removed.removed, name="removed"),
    path("settings/listens/restore/", removed.restore, name="restore"),
    path("settings/listens/corrections/<number:pk>/undo/", removed.undo_correction, name="undo_correction"),
    path("settings/listens/private/", private_times.private_times, name="private_times"),
    path("settings/listens/private/begin/", private_times.begin_private, name="begin_private"),
    path("settings/listens/private/end/", private_times.end_private, name="end_private"),
    path("settings/listens/private/add/", private_times.add_private, name="add_private"),
    path("settings/listens/private/<number:pk>/forget/", private_times.forget_private, name="forget_private"),
    path("settings/listens/unresolved/", unknown.unresolved, name="unresolved"),
    path("settings/listens/unresolved/<number:pk>/", unknown.unresolved_track, name="unresolved_track"),
    path("settings/listens/unresolved/<number:pk>/link/", unknown.link_track, name="link_track"),
    path(
        "settings/listens/unresolved/<number:pk>/not-music/", unknown.unresolved_not_music, name="unresolved_not_music"
    ),
    path("settings/listens/<number:pk>/", editing.edit_listen, name="edit_listen"),
    path("settings/listens/<number:pk>/apart/", duplicates.say_apart, name="say_apart"),
    path("settings/listens/<number:pk>/delete/", editing.delete_listen, name="delete_listen"),
    path("settings/listens/<number:pk>/move/", editing.move_listen, name="move_listen"),
    path("settings/listens/<number:pk>/names/", editing.rename_listens, name="rename_listens"),
    path("settings/listens/<number:pk>/not-music/", editing.say_not_music, name="say_not_music"),
]

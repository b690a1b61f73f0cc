"""Addresses of the catalogue: albums, artists, drawn covers."""

from django.urls import path

from catalog import cover_views
from catalog.views.album import album_page
from catalog.views.artist import artist_page

app_name = "catalog"

urlpatterns = [
    path("albums/<str:slug>/", album_page, name="album"),
    path("artists/<str:slug>/", artist_page, name="artist"),
    path("covers/<int:album_id>.svg", cover_views.placeholder, name="placeholder"),
]

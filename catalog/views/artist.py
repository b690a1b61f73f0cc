"""One artist: the albums that somebody brought, and what upper apps know about them."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from catalog.models import Artist
from catalog.naming import standing
from catalog.wanted import only_heard
from sidetrack.kept_copies import fresh_for_visitors


@require_safe
@fresh_for_visitors()
def artist_page(request: HttpRequest, slug: str) -> HttpResponse:
    artist = get_object_or_404(Artist.objects.select_related("merged_into"), slug=slug)
    if artist.merged_into_id:
        return redirect(standing(artist), permanent=True)
    albums = artist.albums.current().exclude(only_heard()).select_related("artist")
    albums = albums.order_by(F("release_year").asc(nulls_last=True), "title_key")
    return render(request, "catalog/artist.html", {"artist": artist, "albums": list(albums)})

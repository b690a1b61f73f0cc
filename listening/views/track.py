"""One track: whose it is, on which albums it stands, and who plays it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from catalog.models import Album, Track
from catalog.naming import standing
from listening.views.entity_parts import played
from sidetrack.kept_copies import fresh_for_visitors


@require_safe
@fresh_for_visitors()
def track_page(request: HttpRequest, pk: int) -> HttpResponse:
    track = get_object_or_404(Track.objects.select_related("artist", "album__artist", "merged_into"), pk=pk)
    if track.merged_into_id:
        return redirect("listening:track", standing(track).pk, permanent=True)
    albums = list(
        Album.objects.current().filter(lines__track=track).select_related("artist").distinct().order_by("release_year")
    )
    if track.album and track.album not in albums:
        albums.insert(0, track.album)
    found = played("track", track, request.user)
    context = {"track": track, "albums": albums, "played": found, "kind": "track", "music": track}
    return render(request, "listening/track.html", context)

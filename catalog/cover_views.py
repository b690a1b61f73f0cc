"""The drawn sleeve of an album without a cover, as an address that browsers may keep for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog.covers_shown import placeholder_version
from catalog.models import Album
from catalog.placeholders import placeholder_svg

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@require_safe
def placeholder(request: HttpRequest, album_id: int) -> HttpResponse:
    """`?v=` names the drawing's version: the current one never changes, any other answer is not to be kept long."""
    album = get_object_or_404(Album.objects.select_related("artist"), pk=album_id)
    response = HttpResponse(
        placeholder_svg(title=album.title, artist=album.credit, key=str(album.pk)), content_type="image/svg+xml"
    )
    is_current = request.GET.get("v") == placeholder_version(album)
    response["Cache-Control"] = FOR_GOOD if is_current else FOR_A_WHILE
    return response

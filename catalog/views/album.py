"""One album: what it is, its tracks, and what upper apps know about it."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from catalog.models import Album
from catalog.naming import standing
from sidetrack.kept_copies import fresh_for_visitors

N_TAGS = 6


@require_safe
@fresh_for_visitors()
def album_page(request: HttpRequest, slug: str) -> HttpResponse:
    album = get_object_or_404(Album.objects.select_related("artist", "merged_into"), slug=slug)
    if album.merged_into_id:
        return redirect(standing(album), permanent=True)
    lines = album.lines.select_related("track__artist").order_by("disc", "position")
    tags = album.taggings.filter(tag__is_genre=True).select_related("tag").order_by("-weight", "tag__name_key")
    context = {
        "album": album,
        "discs": [(disc, list(rows)) for disc, rows in groupby(lines, key=lambda line: line.disc)],
        "length_ms": sum(line.track.duration_ms or 0 for line in lines),
        "genres": list(dict.fromkeys(tagging.tag.name for tagging in tags))[:N_TAGS],
    }
    return render(request, "catalog/album.html", context)

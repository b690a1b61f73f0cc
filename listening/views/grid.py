"""`/@handle/grid/`: the albums of some days as sleeves side by side, 3 × 3 or 5 × 5; and as a picture."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from catalog.covers_shown import placeholder_version
from catalog.drawing.collage import collage
from listening.figures import words
from listening.figures.history import history_of
from listening.figures.tops import Top, top
from listening.views.access import Asked, Reading, address, asked_range, reading_or_404
from social.views.profile import for_one_reader

SIDES = (3, 5)
CHIPS = ("week", "month", "last-month", "year", "all")


def _side(request: HttpRequest) -> int:
    asked = request.GET.get("side", "")
    return next((side for side in SIDES if asked == str(side)), SIDES[0])


def _found(request: HttpRequest, handle: str) -> tuple[Reading, Asked, int, Top]:
    reading = reading_or_404(request, handle)
    asked = asked_range(request, history_of(reading.member, now=timezone.now()))
    side = _side(request)
    return reading, asked, side, top(reading.member, "album", asked.span, n=side * side)


@require_safe
def grid(request: HttpRequest, handle: str) -> HttpResponse:
    reading, asked, side, found = _found(request, handle)
    path = reverse("listening:grid", args=[reading.member.handle])

    def to(range_slug: str, n: int) -> str:
        return address(path, range=range_slug, side=str(n), **{"as": reading.seen_as})

    picture = reverse("listening:grid_picture", args=[reading.member.handle])
    context = {
        "reading": reading,
        "member": reading.member,
        "asked": asked,
        "title": words.title(asked.span),
        "side": side,
        "rows": found.rows,
        "chips": [(words.RANGES[slug], to(slug, side), slug == asked.span.slug) for slug in CHIPS],
        "sides": [(each, to(asked.span.slug, each), each == side) for each in SIDES],
        "picture": "" if reading.seen_as else address(picture, range=asked.span.slug, side=str(side)),
    }
    return for_one_reader(render(request, "listening/grid.html", context))


@require_safe
def grid_picture(request: HttpRequest, handle: str) -> HttpResponse:
    """The same as PNG, for whoever may read the listens; no cache on the way keeps it, for that can change."""
    reading, asked, side, found = _found(request, handle)
    albums = [row.music for row in found.rows]
    if not albums:
        raise Http404
    shown = repr((side, [(album.pk, album.cover_300.name or placeholder_version(album)) for album in albums]))
    etag = f'"{hashlib.sha256(shown.encode()).hexdigest()[:20]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(collage(albums, side=side), content_type="image/png")
        name = f"sidetrack-{reading.member.handle}-{asked.span.slug}.png"
        response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response

"""The whole list behind a top ten: artists, albums or tracks of a range, fifty a page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from listening.figures import words
from listening.figures.history import history_of
from listening.figures.tops import top
from listening.views.access import address, asked_range, reading_or_404
from social.views.profile import for_one_reader

PAGE_SIZE = 50
LAST_PAGE = 20  # a thousand rows: what lies behind is in the file
KINDS = {"artists": "artist", "albums": "album", "tracks": "track"}
NAMES = {"artists": _("Artists"), "albums": _("Albums"), "tracks": _("Tracks")}


@require_safe
def top_list(request: HttpRequest, handle: str, name: str) -> HttpResponse:
    reading = reading_or_404(request, handle)
    history = history_of(reading.member, now=timezone.now())
    asked = asked_range(request, history)
    given = request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    found = top(reading.member, KINDS[name], asked.span, n=PAGE_SIZE, skip=(number - 1) * PAGE_SIZE)
    path = reverse("listening:top_list", args=[reading.member.handle, name])
    has_more = number < LAST_PAGE and found.n_all > number * PAGE_SIZE

    def page_at(at: int) -> str:
        return address(path, range=asked.span.slug, page=str(at) if at > 1 else "", **{"as": reading.seen_as})

    context = {
        "reading": reading,
        "member": reading.member,
        "asked": asked,
        "span": asked.span,
        "title": words.title(asked.span),
        "name": name,
        "heading": NAMES[name],
        "kinds": [(each, NAMES[each]) for each in KINDS],
        "kind": KINDS[name],
        "found": found,
        "most": max((row.n for row in found.rows), default=0),
        "newer": page_at(number - 1) if number > 1 else "",
        "older": page_at(number + 1) if has_more else "",
        "number": number,
        "query": address("", range=asked.span.slug, **{"as": reading.seen_as}),
    }
    return for_one_reader(render(request, "listening/top_list.html", context))

"""Each table of listening as a file: CSV or JSON, for whoever may read the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Album
from listening.figures.history import history_of
from listening.figures.ranges import Range
from listening.figures.tables import TABLES, Cell, stamp
from listening.figures.together import N_KEPT as N_TOGETHER
from listening.figures.together import counted_members, most_played
from listening.views.access import asked_period, asked_range, reading_or_404
from listening.views.top_list import KINDS
from sidetrack.cells import harmless
from social.views.profile import for_one_reader

UNLISTED = {"X-Robots-Tag": "noindex"}  # as on the pages beside it, whatever their member says of the profile


@require_safe
def table(request: HttpRequest, handle: str, name: str, ending: str) -> HttpResponse:
    reading = reading_or_404(request, handle)
    if name not in TABLES:
        raise Http404
    history = history_of(reading.member, now=timezone.now())
    asked = asked_range(request, history)
    if asked.refusal:
        return for_one_reader(HttpResponse(asked.refusal, status=400, content_type="text/plain; charset=utf-8"))
    head, rows = TABLES[name](history, asked.span)
    about = {"member": reading.member.handle, **about_span(asked.span, history.now)}
    return for_one_reader(file_of(name, head, rows, ending=ending, about=about))


@require_safe
def together(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """What members play most, counted as on their page for whoever asks."""
    now = timezone.now()
    span = asked_period(request, now=now)
    rows = most_played(KINDS[name], span, counted_members(request.user), now=now, n=N_TOGETHER)
    named = ("album", "artist") if name == "albums" else ("artist",)
    head = ("place", "place_before", *named, "members", "listens")
    lines = [(row.place, row.before, *_names(row.music), row.n_members, row.n) for row in rows]
    return for_one_reader(file_of(name, head, lines, ending=ending, about=about_span(span, now)))


def _names(music: Any) -> tuple[str, ...]:
    return (music.title, music.credit) if isinstance(music, Album) else (music.name,)


def about_span(span: Range, now: datetime) -> dict[str, Any]:
    ends = {"period": span.slug, "from": span.first, "to": span.last}
    return {**ends, "timezone": str(span.zone), "computed_at": stamp(now)}


def file_of(
    name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], *, ending: str, about: dict[str, Any]
) -> HttpResponse:
    """ending: csv or json; about: what the JSON says beside the rows."""
    if ending == "json":
        answer = {"table": name, **about, "rows": [dict(zip(head, row, strict=True)) for row in rows]}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False}, headers=UNLISTED)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell(each) for each in row] for row in rows)
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=UNLISTED)


def cell(value: Cell) -> Cell:
    """Words that a spreadsheet would take for a formula get an apostrophe in front, which it does not show."""
    return harmless(value) if isinstance(value, str) else value

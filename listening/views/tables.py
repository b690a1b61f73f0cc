"""Each table of a member's listening as a file: CSV or JSON, for whoever may read the page."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from listening.figures.history import history_of
from listening.figures.tables import TABLES, Cell, stamp
from listening.views.access import asked_range, reading_or_404
from social.views.profile import for_one_reader

FORMULA = re.compile(r"^[=+\-@\t\r']")  # what a spreadsheet program would run


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
    if ending == "json":
        answer: dict[str, Any] = {
            "member": reading.member.handle,
            "table": name,
            "period": asked.span.slug,
            "from": asked.span.first,
            "to": asked.span.last,
            "timezone": str(asked.span.zone),
            "computed_at": stamp(history.now),
            "rows": [dict(zip(head, row, strict=True)) for row in rows],
        }
        return for_one_reader(JsonResponse(answer, json_dumps_params={"ensure_ascii": False}))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell(each) for each in row] for row in rows)
    return for_one_reader(HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8"))


def cell(value: Cell) -> Cell:
    """Words that a spreadsheet would take for a formula get an apostrophe in front, which it does not show."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value

"""The tables of the page of statistics as files for a spreadsheet, as far as whoever asks may read them."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from club.figures.numbers import club_numbers
from club.figures.tables import TABLES
from club.figures.whole_club import named
from club.spreadsheets.csv_rows import cell_of
from sidetrack.kept_copies import fresh_for_visitors, kept


@require_safe
@fresh_for_visitors(seconds=600)
def stats_table(request: HttpRequest, table: str) -> HttpResponse:
    if table not in TABLES:
        raise Http404
    numbers = kept(request, ["club numbers"], lambda: club_numbers(timezone.now()))
    head, rows = TABLES[table](named(numbers, request.user))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell_of(cell) for cell in row] for row in rows)
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")

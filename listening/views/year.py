"""A year of a member's listening on one page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from listening.figures import words
from listening.figures.arithmetic import clock_grid
from listening.figures.history import history_of
from listening.figures.ranges import Kind
from listening.figures.report import year_report
from listening.views.access import address, reading_or_404
from listening.views.tab import hour_rows, than_words
from social.views.profile import for_one_reader


@require_safe
def year(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    reading = reading_or_404(request, handle)
    history = history_of(reading.member, now=timezone.now())
    report = year_report(history, number) if 1971 <= number <= 2200 else None
    if report is None:
        raise Http404
    years = sorted({day.year for day in history.dates})
    at = years.index(number)
    than = than_words(report.found.amounts, report.span)
    amounts = report.found.amounts
    context = {
        "reading": reading,
        "member": reading.member,
        "history": history,
        "zone": history.zone,
        "report": report,
        "found": report.found,
        "length": words.length(amounts.ms) if amounts.ms else "",
        "change": words.compared(amounts.n, amounts.n_before or 0, than) if amounts.n_before else "",
        "months": [(each, words.bucket_name(each, Kind.MONTH)) for each in report.months],
        "months_says": words.of_activity(report.months, Kind.MONTH),
        "new_says": words.of_discoveries(report.new_by_month),
        "month_rows": [
            (words.month(at + 1), bucket.n, new)
            for at, (bucket, new) in enumerate(zip(report.months, report.new_by_month, strict=True))
        ],
        "calendar": (history.plays_in(report.span), report.span.first, report.span.last),
        "calendar_says": words.of_calendar(report.n_days, report.of_days),
        "clock": clock_grid(report.hours),
        "clock_rows": hour_rows(clock_grid(report.hours)),
        "clock_says": words.of_clock(report.hours),
        "is_running": report.span.holds(history.today),
        "before": years[at - 1] if at else None,
        "after": years[at + 1] if at + 1 < len(years) else None,
        "query": address("", range=str(number), **{"as": reading.seen_as}),
        "span": report.span,
    }
    return for_one_reader(render(request, "listening/year.html", context))

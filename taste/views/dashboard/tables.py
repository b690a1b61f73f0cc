"""Every figure's numbers as a file: `/dashboard/moods.csv?range=12w`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from listening.views.tables import file_of
from taste.views.dashboard import moods, outliers, overview, radar, trajectory, week
from taste.views.dashboard.asking import Asked, dashboard_page
from taste.views.dashboard.figure import Table

TABLES: dict[str, Callable[[Asked], Table | None]] = {
    "weeks": overview.overview_table,
    "mood-totals": overview.moods_table,
    "axes": radar.axes_table,
    "trajectory": trajectory.table,
    "moods": moods.table,
    "radar": radar.radar_table,
    "outliers": outliers.table,
    "week-moods": week.moods_table,
}


@dashboard_page
def table(asked: Asked, name: str) -> HttpResponse:
    """404 for a figure that has nothing to show."""
    if asked.refusal:
        return HttpResponse(asked.refusal, status=400, content_type="text/plain; charset=utf-8")
    found = TABLES[name](asked) if name in TABLES else None
    if found is None:
        raise Http404
    rows = [[round(cell, 6) if isinstance(cell, float) else cell for cell in row] for row in found.rows]
    about = {"member": asked.member.handle, "period": asked.window.slug}
    return file_of(name, found.keys, rows, ending="csv", about=about)

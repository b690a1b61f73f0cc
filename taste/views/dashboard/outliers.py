"""`/dashboard/outliers/`: tracks that the member plays though they sound unlike the rest, with why."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from taste.charts import drawings
from taste.dashboard import findings
from taste.outliers import Outlier, Outliers, look
from taste.views.dashboard.asking import Asked, dashboard_page, show
from taste.views.dashboard.figure import Column, Table, drawn

DAYS = 90
N_ROWS = 20


@dashboard_page
def outliers(asked: Asked) -> HttpResponse:
    found = look(asked.member, now=asked.clock.now, days=DAYS, n=N_ROWS)
    context = {
        "found": found,
        "finding": finding_of(found),
        "rows": rows_of(found.rows),
        "table": table_of(found),
        "csv": asked.to("table", "outliers"),
        "days": DAYS,
        "add_address": reverse("taste:playlist_add"),
    }
    return show(asked, "outliers", "outliers", context, here=_("Outliers"))


def finding_of(found: Outliers) -> str:
    if not found.rows:
        return ""
    farthest = found.rows[0]
    return findings.of_outliers(farthest.track.title, farthest.distance / found.typical if found.typical else 0.0)


def rows_of(rows: list[Outlier]) -> list[tuple[Outlier, SafeString]]:
    """Each with a line as long as it is far, beside the number that says the same."""
    most = max((row.distance for row in rows), default=1.0) or 1.0
    return [(row, drawn(drawings.meter(row.distance / most))) for row in rows]


def table_of(found: Outliers) -> Table:
    return Table(
        [
            Column("track", _("Track")),
            Column("artist", _("Artist")),
            Column("distance", _("Distance"), "fine"),
            Column("listens", _("Plays"), "whole"),
            Column("why", _("Why")),
        ],
        [
            [row.track.title, row.track.artist_credit or row.track.artist.name, row.distance, row.n_listens, row.why]
            for row in found.rows
        ],
    )


def table(asked: Asked) -> Table:
    return table_of(look(asked.member, now=asked.clock.now, days=DAYS, n=N_ROWS))

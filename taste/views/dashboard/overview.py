"""`/dashboard/`: four figures of a period beside the one before, its moods, its changes, and the way to each week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taste.charts import drawings
from taste.dashboard import findings
from taste.dashboard.levels import N_BASELINE, levels, mood_totals
from taste.dashboard.weeks import Weeks, axes_of, weeks_of
from taste.models import ChangePoint, WeeklyTaste
from taste.views.dashboard.asking import Asked, dashboard_page, show, weeks_before
from taste.views.dashboard.figure import Column, Figure, Key, Table, drawn, of_plays, source_words
from taste.views.dashboard.radar import axes_figure
from taste.weeks.moods import KEYS, MOODS
from taste.weeks.overview import Kpi, overview_of

N_WEEKS = 6
SPARKS = {"listens": "n_listens", "diversity": "diversity", "momentum": "momentum", "new_artists": "n_new_artists"}
FORMS = {"listens": "whole", "new_artists": "whole", "diversity": "one", "momentum": "fine"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: change is in words, n says what it is made of."""

    label: str
    value: str
    change: str
    n: str
    method: str
    how: str
    spark: SafeString


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week on its way to its own page."""

    row: WeeklyTaste
    name: str
    address: str
    words: str
    moods: SafeString


@dashboard_page
def overview(asked: Asked) -> HttpResponse:
    found = weeks_of(asked.member, asked.window)
    return show(asked, "dashboard", "overview", context_of(asked, found), here=_("Taste"))


def context_of(asked: Asked, found: Weeks) -> dict[str, Any]:
    """What the overview shows; also on the tab of a member's page."""
    if not found.rows:
        return {"found": found}
    kpis = overview_of(asked.member, asked.window.span, now=asked.clock.now)
    changes = ChangePoint.objects.filter(
        user=asked.member, starts_on__gte=asked.window.first, starts_on__lte=asked.window.last
    )
    return {
        "found": found,
        "finding": finding_of(found),
        "tiles": [tile(kpi, found, asked.window.n_weeks) for kpi in kpis.kpis],
        "figures": [figure for figure in (moods_figure(asked, found), axes_figure(asked, found)) if figure],
        "changes": list(changes[:6]),
        "lines": [week_line(asked, row) for row in reversed(found.rows[-N_WEEKS:])],
        "coverage": found.coverage,
        "weeks_csv": asked.to("table", "weeks"),
    }


def finding_of(found: Weeks) -> str:
    """The window against the half-year before it, in a sentence; or how much was heard, where nothing compares."""
    said = findings.against(levels(axes_of(found.rows)), levels(axes_of(found.before)), weeks_before(N_BASELINE))
    if said:
        return said
    n = found.n_listens
    return ngettext("%(n)s play in these weeks", "%(n)s plays in these weeks", n) % {"n": f"{n:,}"}


def tile(kpi: Kpi, found: Weeks, n_weeks: int) -> Tile:
    values = [getattr(row, SPARKS[kpi.key]) for row in found.rows]
    n_of = f"{kpi.n:,} {kpi.n_of}"
    return Tile(
        label=kpi.label,
        value=figure_words(kpi.value, FORMS[kpi.key]),
        change=findings.changed(kpi.value, kpi.before, weeks_before(n_weeks)),
        n=_("from %(n)s") % {"n": n_of},
        method=kpi.method,
        how=kpi.how,
        spark=drawn(drawings.sparkline(values)),
    )


def figure_words(value: float | None, form: str) -> str:
    if value is None:
        return "–"
    return {"whole": f"{value:,.0f}", "one": f"{value:,.1f}", "fine": f"{value:,.2f}"}[form]


def week_line(asked: Asked, row: WeeklyTaste) -> WeekLine:
    names = {mood.key: mood.label for mood in MOODS}
    said = ", ".join(f"{names[key]} {share:.0%}" for key, share in leading(row, 3))
    return WeekLine(
        row,
        findings.week_name(row.starts_on),
        asked.to("week", row.iso_week),
        ", ".join(each["word"] for each in row.words[:4]),
        drawn(drawings.shares([names[key] for key in KEYS], [row.moods.get(key, 0.0) for key in KEYS], label=said))
        if row.moods
        else drawn(""),
    )


def leading(row: WeeklyTaste, n: int) -> list[tuple[str, float]]:
    return sorted(row.moods.items(), key=lambda pair: -pair[1])[:n]


def moods_figure(asked: Asked, found: Weeks) -> Figure | None:
    """All moods of the window as one bar; None where no play has a mood."""
    whole = totals(found.rows)
    if not whole:
        return None
    half = len(found.rows) // 2
    early, late = (totals(part) for part in (found.rows[:half], found.rows[half:]))
    names = {mood.key: mood.label for mood in MOODS}
    values = [whole.get(key, 0.0) for key in KEYS]
    finding = findings.of_moods(names, whole, early, late, is_weak=findings.is_weak(levels(axes_of(found.rows))))
    return Figure(
        key="mood-totals",
        finding=finding,
        look="bar",
        base=drawn(drawings.shares([names[key] for key in KEYS], values, label=finding)),
        n=of_plays(found.n_mooded, found.n_listens),
        source=source_words(),
        method="moods",
        table=Table(
            [
                Column("mood", _("Mood")),
                Column("share", _("Share"), "share"),
                Column("first_half", _("First half"), "share"),
                Column("second_half", _("Second half"), "share"),
            ],
            [[names[key], whole.get(key, 0.0), early.get(key), late.get(key)] for key in KEYS],
        ),
        csv=asked.to("table", "mood-totals"),
        legend=[
            Key(f"mood-{at + 1}", names[key], f"{value:.0%}")
            for at, (key, value) in enumerate(zip(KEYS, values, strict=True))
        ],
    )


def totals(rows: Sequence[WeeklyTaste]) -> dict[str, float]:
    return mood_totals([(row.moods, row.n_mooded) for row in rows])


def overview_table(asked: Asked) -> Table:
    """The weeks themselves, as a file."""
    found = weeks_of(asked.member, asked.window)
    return Table(
        [
            Column("week", _("Week")),
            Column("listens", _("Plays"), "whole"),
            Column("tracks", _("Tracks"), "whole"),
            Column("artists", _("Artists"), "whole"),
            Column("new_artists", _("New artists"), "whole"),
            Column("diversity", _("Diversity"), "fine"),
            Column("momentum", _("Momentum"), "fine"),
            Column("with_known_sound", _("With known sound"), "whole"),
        ],
        [
            [row.iso_week, row.n_listens, row.n_tracks, row.n_artists, row.n_new_artists, row.diversity, row.momentum,
             row.n_sounding]
            for row in found.rows
        ],
    )  # fmt: skip


def moods_table(asked: Asked) -> Table | None:
    figure = moods_figure(asked, weeks_of(asked.member, asked.window))
    return figure.table if figure else None

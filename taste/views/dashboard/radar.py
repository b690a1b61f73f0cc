"""`/dashboard/radar/`: a week against the half-year before it, or against any other week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _

from taste.charts import drawings, figures
from taste.dashboard import findings
from taste.dashboard.levels import N_BASELINE, RADAR, Level, levels, shown
from taste.dashboard.weeks import Weeks, axes_of, weeks_of
from taste.dashboard.windows import Window, week_of
from taste.iso_weeks import iso_week
from taste.models import WeeklyTaste
from taste.views.dashboard.asking import Asked, dashboard_page, show, weeks_before
from taste.views.dashboard.figure import Cell, Column, Figure, Key, Table, drawn, of_plays, source_words

LOOKS = ("line-1", "line-2", "line-3")
LEAST_SPOKES = 3


@dashboard_page
def radar(asked: Asked) -> HttpResponse:
    chosen, other, refusal = asked_weeks(asked)
    options = list(
        WeeklyTaste.objects.filter(user=asked.member, n_sounding__gt=0)
        .order_by("-starts_on")
        .values_list("starts_on", flat=True)[:520]
    )
    chosen = chosen or (options[0] if options else asked.window.last)
    figure = week_figure(asked, chosen, other)
    context = {
        "figure": figure,
        "chosen": iso_week(chosen),
        "chosen_name": findings.week_name(chosen),
        "other": iso_week(other) if other else "",
        "options": [(iso_week(each), findings.week_name(each)) for each in options],
        "refusal": refusal,
        "week_address": asked.to("week", iso_week(chosen)),
    }
    return show(asked, "radar", "radar", context, here=_("Radar"))


def asked_weeks(asked: Asked) -> tuple[date | None, date | None, str]:
    """`?week=…&with=…`; None where none is named; and, in words, what was no week."""
    found: list[date | None] = []
    refusal = ""
    for name in ("week", "with"):
        text = asked.request.GET.get(name, "")
        try:
            found.append(week_of(text) if text else None)
        except ValueError as problem:
            found.append(None)
            refusal = str(problem)
    return found[0], found[1], refusal


def week_figure(asked: Asked, monday: date, other: date | None = None, *, key: str = "radar") -> Figure | None:
    """The week's axes on a radar; None where no play of it has a sound."""
    week = weeks_of(asked.member, Window("", monday, monday, asked.clock.zone))
    here = levels(axes_of(week.rows))
    if not here:
        return None
    series = {findings.week_name(monday): here}
    if other:
        beside = levels(axes_of(weeks_of(asked.member, Window("", other, other, asked.clock.zone), n_before=0).rows))
        series[findings.week_name(other)] = beside
        finding = compared(findings.week_name(monday), here, beside, findings.week_name(other))
    else:
        before = levels(axes_of(week.before))
        if before:
            series[findings.capital(weeks_before(N_BASELINE))] = before
        finding = findings.against(here, before, weeks_before(N_BASELINE)) or findings.week_name(monday)
    extra = {"week": iso_week(monday), "with": iso_week(other) if other else ""}
    return radar_figure(
        key, finding, series, n=of_plays(week.n_sounding, week.n_listens), csv=asked.to("table", "radar", **extra)
    )


def axes_figure(asked: Asked, found: Weeks) -> Figure | None:
    """The window's axes beside the half-year before it; None where no play has a sound."""
    here, before = levels(axes_of(found.rows)), levels(axes_of(found.before))
    if not here:
        return None
    series = {_("These weeks"): here}
    if before:
        series[findings.capital(weeks_before(N_BASELINE))] = before
    finding = findings.of_axes(here, before) or _("How these weeks sound")
    return radar_figure(
        "axes", finding, series, n=of_plays(found.n_sounding, found.n_listens), csv=asked.to("table", "axes")
    )


def compared(name: str, here: Mapping[str, Level], there: Mapping[str, Level], other: str) -> str:
    """Which axis differs most between two weeks; two single weeks have no spread to measure it in."""
    differences = {
        axis: shown(axis, here[axis].mean) - shown(axis, there[axis].mean)
        for axis in RADAR
        if axis in here and axis in there
    }
    sure = [axis for axis in differences if not (here[axis].is_weak or there[axis].is_weak)]
    most = max(sure or differences, key=lambda axis: abs(differences[axis]), default="")
    if not most:
        return _("%(week)s has nothing to be compared with") % {"week": name}
    more = findings.MORE[most][0 if differences[most] > 0 else 1]
    said = _("%(week)s is %(more)s than %(other)s") % {"week": name, "more": more, "other": other}
    if abs(differences[most]) < 0.03:
        said = _("%(week)s sounds much like %(other)s") % {"week": name, "other": other}
    return said if sure else findings.hedged(said)


def radar_figure(key: str, finding: str, series: Mapping[str, Mapping[str, Level]], *, n: str, csv: str) -> Figure:
    """Series by name; the first is what the figure is about, and its axes are the table's.

    A spoke stands for an axis that all have who have any, since what is not known is no zero; where too few are left,
    the first is drawn alone.
    """
    first_name, first = next(iter(series.items()))
    axes = [axis for axis in RADAR if axis in first]
    names = [str(findings.AXES[axis]) for axis in axes]
    shapes = {name: found for name, found in series.items() if found}
    spokes = [axis for axis in axes if all(axis in found for found in shapes.values())]
    if len(spokes) < LEAST_SPOKES:
        shapes, spokes = {first_name: first}, axes
    spoke_names = [str(findings.AXES[axis]) for axis in spokes]
    values = {name: [shown(axis, found[axis].mean) for axis in spokes] for name, found in shapes.items()}
    says = {
        name: [f"{findings.AXES[axis]}: {words_of(axis, found[axis])}<br>{name}" for axis in spokes]
        for name, found in shapes.items()
    }
    columns = [Column("axis", _("Axis"))]
    for at, name in enumerate(series):
        columns.append(Column(f"value_{at + 1}", name))
    columns += [Column("plays", _("Plays"), "whole"), Column("evidence", _("Evidence"))]
    rows: list[list[Cell]] = [
        [names[at], *(words_of(axis, found.get(axis)) for found in series.values()), first[axis].n,
         evidence(first[axis])]
        for at, axis in enumerate(axes)
    ]  # fmt: skip
    return Figure(
        key=key,
        finding=finding,
        look="radar",
        base=drawn(drawings.radar(spoke_names, values, label=f"{finding}. {says_all(names, axes, first)}")),
        live=figures.radar(spoke_names, values, says),
        n=n,
        source=source_words(),
        method="axes",
        table=Table(columns, rows),
        csv=csv,
        legend=[Key(LOOKS[at], name, trace=name) for at, name in enumerate(shapes)],
    )


def says_all(names: list[str], axes: list[str], found: Mapping[str, Level]) -> str:
    return ", ".join(f"{name} {words_of(axis, found.get(axis))}" for name, axis in zip(names, axes, strict=True))


def words_of(axis: str, found: Level | None) -> str:
    if found is None:
        return "–"
    return findings.value_words(axis, found.mean)


def evidence(found: Level) -> str:
    """In a word how sure the axis is."""
    if found.is_weak:
        return _("weak")
    return _("fair") if found.confidence < 0.65 else _("good")


def radar_table(asked: Asked) -> Table | None:
    chosen, other, _refusal = asked_weeks(asked)
    figure = week_figure(asked, chosen or asked.window.last, other)
    return figure.table if figure else None


def axes_table(asked: Asked) -> Table | None:
    figure = axes_figure(asked, weeks_of(asked.member, asked.window))
    return figure.table if figure else None

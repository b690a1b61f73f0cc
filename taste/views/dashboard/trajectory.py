"""`/dashboard/trajectory/`: the member's weeks as a way across the map of all analysed tracks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

from taste.charts import drawings, figures
from taste.charts.figures import Mark, Place
from taste.dashboard import findings
from taste.dashboard.way import way_in
from taste.dashboard.weeks import Weeks, weeks_of
from taste.mapping.maps import drawn as drawn_map
from taste.mapping.maps import newest
from taste.mapping.reading import Landmark, Point, Trajectory
from taste.models import WeeklyTaste
from taste.views.dashboard.asking import Asked, dashboard_page, show
from taste.views.dashboard.figure import Column, Figure, Key, Table, drawn, source_words
from taste.weeks.moods import MOODS

MOST_MARKS = 16  # winners with a name on the map: more would hide the way
MOST_DOTS = 400
MOODS_BY_KEY = {mood.key: mood.label for mood in MOODS}


@dataclass(frozen=True, slots=True)
class Stop:
    """One week beside the map: what a click on its arrowhead shows."""

    key: str
    name: str
    address: str
    n_listens: int
    mood: str
    momentum: float | None
    words: str


@dashboard_page
def trajectory_page(asked: Asked) -> HttpResponse:
    found = weeks_of(asked.member, asked.window, n_before=0)
    way, points = way_in(asked.member, asked.clock, asked.window)
    context = {
        "found": found,
        "figure": way_figure(asked, found, way, points) if points else None,
        "stops": stops(asked, found, points),
        "way": way,
        "coverage": coverage(points),
        "energies": [Key(f"energy-{step}", label) for step, label in enumerate(energy_words(), start=1)],
    }
    return show(asked, "trajectory", "trajectory", context, here=_("Trajectory"))


def energy_words() -> list[str]:
    return [_("quiet"), _("soft"), _("middling"), _("lively"), _("loud")]


def coverage(points: list[Point]) -> float | None:
    """Which share of the plays of the weeks on the map is on it."""
    n = sum(point.n_listens for point in points)
    return sum(point.n_placed for point in points) / n if n else None


def way_figure(asked: Asked, found: Weeks, way: Trajectory, points: list[Point]) -> Figure:
    energy = {row.starts_on: (row.axes.get("energy") or {}).get("mean") for row in found.rows}
    places = [
        Place(point.x, point.y, point.iso_week, says(point, energy.get(point.starts_on)), energy.get(point.starts_on))
        for point in points
    ]
    momenta = [(point.starts_on, point.momentum) for point in points if point.momentum is not None]
    finding = findings.of_momentum(momenta) or _("Where these weeks lie on the map")
    dots = cloud(way)
    marks = nearest(way.landmarks, points)
    label = _("%(finding)s. %(n)d weeks on a map of how music sounds; the table has each.") % {
        "finding": finding,
        "n": len(points),
    }
    n, total = sum(point.n_placed for point in points), sum(point.n_listens for point in points)
    return Figure(
        key="trajectory",
        finding=finding,
        look="way",
        base=drawn(drawings.trajectory(places, marks, dots, label=label)),
        live=figures.trajectory(places, marks, dots),
        n=_("%(weeks)d weeks, %(n)s of %(total)s plays on the map")
        % {"weeks": len(points), "n": f"{n:,}", "total": f"{total:,}"},
        source=f"{source_words()}; {way.method}",
        method="map",
        table=table_of(asked, points, energy),
        csv=asked.to("table", "trajectory"),
    )


def says(point: Point, energy: float | None) -> str:
    """What a pointer reads at a week."""
    lines = [findings.week_name(point.starts_on), _("%(n)d plays") % {"n": point.n_listens}]
    if point.mood:
        lines.append(escape(MOODS_BY_KEY.get(point.mood, point.mood)))
    if energy is not None:
        lines.append(_("energy %(value)s") % {"value": f"{energy:.2f}"})
    return "<br>".join(lines)


def cloud(way: Trajectory) -> list[tuple[float, float]]:
    """Some of the map's tracks, evenly taken, so that the way has a landscape."""
    stored = newest(way.model)
    if stored is None or stored.version != way.map_version:
        return []
    places = drawn_map(stored).places
    step = max(1, len(places) // MOST_DOTS)
    return [(float(x), float(y)) for x, y in places[::step]]


def nearest(landmarks: list[Landmark], points: list[Point]) -> list[Mark]:
    """The winners that lie nearest to the way, at most so many as have room."""
    if not points:
        return []

    def far(each: Landmark) -> float:
        return min((each.x - point.x) ** 2 + (each.y - point.y) ** 2 for point in points)

    return [
        Mark(each.x, each.y, each.label.partition(" · ")[0], each.url)
        for each in sorted(landmarks, key=far)[:MOST_MARKS]
    ]


def stops(asked: Asked, found: Weeks, points: list[Point]) -> list[Stop]:
    rows: dict[str, WeeklyTaste] = {row.iso_week: row for row in found.rows}
    return [
        Stop(
            key=point.iso_week,
            name=findings.week_name(point.starts_on),
            address=asked.to("week", point.iso_week),
            n_listens=point.n_listens,
            mood=MOODS_BY_KEY.get(point.mood, ""),
            momentum=point.momentum,
            words=", ".join(each["word"] for each in rows[point.iso_week].words[:4]) if point.iso_week in rows else "",
        )
        for point in points
    ]


def table_of(asked: Asked, points: list[Point], energy: dict[date, float | None]) -> Table:
    return Table(
        [
            Column("week", _("Week")),
            Column("listens", _("Plays"), "whole"),
            Column("on_the_map", _("On the map"), "whole"),
            Column("mood", _("Mood")),
            Column("energy", _("Energy"), "fine"),
            Column("momentum", _("Momentum"), "fine"),
            Column("x", _("Across"), "fine"),
            Column("y", _("Up"), "fine"),
        ],
        [
            [point.iso_week, point.n_listens, point.n_placed, MOODS_BY_KEY.get(point.mood, point.mood) or None,
             energy.get(point.starts_on), point.momentum, point.x, point.y]
            for point in points
        ],
        [asked.to("week", point.iso_week) for point in points],
    )  # fmt: skip


def table(asked: Asked) -> Table:
    found = weeks_of(asked.member, asked.window, n_before=0)
    _way, points = way_in(asked.member, asked.clock, asked.window)
    energy = {row.starts_on: (row.axes.get("energy") or {}).get("mean") for row in found.rows}
    return table_of(asked, points, energy)

"""The same charts as SVG text, and the small ones that are SVG alone: sparklines and shares. Pure: values in, SVG out.

They carry the light colours, which the page overrules by class (static/css/components/taste.css), so they are right in
both themes, in print, and where no script runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from math import atan2, ceil, degrees
from statistics import fmean

from sidetrack.svg import drawing, number, rect, text
from taste.charts import colours
from taste.charts.figures import Mark, Place
from taste.charts.shapes import Point, evenly, is_right, legible, polygon, room, stream, widest

HEAD = "M-9,-5 L4,0 L-9,5 L-6.5,0 Z"  # an arrowhead that points right
MOST_PLACES = 240  # across 960 px
NEAR = 6.0  # px between two weeks, from which on curves and lines look alike
LOOKS = (("s1", colours.ACCENT, ""), ("s2", colours.STAR, "7 5"), ("s3", "#7a2e6b", "2 4"))


def sparkline(values: Sequence[float | None], *, label: str = "") -> str:
    """One value a week, gaps where there is none, the last with a dot; it stretches with its place."""
    width, height = 160.0, 40.0
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = width / max(len(values) - 1, 1)

    def at(place: int, value: float) -> str:
        y = height / 2 if high == low else 4 + (height - 8) * (high - value) / (high - low)
        return f"{number(place * step)},{number(y)}"

    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(at(place, value))
    lines = [
        f'<polyline class="line" points="{" ".join(run)}" fill="none" stroke="{colours.ACCENT}" stroke-width="2" '
        'stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
        for run in runs
        if run
    ]
    return drawing(lines, width=width, height=height, css="taste-spark", label=label, stretch=True)


def streamgraph(keys: Sequence[str], names: Sequence[str], layers: Sequence[Sequence[float]], *, label: str) -> str:
    """Bands over weeks; names stand in their bands where these are wide enough.

    Each band reaches down to the foot of all and those below are painted over it, so that no edge is written twice.
    Of more weeks than have room, neighbours are drawn as their mean; the table beside it has each.
    """
    width, height, foot = 960.0, 380.0, 24.0
    n_together = max(1, ceil(len(keys) / MOST_PLACES))
    keys = keys[::n_together]
    edges = stream(
        [[fmean(layer[at : at + n_together]) for at in range(0, len(layer), n_together)] for layer in layers]
    )
    reach = max((abs(each) for each in edges[-1]), default=1.0) if edges else 1.0
    reach = reach or 1.0
    step = width / max(len(keys) - 1, 1)

    def point(place: int, value: float) -> Point:
        return place * step, (height - foot) / 2 * (1 - value / reach * 0.96)

    parts: list[str] = []
    words: list[str] = []
    foot_of_all = [point(place, value) for place, value in enumerate(edges[0])] if edges else []
    for at, name in enumerate(names):
        low = [point(place, value) for place, value in enumerate(edges[at])]
        high = [point(place, value) for place, value in enumerate(edges[at + 1])]
        path = f"M{_wave(high)}L{_wave(foot_of_all[::-1])}Z" if high else ""
        fill = colours.light(colours.MOODS["light"], at)
        parts.append(
            f'<path class="{colours.mood(at)} band" d="{path}" fill="{fill}"><title>{escape(name)}</title></path>'
        )
        spot = widest(edges[at], edges[at + 1], max(1, len(keys) // 12)) if high else 0
        if high and low[spot][1] - high[spot][1] > 24:
            x, y = high[spot][0], (low[spot][1] + high[spot][1]) / 2 + 4.5
            words.append(_word(min(max(x, 40), width - 40), y, name))
    ticks = [
        text(min(max(place * step, 30), width - 30), height - 4, keys[place], css="tick", fill=colours.MUTED, size=13)
        for place in evenly(len(keys), 8)
    ]
    return drawing([*parts[::-1], *words, *ticks], width=width, height=height, css="taste-stream", label=label)


def trajectory(places: Sequence[Place], marks: Sequence[Mark], cloud: Sequence[Point] = (), *, label: str) -> str:
    """The way across the map: a line, an arrowhead a week, the winners that lie near as small diamonds.

    cloud: some of the tracks that the map is made of, as its landscape.
    """
    size = 640.0
    square = room([(each.x, each.y) for each in places])
    left, bottom, right, top = square
    scale = size / (right - left)

    def at(x: float, y: float) -> Point:
        return (x - left) * scale, (top - y) * scale

    dots = "".join(
        f"M{round(x)},{round(y)}h0" for x, y in (at(*each) for each in cloud) if 0 < x < size and 0 < y < size
    )
    parts = [f'<path class="cloud" d="{dots}" stroke="{colours.LINE}" stroke-width="4" stroke-linecap="round"/>']
    points = [at(each.x, each.y) for each in places]
    if len(points) > 1:
        way = " ".join(_xy(each) for each in points)
        parts.append(f'<polyline class="way" points="{way}" fill="none" stroke="#8a8374" stroke-width="1"/>')
    for before, here, place in zip([None, *points], points, places, strict=False):
        parts.append(_head(before, here, place))
    shown = [each for each in marks if left <= each.x <= right and bottom <= each.y <= top]
    named = set(legible([(each.x, each.y) for each in shown], [each.label for each in shown], square))
    parts += [_landmark(each, at(each.x, each.y), is_right(each.x, square), spot in named)
              for spot, each in enumerate(shown)]  # fmt: skip
    if points:
        parts.append(_word(points[-1][0], points[-1][1] - 14, "now", css="flag"))
        if len(points) > 1:
            parts.append(_word(points[0][0], points[0][1] - 14, "start", css="flag"))
    return drawing(parts, width=size, height=size, css="taste-way", label=label)


def radar(axes: Sequence[str], series: Mapping[str, Sequence[float]], *, label: str) -> str:
    """Polygons over spokes: the first filled, the second dashed, the third dotted; values stand in the table."""
    width, height, radius = 480.0, 360.0, 135.0

    def at(corner: Point) -> Point:
        return width / 2 + corner[0] * radius, height / 2 - corner[1] * radius

    rings = ([at(each) for each in polygon([ring] * len(axes))] for ring in (0.25, 0.5, 0.75, 1.0))
    parts = [_polygon(ring, css="ring", stroke=colours.LINE) for ring in rings]
    for name, corner in zip(axes, polygon([1.0] * len(axes), 1.13), strict=True):
        x, y = at(corner)
        anchor = "middle" if abs(corner[0]) < 0.1 else "start" if corner[0] > 0 else "end"
        parts.append(text(x, y + 5, name, css="spoke", fill=colours.INK, size=14, anchor=anchor))
    for (_, values), (css, colour, dash) in reversed(list(zip(series.items(), LOOKS, strict=False))):
        corners = [at(each) for each in polygon(values)]
        parts.append(_polygon(corners, css=f"area {css}", stroke=colour, dash=dash, fill=colour if css == "s1" else ""))
        parts += [
            f'<circle class="corner {css}" cx="{number(x)}" cy="{number(y)}" r="3.5" fill="{colour}"/>'
            for x, y in corners
        ]
    return drawing(parts, width=width, height=height, css="taste-radar", label=label)


def shares(names: Sequence[str], values: Sequence[float], *, label: str) -> str:
    """One bar in parts, widths by share; beside it stands a list that names them."""
    width, height = 300.0, 14.0
    total = sum(values) or 1.0
    parts: list[str] = []
    x = 0.0
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        wide = width * value / total
        if wide > 0:
            fill = colours.light(colours.MOODS["light"], at)
            title = f"{name}: {value / total:.0%}"
            parts.append(rect(x, 0, max(wide - 1, 0.5), height, css=colours.mood(at), fill=fill, title=title))
        x += wide
    return drawing(parts, width=width, height=height, css="taste-shares", label=label, stretch=True)


def meter(value: float, *, css: str = "", mark: float | None = None) -> str:
    """A value of 0 to 1 on a line, and a mark to compare it with; beside it stand the numbers: decoration."""
    width, height = 200.0, 12.0
    wide = width * min(max(value, 0.0), 1.0)
    parts = [rect(0, 4, width, 4, css="track", fill="#eeeae1"), rect(0, 4, wide, 4, css="bar", fill=colours.ACCENT)]
    if mark is not None:
        x = width * min(max(mark, 0.0), 1.0)
        parts.append(rect(max(x - 1, 0), 0, 2, height, css="mark", fill=colours.INK))
    return drawing(parts, width=width, height=height, css=f"taste-meter {css}".strip(), label="", stretch=True)


def pull(value: float) -> str:
    """A bar from the middle, to the right for more and to the left for less; value: -1 to 1. Decoration."""
    width, height = 200.0, 10.0
    wide = width / 2 * min(abs(value), 1.0)
    x = width / 2 if value >= 0 else width / 2 - wide
    css = "above" if value >= 0 else "below"
    fill = colours.ACCENT if value >= 0 else colours.STAR
    parts = [
        rect(x, 0, wide, height, css=css, fill=fill),
        rect(width / 2 - 0.5, 0, 1, height, css="middle", fill="#8a8374"),
    ]
    return drawing(parts, width=width, height=height, css="difference-bar taste-pull", label="", stretch=True)


def _landmark(mark: Mark, here: Point, is_left: bool, is_named: bool) -> str:
    """A diamond, with its name on the side that has room."""
    x, y = here
    diamond = (
        f'<path class="landmark" d="M{number(x)},{number(y - 5)} l5,5 l-5,5 l-5,-5 Z" fill="none" '
        f'stroke="{colours.MUTED}" stroke-width="1.5"><title>{escape(mark.label)}</title></path>'
    )
    if not is_named:
        return diamond
    place, anchor = (x - 9, "end") if is_left else (x + 9, "start")
    return diamond + text(place, y + 4, mark.label, css="tick", fill=colours.MUTED, size=12, anchor=anchor)


def _wave(points: Sequence[Point]) -> str:
    """Curves from point to point that leave and arrive level, so that neighbouring bands never cross.

    The points are evenly spaced; what is nearer than a curve can be seen is joined by straight lines. Steps are
    relative and as short as they can be: ten years of weeks stay a few kilobytes.
    """
    (x, y), *rest = points
    step = f"{rest[0][0] - x:.4f}".rstrip("0") if rest else ""
    half = f"{(rest[0][0] - x) / 2:.4f}".rstrip("0") if rest else ""
    is_near = bool(rest) and abs(rest[0][0] - x) < NEAR
    said = [f"{number(x)},{number(y)}", "l" if is_near else ""]
    for (_, before), (_, after) in pairwise(points):
        rise = number(round(after, 1) - round(before, 1))
        said.append(f"{step},{rise} " if is_near else f"c{half},0 {half},{rise} {step},{rise}")
    return "".join(said)


def _head(before: Point | None, here: Point, place: Place) -> str:
    """An arrowhead away from the week before; a dot for the first and where nothing moved."""
    step = colours.energy_step(place.energy)
    fill = colours.ENERGY["light"][step - 1] if step else colours.MUTED
    css = f"head {colours.energy(place.energy)}"
    title = f"<title>{escape(place.says.replace('<br>', ', '))}</title>"
    if before is None or before == here:
        return (
            f'<circle class="{css}" cx="{number(here[0])}" cy="{number(here[1])}" r="5" fill="{fill}">{title}</circle>'
        )
    turn = degrees(atan2(here[1] - before[1], here[0] - before[0]))
    move = f"translate({number(here[0])} {number(here[1])}) rotate({number(turn)})"
    return f'<path class="{css}" d="{HEAD}" transform="{move}" fill="{fill}">{title}</path>'


def _polygon(corners: Sequence[Point], *, css: str, stroke: str, dash: str = "", fill: str = "") -> str:
    points = " ".join(_xy(each) for each in corners)
    look = f'fill="{fill or "none"}"' + (' fill-opacity="0.16"' if fill else "")
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polygon class="{css}" points="{points}" {look} stroke="{stroke}" stroke-width="2"{dashes}/>'


def _word(x: float, y: float, words: str, *, css: str = "band-name") -> str:
    """Words with a halo of the page's colour, readable on any band."""
    return (
        f'<text class="{css}" x="{number(x)}" y="{number(y)}" text-anchor="middle" font-size="14" font-weight="650" '
        f'fill="{colours.INK}" stroke="{colours.SURFACE}" stroke-width="4" paint-order="stroke" '
        f'stroke-linejoin="round">{escape(words)}</text>'
    )


def _xy(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"

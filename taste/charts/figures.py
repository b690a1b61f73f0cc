"""What plotly draws, as plain dicts: traces and a layout with names of colours in them.

Each figure is {"data": [...], "layout": {...}}, without a template, and valid by plotly's own validators (a test asks
them). Everything is a scatter, because that is what the basic bundle has: streams are filled areas on a transparent
base, a radar is closed polygons on equal axes. No figure zooms or pans: a finger on a phone scrolls the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from taste.charts import colours
from taste.charts.colours import var
from taste.charts.shapes import eased, evenly, is_right, legible, polygon, room, spread, stream, widest

Figure = dict[str, Any]
CLEAR = "rgba(0,0,0,0)"
FONT = "Instrument Sans, system-ui, sans-serif"
MOST_STEPS = 160  # along a curve: 6 px each on 960; a page with more is heavy, and no smoother
DIGITS = 4
ARROW = 14  # px: an arrowhead of a week; charts.js draws the chosen one larger


@dataclass(frozen=True, slots=True)
class Place:
    """A week on the map. key: 2025-W48; says: what a pointer reads."""

    x: float
    y: float
    key: str
    says: str
    energy: float | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A landmark on the map."""

    x: float
    y: float
    label: str
    url: str


def streamgraph(
    keys: Sequence[str], names: Sequence[str], layers: Sequence[Sequence[float]], says: Sequence[str]
) -> Figure:
    """Amounts over weeks, one band a name.

    keys: one a week, as an axis shows it. layers: one per name, each with an amount a week, >= 0. says: what a pointer
    reads at each week.
    """
    n_between = min(5, max(0, MOST_STEPS // max(len(keys), 1) - 1))
    places: list[float] = _rounded(spread(len(keys), n_between)) if n_between else [*range(len(keys))]
    edges = stream(layers)
    top = edges[-1] if edges else []
    reach = max((abs(each) for each in top), default=1.0) or 1.0
    digits = fineness(reach)
    data: list[dict[str, Any]] = []
    for at, edge in enumerate(edges):
        trace = _quiet_line(places, eased(edge, n_between), digits)
        if at:
            token = colours.mood(at - 1)
            trace |= {
                "fill": "tonexty",
                "fillcolor": var(token),
                "name": names[at - 1],
                "line": {"color": var("surface"), "width": 1},
            }
        data.append(trace)
    data.append(_hover(range(len(keys)), _rounded(top, digits), says))
    layout = _layout(says_x=True)
    layout["xaxis"] |= {"range": [-0.3, len(keys) - 0.7], **_ticks(keys, 8)}
    layout["yaxis"] |= {"visible": False, "range": [-reach * 1.06, reach * 1.06]}
    layout["annotations"] = [
        _label(spot, (edges[at][spot] + edges[at + 1][spot]) / 2, name)
        for at, name in enumerate(names if keys else ())
        if (spot := widest(edges[at], edges[at + 1], max(1, len(keys) // 12))) is not None
        and edges[at + 1][spot] - edges[at][spot] > reach * 0.16
    ]
    return {"data": data, "layout": layout}


def trajectory(places: Sequence[Place], marks: Sequence[Mark], cloud: Sequence[tuple[float, float]] = ()) -> Figure:
    """A way across the map, an arrowhead a week pointing away from the week before, coloured by energy.

    places: in order of time. cloud: some of the tracks that the map is made of, as its landscape. The axes are the
    map's and mean nothing by themselves, so they have no numbers.
    """
    square = room([(each.x, each.y) for each in places])
    left, bottom, right, top = square
    dots = [(x, y) for x, y in cloud if left <= x <= right and bottom <= y <= top]
    shown = [each for each in marks if left <= each.x <= right and bottom <= each.y <= top]
    labels = [escape(each.label, quote=False) for each in shown]  # plotly draws <a href=…> and <b> in any text
    named = set(legible([(each.x, each.y) for each in shown], [each.label for each in shown], square))
    sides = ["middle left" if is_right(each.x, square) else "middle right" for each in shown]
    data = [
        {
            "type": "scatter", "mode": "markers", "x": _rounded([x for x, _ in dots]),
            "y": _rounded([y for _, y in dots]), "hoverinfo": "skip", "name": "tracks",
            "marker": {"size": 4, "color": var("line")},
        },
        {
            "type": "scatter", "mode": "lines+markers", "name": "weeks",
            "x": _rounded([each.x for each in places]), "y": _rounded([each.y for each in places]),
            "customdata": [each.key for each in places], "text": [each.says for each in places],
            "hovertemplate": "%{text}<extra></extra>", "line": {"color": var("edge"), "width": 1},
            "marker": {
                "symbol": ["circle", *["arrow"] * (len(places) - 1)] if places else [],
                "angleref": "previous", "size": [ARROW] * len(places),
                "color": [var(colours.energy(each.energy)) for each in places],
                "line": {"color": var("surface"), "width": 1}, "opacity": 1,
            },
        },
        {
            "type": "scatter", "mode": "markers+text", "name": "landmarks",
            "x": _rounded([each.x for each in shown]), "y": _rounded([each.y for each in shown]),
            "text": [f" {label} " if at in named else "" for at, label in enumerate(labels)],
            "customdata": labels, "textposition": sides,
            "textfont": {"color": var("muted"), "size": 12}, "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {"symbol": "diamond-open", "size": 9, "color": var("muted")},
        },
    ]  # fmt: skip
    layout = _layout()
    layout["xaxis"] |= {"range": _rounded([left, right]), "visible": False}
    layout["yaxis"] |= {"range": _rounded([bottom, top]), "visible": False, "scaleanchor": "x", "scaleratio": 1}
    if places:
        first, last = places[0], places[-1]
        layout["annotations"] = [_flag(first, "start"), _flag(last, "now")] if len(places) > 1 else [_flag(last, "now")]
    return {"data": data, "layout": layout}


def radar(axes: Sequence[str], series: Mapping[str, Sequence[float]], says: Mapping[str, Sequence[str]]) -> Figure:
    """Up to three polygons over the same spokes; the first is filled, the others are dashed and dotted outlines.

    series: by name, a value of 0 to 1 for each axis. says: by name, what a pointer reads at each corner.
    """
    looks: list[dict[str, Any]] = [
        {"line": {"color": var("accent"), "width": 2.5}, "fill": "toself", "marker": {"symbol": "circle", "size": 8}},
        {"line": {"color": var("star"), "width": 2, "dash": "dash"}, "marker": {"symbol": "square-open", "size": 8}},
        {"line": {"color": var("social"), "width": 2, "dash": "dot"}, "marker": {"symbol": "diamond-open", "size": 9}},
    ]
    data: list[dict[str, Any]] = []
    for ring in (0.25, 0.5, 0.75, 1.0):
        corners = polygon([ring] * len(axes))
        data.append(_quiet_line(*_closed(corners)) | {"line": {"color": var("line"), "width": 1}})
    for x, y in polygon([1.0] * len(axes)):
        data.append(_quiet_line([0.0, x], [0.0, y]) | {"line": {"color": var("line"), "width": 1}})
    for (name, values), look in zip(series.items(), looks, strict=False):
        x_values, y_values = _closed(polygon(values))
        words = [*says[name], *list(says[name])[:1]]
        data.append(
            {
                "type": "scatter", "mode": "lines+markers", "name": name, "x": x_values, "y": y_values, "text": words,
                "hovertemplate": "%{text}<extra></extra>", **look,
                **({"fillcolor": var("accent-veil")} if "fill" in look else {}),
                "marker": {**look["marker"], "color": look["line"]["color"]},
            }
        )  # fmt: skip
    layout = _layout()
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= {"visible": False, "range": [-1.3, 1.3]}
    layout["yaxis"] |= {"scaleanchor": "x", "scaleratio": 1}
    layout["annotations"] = [
        _label(x, y, name) | {"font": {"color": var("ink"), "size": 13}}
        for name, (x, y) in zip(axes, polygon([1.0] * len(axes), 1.16), strict=True)
    ]
    return {"data": data, "layout": layout}


def _layout(*, says_x: bool = False) -> dict[str, Any]:
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False}
    return {
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x" if says_x else "closest",
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 28 if says_x else 4},
        "font": {"family": FONT, "size": 13, "color": var("muted")},
        "hoverlabel": {
            "bgcolor": var("surface"), "bordercolor": var("edge"), "align": "left",
            "font": {"family": FONT, "color": var("ink"), "size": 13},
        },
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }  # fmt: skip


def fineness(reach: float) -> int:
    """Decimals that a value up to `reach` is told with: to a thousandth of it or finer, which is no pixel."""
    return min(DIGITS, max(0, 2 - math.floor(math.log10(reach))))


def _quiet_line(x: Sequence[float], y: Sequence[float], digits: int = DIGITS) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": _rounded(x), "y": _rounded(y, digits), "hoverinfo": "skip",
        "line": {"color": CLEAR, "width": 0},
    }  # fmt: skip


def _hover(x: Sequence[int], y: Sequence[float], says: Sequence[str]) -> dict[str, Any]:
    """Marks that cannot be seen and answer a pointer anywhere at their week."""
    return {
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y), "text": list(says),
        "hovertemplate": "%{text}<extra></extra>", "marker": {"color": CLEAR, "size": 1}, "name": "weeks",
    }  # fmt: skip


def _ticks(keys: Sequence[str], most: int) -> dict[str, Any]:
    places = evenly(len(keys), most)
    return {
        "tickmode": "array", "tickvals": places, "ticktext": [keys[each] for each in places], "ticks": "",
        "tickangle": 0,
        "tickfont": {"color": var("muted"), "size": 12},
    }  # fmt: skip


def _label(x: float, y: float, words: str) -> dict[str, Any]:
    return {
        "x": round(x, DIGITS), "y": round(y, DIGITS), "text": words, "showarrow": False,
        "font": {"color": var("ink"), "size": 12, "weight": 650, "shadow": "auto"},
    }  # fmt: skip


def _flag(place: Place, words: str) -> dict[str, Any]:
    return _label(place.x, place.y, words) | {"yshift": 18}


def _closed(corners: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    around = [*corners, *corners[:1]]
    return _rounded([x for x, _ in around]), _rounded([y for _, y in around])


def _rounded(values: Sequence[float], digits: int = DIGITS) -> list[float]:
    return [each if isinstance(each, int) else round(float(each), digits) for each in values]

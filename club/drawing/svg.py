"""Small charts as SVG text: the same drawing stands inline on a page and, turned into PNG, on a share image.

Pure: plain values in, SVG out. Colours are presentation attributes, which any style sheet overrides by class
(`static/css/…/charts.css`), so a drawing is right in both themes on a page and still has colours as a picture.
No style attribute anywhere: the site's Content-Security-Policy forbids them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sidetrack.svg import FONT, drawing, number, rect, text

__all__ = [
    "FONT", "STARS", "bar", "columns", "difference_bar", "drawing", "histogram", "histogram_parts", "mini_histogram",
    "number", "points_bar", "rect", "sparkline", "text",
]  # fmt: skip

STARS = tuple(f"{half / 2:g}" for half in range(2, 11))  # 1, 1.5 … 5: the nine bins
STAR, ACCENT, SECOND, INK, MUTED, LINE = "#A64B00", "#0B625C", "#8FBDB8", "#1C1B19", "#5C574D", "#D8D2C5"


def histogram_parts(counts: Sequence[int], *, width: float, height: float, size: float) -> list[str]:
    """Nine bars with the count above and the stars below each, in a box of `width` by `height`; text `size` high.

    counts: nine numbers >= 0, for 1.0 to 5.0 stars. The highest bar fills the box; all zero draws the bare floor.
    """
    column, top, floor = width / len(counts), size * 1.6, height - size * 1.7
    most = max(*counts, 1)
    parts = []
    for place, (count, stars) in enumerate(zip(counts, STARS, strict=True)):
        middle, tall = (place + 0.5) * column, (floor - top) * count / most
        if count:
            tall = max(tall, 2)
            parts.append(
                rect(
                    middle - column * 0.4,
                    floor - tall,
                    column * 0.8,
                    tall,
                    css="bar",
                    fill=STAR,
                    radius=min(2, tall / 2),
                )
            )
            parts.append(text(middle, floor - tall - size * 0.45, str(count), css="count", fill=INK, size=size))
        whole = "tick" if "." not in stars else "tick half"
        parts.append(text(middle, height - size * 0.3, stars, css=whole, fill=MUTED, size=size))
    parts.append(rect(0, floor, width, 1, css="floor", fill=LINE))
    return parts


def histogram(counts: Sequence[int], *, label: str, width: float = 324, height: float = 150) -> str:
    """How many gave 1, 1.5 … 5 stars."""
    parts = histogram_parts(counts, width=width, height=height, size=12)
    return drawing(parts, width=width, height=height, css="histogram", label=label)


def mini_histogram(counts: Sequence[int], *, label: str, width: float = 81, height: float = 24) -> str:
    """The shape alone, to stand in a row of a table."""
    column, most = width / len(counts), max(*counts, 1)
    parts = []
    for place, count in enumerate(counts):
        tall = max((height - 1) * count / most, 1)
        css, fill = ("bar", STAR) if count else ("floor", LINE)
        parts.append(rect(place * column + 0.5, height - tall, column - 1, tall, css=css, fill=fill))
    return drawing(parts, width=width, height=height, css="histogram-mini", label=label)


def points_bar(*, firsts: int, seconds: int, most: int, label: str) -> str:
    """Points of one nominee: two for each first choice, one for each second, against `most`, the longest bar's points.

    The bar stretches with its place (width 100 % by style sheet); the two parts are told apart by shade and by a gap.
    """
    width, height = 300.0, 10.0
    unit = width / max(most, 2 * firsts + seconds, 1)
    long, short = 2 * firsts * unit, seconds * unit
    parts = [rect(0, 0, width, height, css="track", fill="#EEEAE1", radius=2)]
    if firsts:
        parts.append(rect(0, 0, long - (1.5 if seconds else 0), height, css="firsts", fill=ACCENT))
    if seconds:
        parts.append(rect(long, 0, short, height, css="seconds", fill=SECOND))
    return drawing(parts, width=width, height=height, css="points-bar", label=label, stretch=True)


def bar(value: float, most: float, *, label: str = "") -> str:
    """One share of `most` as a bar; decoration beside a number unless it has a label."""
    width, height = 300.0, 8.0
    share = min(max(value / most, 0), 1) if most else 0
    parts = [rect(0, 0, width, height, css="track", fill="#EEEAE1", radius=2)]
    if share:
        parts.append(rect(0, 0, max(width * share, 2), height, css="bar", fill=ACCENT))
    return drawing(parts, width=width, height=height, css="share-bar", label=label, stretch=True)


def difference_bar(value: float, most: float, *, label: str = "") -> str:
    """From the middle to the right for more than zero, to the left for less; `most` reaches the edge."""
    width, height = 200.0, 10.0
    reach = width / 2 * (min(abs(value) / most, 1) if most else 0)
    start = width / 2 if value >= 0 else width / 2 - reach
    css, fill = ("above", ACCENT) if value >= 0 else ("below", STAR)
    parts = [rect(0, height / 2 - 0.5, width, 1, css="floor", fill=LINE)]
    if reach:
        parts.append(rect(start, 1, reach, height - 2, css=css, fill=fill))
    parts.append(rect(width / 2 - 0.5, 0, 1, height, css="middle", fill=MUTED))
    return drawing(parts, width=width, height=height, css="difference-bar", label=label)


def columns(values: Sequence[int], *, label: str) -> str:
    """One column for each value in order, the highest ones stressed. It stretches, so words stand beside it."""
    width, height = 960.0, 160.0
    most = max(values, default=0)
    step = width / max(len(values), 1)
    gap = min(step * 0.25, 6)
    parts = [rect(0, height - 1, width, 1, css="floor", fill=LINE)]
    for place, value in enumerate(values):
        if tall := (height - 1) * value / most if most else 0:
            css = "bar most" if value == most else "bar"
            parts.append(rect(place * step + gap / 2, height - 1 - tall, step - gap, tall, css=css, fill=ACCENT))
    return drawing(parts, width=width, height=height, css="columns", label=label, stretch=True)


def sparkline(
    values: Sequence[float | None],
    *,
    label: str,
    low: float | None = None,
    high: float | None = None,
) -> str:
    """Values in order as a line, the last one as a dot; None leaves a gap. `low` and `high` fix the scale."""
    width, height, edge = 160.0, 36.0, 4.0
    known = [value for value in values if value is not None]
    if not known:
        return drawing([], width=width, height=height, css="sparkline", label=label)
    bottom, top = min(known) if low is None else low, max(known) if high is None else high
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    span = (top - bottom) or 1.0

    def point(place: int, value: float) -> str:
        share = (value - bottom) / span if top > bottom else 0.5
        return f"{number(edge + place * step)},{number(height - edge - share * (height - 2 * edge))}"

    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(point(place, value))
    last = max(place for place, value in enumerate(values) if value is not None)
    x, y = point(last, known[-1]).split(",")
    line = 'fill="none" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"'
    parts = [
        f'<polyline class="line" {line} stroke="{ACCENT}" points="{" ".join(run)}"/>' for run in runs if len(run) > 1
    ]
    parts += [f'<circle class="dot" cx="{run[0].split(",")[0]}" cy="{run[0].split(",")[1]}" r="1.5" fill="{ACCENT}"/>'
              for run in runs if len(run) == 1]  # fmt: skip
    parts.append(f'<circle class="dot last" cx="{x}" cy="{y}" r="3.5" fill="{ACCENT}"/>')
    return drawing(parts, width=width, height=height, css="sparkline", label=label)

"""Charts of listening as SVG text: plays over time, the calendar, weekday and hour. Pure: plain values in, SVG out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from listening.figures.arithmetic import level, levels
from sidetrack.svg import drawing, rect, text

ACCENT, LINE, MUTED = "#0B625C", "#D8D2C5", "#5C574D"
SHADES = ("#EEEAE1", "#BCD5D1", "#85B5AF", "#478B85", "#0B625C")
CELL, GAP = 11.0, 2.0
STEP = CELL + GAP
A_WEEK = timedelta(days=7)


def bar(value: float, most: float) -> str:
    """One share of `most`, beside a number that says the same: decoration."""
    width, height = 300.0, 8.0
    share = min(max(value / most, 0), 1) if most else 0
    parts = [rect(0, 0, width, height, css="track", fill=SHADES[0], radius=2)]
    if share:
        parts.append(rect(0, 0, max(width * share, 2), height, css="bar", fill=ACCENT))
    return drawing(parts, width=width, height=height, css="share-bar", label="", stretch=True)


def columns(values: Sequence[int], names: Sequence[str], *, label: str) -> str:
    """One column a value, the highest stressed; a pointer reads its name. It stretches: words stand beside it."""
    width, height = 960.0, 160.0
    most = max(values, default=0)
    step = width / max(len(values), 1)
    gap = min(step * 0.25, 6)
    parts = [rect(0, height - 1, width, 1, css="floor", fill=LINE)]
    for place, (value, name) in enumerate(zip(values, names, strict=True)):
        if value:
            tall = max((height - 1) * value / most, 1)
            css = "bar most" if value == most else "bar"
            x, y = place * step + gap / 2, height - 1 - tall
            parts.append(rect(x, y, step - gap, tall, css=css, fill=ACCENT, title=f"{name}: {value:,}"))
    return drawing(parts, width=width, height=height, css="columns", label=label, stretch=True)


def calendar(plays: Sequence[tuple[date, int]], *, first: date, last: date, months: Sequence[str], label: str) -> str:
    """A square a day, a column a week from Monday down; the darker, the more plays.

    plays: by day, those outside passed over. months: twelve short names.
    """
    counts = {day: n for day, n in plays if first <= day <= last}
    bounds = levels(counts.values())
    monday = first - timedelta(days=first.weekday())
    n_weeks = (last - monday).days // 7 + 1
    top = 16.0
    parts: list[str] = []
    for week in range(n_weeks):
        start = monday + week * A_WEEK
        begins = [day for day in (start + timedelta(days=each) for each in range(7)) if day.day == 1]
        if begins and first <= begins[0] <= last:
            x = week * STEP
            parts.append(text(x, 10, months[begins[0].month - 1], css="tick", fill=MUTED, size=10, anchor="start"))
    day = first
    while day <= last:
        shade = level(counts.get(day, 0), bounds)
        x, y = (day - monday).days // 7 * STEP, top + day.weekday() * STEP
        parts.append(rect(x, y, CELL, CELL, css=f"l{shade}", fill=SHADES[shade], radius=2))
        day += timedelta(days=1)
    return drawing(parts, width=n_weeks * STEP - GAP, height=top + 7 * STEP - GAP, css="heat heat-days", label=label)


def clock(grid: Sequence[Sequence[int]], *, weekdays: Sequence[str], label: str) -> str:
    """Seven rows of 24 squares; weekdays: seven short names, Monday first."""
    bounds = levels(n for row in grid for n in row)
    left, top, step = 34.0, 18.0, 17.0
    parts = [
        text(left + hour * step, 12, f"{hour:02}", css="tick", fill=MUTED, size=11, anchor="start")
        for hour in range(0, 24, 3)
    ]
    for at, (row, name) in enumerate(zip(grid, weekdays, strict=True)):
        parts.append(text(0, top + at * step + 11.5, name, css="tick", fill=MUTED, size=11, anchor="start"))
        for hour, n in enumerate(row):
            shade = level(n, bounds)
            x, y = left + hour * step, top + at * step
            parts.append(
                rect(
                    x, y, step - GAP, step - GAP, css=f"l{shade}", fill=SHADES[shade], radius=2,
                    title=f"{name} {hour:02}:00: {n:,}" if n else "",
                )
            )  # fmt: skip
    return drawing(parts, width=left + 24 * step, height=top + 7 * step, css="heat heat-clock", label=label)

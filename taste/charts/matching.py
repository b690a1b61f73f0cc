"""Drawings of a match: the rail between two members, and one wing of a butterfly. Pure: values in, SVG out."""

from __future__ import annotations

from sidetrack.svg import drawing, number, rect
from taste.charts import colours

SOCIAL = "#7a2e6b"
WIDTH, HEIGHT = 400.0, 24.0
WIDEST = 300.0  # the gap at a score of 0
STOP = 6.0  # radius


def rail(score: float | None, *, label: str) -> str:
    """Two lines that come towards each other: the gap between them narrows with the score, and closes at 100.

    Without a score the line is dotted.
    """
    middle = HEIGHT / 2
    if score is None:
        dots = f'<path class="open" d="M0,{number(middle)}H{number(WIDTH)}" stroke="{colours.LINE}" stroke-width="3"'
        return drawing([f'{dots} stroke-dasharray="2 8"/>'], width=WIDTH, height=HEIGHT, css="match-rail", label=label)
    gap = WIDEST * (100 - min(max(score, 0), 100)) / 100
    ends = ((WIDTH - gap) / 2, (WIDTH + gap) / 2)
    line = f'stroke="{SOCIAL}" stroke-width="3" stroke-linecap="round"'
    parts = [
        f'<path class="gap" d="M{number(ends[0])},{number(middle)}H{number(ends[1])}" stroke="{colours.LINE}" '
        'stroke-width="3" stroke-dasharray="2 8"/>',
        f'<path class="line" d="M0,{number(middle)}H{number(ends[0])}" {line}/>',
        f'<path class="line" d="M{number(ends[1])},{number(middle)}H{number(WIDTH)}" {line}/>',
    ]
    stops = ends if gap > 2 * STOP else (WIDTH / 2,)
    parts += [
        f'<circle class="stop" cx="{number(x)}" cy="{number(middle)}" r="{number(STOP)}" fill="{colours.SURFACE}" '
        f'stroke="{SOCIAL}" stroke-width="3"/>'
        for x in stops
    ]
    return drawing(parts, width=WIDTH, height=HEIGHT, css="match-rail", label=label)


def wing(share: float, most: float, *, is_left: bool) -> str:
    """A bar that grows away from the middle; beside it stands the number: decoration."""
    width, height = 200.0, 12.0
    wide = max(width * min(share / most, 1.0), 2.0) if most else 0.0
    x = width - wide if is_left else 0.0
    fill = colours.ACCENT if is_left else SOCIAL
    bar = rect(x, 0, wide, height, css="bar", fill=fill)
    css = f"match-wing {'wing-a' if is_left else 'wing-b'}"
    return drawing([bar], width=width, height=height, css=css, label="", stretch=True)

"""Plays against stars as a small SVG. Pure."""

from __future__ import annotations

import math
from collections import Counter
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sidetrack.svg import drawing, number, rect, text
from taste.album_progress.stars import PlaysAndStars

WIDTH, HEIGHT = 320.0, 220.0
LEFT, RIGHT, TOP, FLOOR = 30.0, 308.0, 12.0, 178.0
ACCENT, LINE, MUTED = "#0B625C", "#D8D2C5", "#5C574D"
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000)


def scatter(found: PlaysAndStars) -> SafeString:
    """A dot a member: to the right by plays, logarithmic, upwards by stars; equal ones stand side by side."""
    most = max(max(each.n_plays for each in found.points), 2)
    parts = []
    for stars in range(1, 6):
        y = _y(stars)
        parts.append(rect(LEFT, y, RIGHT - LEFT, 1, css="floor", fill=LINE))
        parts.append(text(LEFT - 12, y + 4, str(stars), css="tick", fill=MUTED, size=12))
    parts += [text(_x(each, most), FLOOR + 24, f"{each:,}", css="tick", fill=MUTED, size=12) for each in _ticks(most)]
    parts.append(text(RIGHT, HEIGHT - 2, _("plays →"), css="tick", fill=MUTED, size=12, anchor="end"))
    stood: Counter[tuple[int, int]] = Counter()
    for point in found.points:
        x, y = _x(point.n_plays, most), _y(point.stars)
        place = (round(x / 6), round(y))
        x += 5.0 * stood[place] * (-1) ** stood[place]
        stood[place] += 1
        said = ngettext("%(name)s: %(n)d play, %(stars)s", "%(name)s: %(n)d plays, %(stars)s", point.n_plays)
        parts.append(_dot(x, y, said % {"name": point.member, "n": point.n_plays, "stars": f"{point.stars:.1f}"}))
    label = _("%(finding)s: plays and stars of %(n)d members") % {"finding": found.finding, "n": found.n}
    drawn = drawing(parts, width=WIDTH, height=HEIGHT, css="plays-and-stars", label=label)
    return mark_safe(drawn)  # noqa: S308  (every word is escaped where it is drawn)


def _x(n_plays: int, most: int) -> float:
    """Logarithmic: from 1 to the most plays of anybody."""
    share = math.log(max(n_plays, 1)) / math.log(most)
    return LEFT + 12 + (RIGHT - LEFT - 24) * share


def _y(stars: float) -> float:
    return FLOOR - (FLOOR - TOP) * (stars - 1) / 4


def _ticks(most: int) -> list[int]:
    """At most six numbers that stand far enough apart."""
    fit = [each for each in TICKS if each <= most]
    while len(fit) > 6:
        fit = fit[::2]
    return fit


def _dot(x: float, y: float, title: str) -> str:
    place = f'cx="{number(x)}" cy="{number(y)}"'
    return f'<circle class="dot" {place} r="5" fill="{ACCENT}"><title>{escape(title)}</title></circle>'

"""Charts on a page: `{% histogram counts %}`, `{% points_bar firsts=… seconds=… max=… %}` and their like.

Each is one inline `<svg>` from `club.drawing.svg`, named for screen readers; no JavaScript, no style attribute.
"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from club.drawing import svg

register = template.Library()


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308  (club.drawing.svg escapes every word it is given)


def counts_in_words(counts: Sequence[int]) -> str:
    """What the histogram shows, for whoever does not see it: `9 ratings: 3 stars 2, 4.5 stars 7`."""
    total = sum(counts)
    if not total:
        return _("No ratings yet")
    each = ", ".join(
        _("%(stars)s stars: %(count)d") % {"stars": stars, "count": count}
        for stars, count in zip(svg.STARS, counts, strict=True)
        if count
    )
    return ngettext("%(n)d rating. %(each)s", "%(n)d ratings. %(each)s", total) % {"n": total, "each": each}


@register.simple_tag
def histogram(counts: Sequence[int], mini: bool = False) -> SafeString:
    """Nine labelled bins, 1.0 to 5.0 stars, with their counts; `mini=True` draws the shape alone."""
    draw = svg.mini_histogram if mini else svg.histogram
    return _safe(draw(counts, label=counts_in_words(counts)))


@register.simple_tag
def points_bar(*, firsts: int, seconds: int, max: int) -> SafeString:  # noqa: A002  (reads best in a template)
    """A nominee's points: first choices (2 each), then second choices (1 each), against `max` points."""
    label = _("%(points)d points: %(firsts)d first choices, %(seconds)d second choices") % {
        "points": 2 * firsts + seconds,
        "firsts": firsts,
        "seconds": seconds,
    }
    return _safe(svg.points_bar(firsts=firsts, seconds=seconds, most=max, label=label))


@register.simple_tag
def share_bar(value: float, most: float) -> SafeString:
    """A bar beside a number that says the same: decoration."""
    return _safe(svg.bar(value, most))


@register.simple_tag
def difference_bar(value: float, most: float) -> SafeString:
    """To the right of the middle above zero, to the left below; beside a number that says the same."""
    return _safe(svg.difference_bar(value, most))


@register.simple_tag
def sparkline(
    values: Sequence[float | None],
    label: str,
    low: float | None = None,
    high: float | None = None,
) -> SafeString:
    """Values in order as a small line; `label` says in words what it shows."""
    return _safe(svg.sparkline(values, label=label, low=low, high=high))


@register.simple_tag
def column_chart(values: Sequence[int], label: str) -> SafeString:
    """One column a value, across the page."""
    return _safe(svg.columns(values, label=label))


@register.filter
def stars(value: float | None) -> str:
    """`4.13`: a mean of ratings; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"


@register.filter
def signed(value: float | None) -> str:
    """`+0.5`, `−1.3`, with a real minus sign."""
    if value is None:
        return "–"
    rounded = round(value, 2)
    return f"+{rounded:.2f}" if rounded > 0 else f"−{-rounded:.2f}" if rounded < 0 else "±0.00"


@register.filter
def percent(share: float | None) -> str:
    """`37%`: a share between 0 and 1; a dash where there is none."""
    return "–" if share is None else f"{share:.0%}"

"""How a match is drawn on pages: `{% match_rail score %}`, `{% standing_bar 97 %}`, `{% wing row.share_a most %}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from taste.charts import drawings, matching

register = template.Library()


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308  (taste.charts escapes every word it is given)


@register.simple_tag
def match_rail(score: float | None, label: str = "") -> SafeString:
    """The rail between two members; decoration without a label."""
    return _safe(matching.rail(score, label=label))


@register.simple_tag
def standing_bar(standing: int) -> SafeString:
    """0 to 100, with a mark at 50, where two random listeners stand; beside it stands the number."""
    return _safe(drawings.meter(standing / 100, css="standing-bar", mark=0.5))


@register.simple_tag
def wing(share: float, most: float, left: bool = False) -> SafeString:
    return _safe(matching.wing(share, most, is_left=left))

"""How sound is drawn on pages: `{% sound_bar line %}`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from sidetrack import svg
from taste.axes.sounding import Line

register = template.Library()

WIDTH, HEIGHT, BAR = 100.0, 10.0, 6.0
INK, SOFT, TRACK, MIDDLE = "#0b625c", "#8fb5b1", "#eeeae1", "#5c574d"


@register.simple_tag
def sound_bar(line: Line) -> SafeString:
    """A value as a bar, the span of its tracks as a line over it, the middle of all songs as a tick.

    It stands beside the same in words, so that screen readers pass over it. A weak value's bar is hollow.
    """
    top = (HEIGHT - BAR) / 2
    css = "bar weak" if line.is_weak else "bar"
    parts = [
        svg.rect(0, top, WIDTH, BAR, css="track", fill=TRACK),
        svg.rect(0, top, max(1.0, WIDTH * line.value), BAR, css=css, fill=SOFT if line.is_weak else INK),
    ]
    if line.high > line.low:
        parts.append(
            svg.rect(WIDTH * line.low, HEIGHT / 2 - 0.5, WIDTH * (line.high - line.low), 1, css="span", fill=MIDDLE)
        )
    parts.append(svg.rect(WIDTH * line.middle - 0.4, 0, 0.8, HEIGHT, css="middle", fill=MIDDLE))
    drawn = svg.drawing(parts, width=WIDTH, height=HEIGHT, css="sound-bar", label="", stretch=True)
    return mark_safe(drawn)  # noqa: S308  (numbers of ours alone)

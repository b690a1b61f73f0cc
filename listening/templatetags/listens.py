"""How listening is drawn and written: `{% listen_columns buckets says %}`, `{% played listen.played_at zone %}`.

Times of listens are shown in the zone of whoever heard them, for every reader: a morning stays a morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

from django import template
from django.utils import formats
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listening import drawing
from listening.figures.arithmetic import Bucket
from listening.figures.together import Together
from listening.figures.tops import Ranked

register = template.Library()

FORMS = {"full": "j F Y, H:i", "short": "j M Y", "day": "l j F Y", "time": "H:i", "second": "H:i:s"}


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308  (sidetrack.svg escapes every word it is given)


@register.simple_tag
def played(moment: datetime | None, zone: tzinfo, form: str = "full") -> SafeString | str:
    """`20 November 2025, 21:04`; form is full, short, day, time or second."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    utc = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return format_html('<time datetime="{}">{}</time>', utc, formats.date_format(local, FORMS[form]))


@register.simple_tag
def listen_bar(value: float, most: float) -> SafeString:
    """A bar beside a number that says the same: decoration."""
    return _safe(drawing.bar(value, most))


@register.simple_tag
def listen_columns(buckets: Sequence[tuple[Bucket, str]], says: str) -> SafeString:
    """Plays over time; `says` is what it shows, in words."""
    return _safe(drawing.columns([each.n for each, _ in buckets], [name for _, name in buckets], label=says))


@register.simple_tag
def listen_calendar(days: tuple[Sequence[tuple[date, int]], date, date], says: str) -> SafeString:
    """A square a day, of a year. days: (day, plays) in order, the first and the last day."""
    plays, first, last = days
    months = [str(MONTHS_3[number]).capitalize() for number in range(1, 13)]
    return _safe(drawing.calendar(plays, first=first, last=last, months=months, label=says))


@register.simple_tag
def listen_clock(grid: Sequence[Sequence[int]], says: str) -> SafeString:
    """Weekday by hour."""
    return _safe(drawing.clock(grid, weekdays=[str(WEEKDAYS_ABBR[day]) for day in range(7)], label=says))


@register.simple_tag
def place_change(row: Ranked | Together, compared: bool) -> SafeString | str:
    """`▲ 3`, `▼ 1`, `=`, `new`, each with its words for who hears the page; nothing where nothing is compared."""
    if not compared:
        return ""
    if row.before is None:
        return format_html('<span class="move move-new">{}</span>', _("new"))
    by = row.before - row.place
    if not by:
        return format_html(
            '<span class="move"><span aria-hidden="true">=</span><span class="visually-hidden">{}</span></span>',
            _("as before"),
        )
    up = ngettext("up %(n)d place", "up %(n)d places", abs(by)) % {"n": by}
    down = ngettext("down %(n)d place", "down %(n)d places", abs(by)) % {"n": -by}
    return format_html(
        '<span class="move {}"><span aria-hidden="true">{} {}</span><span class="visually-hidden">{}</span></span>',
        "move-up" if by > 0 else "move-down",
        "▲" if by > 0 else "▼",
        abs(by),
        up if by > 0 else down,
    )


@register.filter
def thousands(value: int | None) -> str:
    """`12,345`; a dash where there is none."""
    return "–" if value is None else f"{value:,}"

"""Dates as people say them: `{% moment week.poll_close_at %}`, `{% relative week.poll_close_at now %}`.

Members read times in their own zone; visitors in the club's, because their pages are shared.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from club.clock import club_zone
from sidetrack.kept_copies import is_visitor

register = template.Library()

FORMS = {
    "full": "l j F Y, H:i",
    "soon": "l j F, H:i",
    "step": "D j M, H:i",
    "day": "j F Y",
    "short": "j M Y",
}


def zone_for(request: HttpRequest | None) -> tzinfo:
    return club_zone() if request is None or is_visitor(request) else timezone.get_current_timezone()


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, form: str = "soon") -> SafeString | str:
    """`Friday 21 November, 20:00`; form is full, soon, step, day or short."""
    if at is None:
        return ""
    local = at.astimezone(zone_for(context.get("request")))
    words = formats.date_format(local, FORMS[form])
    return format_html('<time datetime="{}" title="{}">{}</time>', _utc(at), f"{local:%Z}", words)


@register.simple_tag
def relative(at: datetime | None, now: datetime) -> SafeString | str:
    """`in 2 days`, `5 hours ago`; js/times.js keeps it true while the page stays open."""
    if at is None:
        return ""
    return format_html('<time datetime="{}" data-relative>{}</time>', _utc(at), relative_words(at, now))


def relative_words(at: datetime, now: datetime) -> str:
    """Whole days, else hours, else minutes, rounded towards now: a deadline is never promised later than it is."""
    seconds = int((at - now).total_seconds())
    size = abs(seconds)
    if size < 60:
        return _("any moment now") if seconds >= 0 else _("just now")
    n_minutes, n_hours, n_days = size // 60, size // 3600, size // 86_400
    if n_days:
        length = ngettext("%(n)d day", "%(n)d days", n_days) % {"n": n_days}
    elif n_hours:
        length = ngettext("%(n)d hour", "%(n)d hours", n_hours) % {"n": n_hours}
    else:
        length = ngettext("%(n)d minute", "%(n)d minutes", n_minutes) % {"n": n_minutes}
    return _("in %(length)s") % {"length": length} if seconds >= 0 else _("%(length)s ago") % {"length": length}


def _utc(at: datetime) -> str:
    return f"{at.astimezone(timezone.get_fixed_timezone(0)):%Y-%m-%dT%H:%M:%SZ}"

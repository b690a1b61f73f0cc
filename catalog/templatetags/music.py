"""How facts about music are written: `4:07`, `Japan`."""

from __future__ import annotations

from django import template

from catalog.countries import country_name

register = template.Library()


@register.filter
def duration(milliseconds: int | None) -> str:
    """`4:07`, or `1:02:45`; nothing when unknown."""
    if not milliseconds:
        return ""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def country(code: str) -> str:
    return country_name(code) if code else ""

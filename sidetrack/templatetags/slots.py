"""`{% slot "club:week" week %}`: the HTML of every panel that upper apps put there."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from sidetrack import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, *args: Any) -> SafeString:
    """Each filler is called with the request and the tag's arguments, and answers safe HTML, or None for nothing."""
    panels = slots.call(name, context.get("request"), *args)
    return mark_safe("\n".join(str(panel) for panel in panels))  # noqa: S308  (fillers render templates)

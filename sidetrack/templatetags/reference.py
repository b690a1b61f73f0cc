"""`{{ text|with_code }}`: plain words in which `backticks` mark what is typed."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_TYPED = re.compile(r"`([^`]+)`")


@register.filter
def with_code(text: str) -> SafeString:
    return mark_safe(_TYPED.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  (escaped first)

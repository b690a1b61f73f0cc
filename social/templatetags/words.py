"""Members' words on a page: `{{ rating.review|markdown }}`, `{{ member.bio|plain:160 }}`; `{% avatar member %}`."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from social.models import User
from social.text import plain_text, render_markdown
from social.visibility import Visibility

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return render_markdown(text)


@register.filter
def plain(text: str, limit: int = 0) -> str:
    return plain_text(text, limit=limit)


@register.simple_tag
def avatar(member: User, size: int = 48, by_letter: bool = False) -> SafeString:
    """The member's picture, else the first letter of the name on a colour of its own; decoration beside the name.

    by_letter: no picture, for a page that gives away no more than the name.
    """
    if member.avatar and not by_letter:
        return format_html(
            '<img class="avatar" src="{}" width="{}" height="{}" alt="" loading="lazy">', member.avatar.url, size, size
        )
    hue = sum(member.handle.lower().encode()) % 24
    letter = str(member)[:1].upper()
    return format_html(
        '<svg class="avatar avatar-letter tint-{}" width="{}" height="{}" viewBox="0 0 48 48" aria-hidden="true">'
        '<circle cx="24" cy="24" r="24"/><text x="24" y="32" text-anchor="middle" font-size="23">{}</text></svg>',
        f"{hue:02}", size, size, letter,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def avatar_in_archive(context: Context, member: User, size: int = 48) -> SafeString:
    """For pages that name members whose own page the reader may not open: the picture is as visible as that page.

    Pages for followers count as closed here: whose followers the readers are costs a query for each.
    """
    viewer = None if context.get("is_visitor", True) else context.get("user")
    is_open = member.visibility == Visibility.PUBLIC
    if viewer is not None and viewer.is_authenticated:
        is_open = is_open or member.visibility == Visibility.MEMBERS or viewer.pk == member.pk
    return avatar(member, size, by_letter=not is_open)

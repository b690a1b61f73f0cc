"""`{% cover album %}` and `{{ album|tint }}`: an album's picture and the name of its colour."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from catalog.covers_shown import shown_cover, tint_class
from catalog.models import Album

register = template.Library()


@register.simple_tag
def cover(album: Album, size: int = 300, eager: bool = False, alt: str | None = None) -> SafeString:
    """`<img class="cover">` of the given width, loaded late unless `eager`.

    alt: another text; `alt=""` where the title stands beside the picture, so that nobody hears it twice.
    """
    shown = shown_cover(album, size)
    if alt is None:
        alt = gettext("Cover of %(title)s by %(artist)s") % {"title": album.title, "artist": album.credit}
    attributes = [("src", shown.address)]
    if shown.sharp:
        attributes.append(("srcset", f"{shown.address} 1x, {shown.sharp} 2x"))
    attributes += [("width", str(size)), ("height", str(size)), ("alt", alt)]
    attributes.append(("fetchpriority", "high") if eager else ("loading", "lazy"))
    return format_html(
        '<img class="cover{}" {} decoding="async">',
        " cover--drawn" if shown.is_drawn else "",
        format_html_join(" ", '{}="{}"', attributes),
    )


@register.filter
def tint(album: Album | None) -> str:
    """The class that gives `--tint` and `--wash` their hue."""
    return tint_class(album) if album else "tint-grey"

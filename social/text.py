"""What members write: a small markdown, made into clean HTML."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https"}


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark without headings (they would break the page's outline), images, tables, rules and raw HTML."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    return parser.disable(["heading", "lheading", "image", "html_block", "html_inline", "hr", "reference"])


def render_markdown(text: str) -> SafeString:
    """HTML that is safe to show: only the tags above; links are nofollow and open without telling where from."""
    clean = nh3.clean(
        _markdown().render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener ugc",
        strip_comments=True,
    )
    return mark_safe(clean.strip())  # noqa: S308  (nh3 has just cleaned it)


def plain_text(text: str, *, limit: int = 0) -> str:
    """The words alone, in one line, cut at a word with an ellipsis when longer than `limit` characters (0: never)."""
    spaced = re.sub(r"<(?:br|/p|/li|/blockquote|/pre)\b[^>]*>", " ", _markdown().render(text))
    words = " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
    if not limit or len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.–—-") + "…"

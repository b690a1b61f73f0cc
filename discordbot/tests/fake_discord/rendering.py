"""Discord's marks as HTML, as far as the page for watching needs them: bold, code, quotes, moments, channels."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape

_MOMENT = re.compile(r"&lt;t:(-?\d{1,12})(?::([A-Za-z]))?&gt;")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTE = re.compile(r"^&gt; ?(.*)$", re.MULTILINE)


def rendered(text: str, *, now: datetime) -> str:
    """Safe HTML of a message's text."""
    html = _MOMENT.sub(lambda found: moment(int(found[1]), found[2] or "f", now), escape(text, quote=False))
    html = _QUOTE.sub(r"<q>\1</q>", _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", html)))
    return re.sub(r"\\([*_~`|<>\[\]()#.!-])", r"\1", html)


def moment(seconds: int, style: str, now: datetime) -> str:
    """What a member of this machine's zone (UTC) would read."""
    at = datetime.fromtimestamp(seconds, UTC)
    if style != "R":
        return f"<time>{at:%A %d %B %Y %H:%M}</time>"
    hours = (at - now).total_seconds() / 3600
    size = f"{abs(hours) / 24:.0f} days" if abs(hours) >= 48 else f"{abs(hours):.0f} hours"
    return f"<time>in {size}</time>" if hours >= 0 else f"<time>{size} ago</time>"

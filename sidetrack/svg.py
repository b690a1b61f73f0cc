"""The parts of which every app draws its small charts as SVG text. Pure: plain values in, SVG out.

Colours are presentation attributes, which any style sheet overrides by class, so a drawing is right in both themes on a
page and still has colours as a picture. No style attribute anywhere: the Content-Security-Policy forbids them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

FONT = "Instrument Sans, sans-serif"


def number(value: float) -> str:
    """At most two decimals, without trailing zeros: coordinates stay short."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rect(
    x: float, y: float, width: float, height: float, *, css: str, fill: str, radius: float = 0, title: str = ""
) -> str:
    """title: what a pointer that rests on it reads."""
    corner = f' rx="{number(radius)}"' if radius else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    end = f"><title>{escape(title)}</title></rect>" if title else "/>"
    return f'<rect class="{css}" {place}{corner} fill="{fill}"{end}'


def text(x: float, y: float, words: str, *, css: str, fill: str, size: float, anchor: str = "middle") -> str:
    place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
    look = f'font-family="{FONT}" font-size="{number(size)}" fill="{fill}"'
    return f'<text class="{css}" {place} {look}>{escape(words)}</text>'


def drawing(parts: Sequence[str], *, width: float, height: float, css: str, label: str, stretch: bool = False) -> str:
    """One `<svg>` that a screen reader announces as `label`; without a label it is decoration and is skipped."""
    box = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}"'
    fit = ' preserveAspectRatio="none"' if stretch else ""
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    body = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {css}" {box}{fit} {role}>{body}</svg>'

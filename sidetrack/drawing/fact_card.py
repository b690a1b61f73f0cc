"""A card with one idea, to be posted elsewhere: some large words, a few facts, perhaps a picture. Pure.

1200 by 630 pixels: the size that sites ask for where an address is posted.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from sidetrack.drawing.pictures import INK, MUTED, oklch, png, words
from sidetrack.drawing.typesetting import DISPLAY, LEADING, STRONG, TEXT, drawable, fitted, shortened, width_of
from sidetrack.svg import drawing, number, rect

WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT, TOP = 96, 1140, 60
SIDE, GAP = 440, 56  # of the picture, and between it and the words
ROW, MOST_ROWS = 46, 5
DESIGN = 1  # counts changes of the drawing: each makes every picture another one


@dataclass(frozen=True, slots=True)
class FactCard:
    """rows: what it is, and how much. picture: a square PNG, empty for none. hue: degrees, None for grey."""

    eyebrow: str
    headline: str
    under: str
    rows: tuple[tuple[str, str], ...]
    foot: str
    picture: bytes = b""
    hue: float | None = None

    @property
    def content_hash(self) -> str:
        facts = repr((DESIGN, self.eyebrow, self.headline, self.under, self.rows, self.foot, self.hue))
        return hashlib.sha256(facts.encode() + self.picture).hexdigest()[:20]


@lru_cache(maxsize=64)  # some 150 kB each: whoever posts a card, many fetch it
def drawn(card: FactCard) -> bytes:
    """As PNG."""
    return png(card_svg(card), width=WIDTH, height=HEIGHT)


def card_svg(card: FactCard) -> str:
    grey, hue = card.hue is None, card.hue or 0.0
    wash, tint = oklch(0.945, 0.004 if grey else 0.028, hue), oklch(0.45, 0.0 if grey else 0.09, hue)
    edge = RIGHT - SIDE - GAP if card.picture else RIGHT
    wide = edge - LEFT
    parts = [
        rect(0, 0, WIDTH, HEIGHT, css="wash", fill=wash),
        rect(46, 0, 4, HEIGHT, css="rail", fill=tint),
        f'<circle cx="48" cy="82" r="11" fill="{wash}" stroke="{tint}" stroke-width="5"/>',
        words(LEFT, 92, _cut(card.eyebrow, STRONG, 26, wide), font=STRONG, size=26, fill=tint),
    ]
    n_rows = len(card.rows[:MOST_ROWS])
    room = 540 - n_rows * ROW - 110 - (58 if card.under else 0)
    size, lines = fitted(
        drawable(card.headline, font=DISPLAY), font=DISPLAY, sizes=(104, 88, 72, 60, 50, 42), width=wide, height=room
    )
    y = 100.0
    for line in lines:
        y += size * LEADING
        parts.append(words(LEFT, y, line, font=DISPLAY, size=size))
    if card.under:
        parts.append(words(LEFT, y + 50, _cut(card.under, TEXT, 32, wide), font=TEXT, size=32, fill=MUTED))
    floor = 540 - (n_rows - 1) * ROW
    for place, (label, value) in enumerate(card.rows[:MOST_ROWS]):
        parts += _row(label, value, floor + place * ROW, wide)
    if card.picture:
        parts += _picture(card.picture, edge + GAP, oklch(0.84, 0.0 if grey else 0.03, hue))
    parts.append(words(LEFT, 596, _cut(card.foot, DISPLAY, 26, RIGHT - LEFT), font=DISPLAY, size=26, fill=tint))
    return drawing(parts, width=WIDTH, height=HEIGHT, css="share", label="")


def _row(label: str, value: str, baseline: float, wide: float) -> list[str]:
    """A name at the left, its number at the right, with a line under both."""
    value = _cut(value, STRONG, 28, wide * 0.6)
    room = wide - width_of(value, font=STRONG, size=28) - 24
    return [
        words(LEFT, baseline, _cut(label, TEXT, 28, room), font=TEXT, size=28, fill=INK),
        words(LEFT + wide, baseline, value, font=STRONG, size=28, anchor="end"),
        rect(LEFT, baseline + 12, wide, 1, css="line", fill="#D8D2C5"),
    ]


def _picture(picture: bytes, x: float, shadow: str) -> list[str]:
    image = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    place = f'x="{number(x)}" y="{TOP}" width="{SIDE}" height="{SIDE}"'
    return [
        rect(x + 6, TOP + 8, SIDE, SIDE, css="shadow", fill=shadow, radius=6),
        f'<clipPath id="sleeve"><rect {place} rx="6"/></clipPath>',
        f'<image {place} clip-path="url(#sleeve)" preserveAspectRatio="xMidYMid slice" href="{image}"/>',
    ]


def _cut(said: str, font: str, size: float, width: float) -> str:
    return shortened(drawable(said, font=font), font=font, size=size, width=width)

"""The picture that stands for a week or an album where its address is posted: 1200 by 630 pixels. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from club.drawing import svg
from sidetrack.drawing.pictures import MUTED, STAR, oklch, png, star, words
from sidetrack.drawing.typesetting import (
    DISPLAY,
    LEADING,
    STRONG,
    TEXT,
    drawable,
    fitted,
    lines_of,
    shortened,
    width_of,
)

WIDTH, HEIGHT = 1200, 630
LEFT, COLUMN, RIGHT, TOP, FLOOR = 96, 636, 1140, 60, 540  # cover, words, edge; upper and lower edge of the cover
DESIGN = 2  # counts changes of the drawing: each makes every picture due again


@dataclass(frozen=True)
class Card:
    """What a share image shows; two equal cards are the same picture."""

    eyebrow: str  # "Week 12 · 24 November 2025"
    title: str
    credit: str  # artist and year
    club: str
    counts: tuple[int, ...]  # nine, for 1.0 to 5.0 stars
    mean: float | None  # None: not shown
    note: str  # beside the score, or in its place
    hue: int | None  # one of 24 hue bins of the cover, None for a grey one
    cover: str  # name of the cover's file, empty where it is drawn: a new cover is a new picture

    @property
    def content_hash(self) -> str:
        facts = json.dumps([DESIGN, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()[:20]


def rail(x: float, colour: str, wash: str) -> list[str]:
    """The club's motif: a line from edge to edge with one stop on it."""
    return [
        svg.rect(x - 2, 0, 4, HEIGHT, css="rail", fill=colour),
        f'<circle cx="{svg.number(x)}" cy="82" r="11" fill="{wash}" stroke="{colour}" stroke-width="5"/>',
    ]


def score(card: Card, x: float, baseline: float) -> list[str]:
    """The mean in large figures with its star and how many stand behind it, or a sentence in its place."""
    if card.mean is None:
        lines = lines_of(drawable(card.note, font=TEXT), font=TEXT, size=30, width=RIGHT - x)
        return [
            words(x, baseline + place * 40, line, font=TEXT, size=30, fill=MUTED) for place, line in enumerate(lines)
        ]
    figures = f"{card.mean:.1f}"
    after = x + width_of(figures, font=DISPLAY, size=84)
    return [
        words(x, baseline, figures, font=DISPLAY, size=84, fill=STAR),
        star(after + 12, baseline - 48, 46),
        words(after + 76, baseline - 6, card.note, font=TEXT, size=28, fill=MUTED),
    ]


def card_svg(card: Card, *, cover: bytes, cover_type: str) -> str:
    """The whole picture as SVG, with the cover inside it."""
    hue = 0.0 if card.hue is None else card.hue * 15.0
    grey = card.hue is None
    wash, tint = oklch(0.945, 0.004 if grey else 0.028, hue), oklch(0.45, 0.0 if grey else 0.09, hue)
    wide = RIGHT - COLUMN
    image = f"data:{cover_type};base64,{base64.b64encode(cover).decode()}"
    parts = [svg.rect(0, 0, WIDTH, HEIGHT, css="wash", fill=wash), *rail(48, tint, wash)]
    parts.append(
        svg.rect(LEFT + 6, TOP + 8, 480, 480, css="shadow", fill=oklch(0.84, 0.0 if grey else 0.03, hue), radius=6)
    )
    parts.append(f'<clipPath id="sleeve"><rect x="{LEFT}" y="{TOP}" width="480" height="480" rx="6"/></clipPath>')
    parts.append(
        f'<image x="{LEFT}" y="{TOP}" width="480" height="480" clip-path="url(#sleeve)" '
        f'preserveAspectRatio="xMidYMid slice" href="{image}"/>'
    )
    parts.append(words(COLUMN, 92, drawable(card.eyebrow, font=STRONG), font=STRONG, size=26, fill=tint))
    title = drawable(card.title, font=DISPLAY)
    size, lines = fitted(title, font=DISPLAY, sizes=(72, 64, 56, 48, 42), width=wide, height=190)
    y = 92.0
    for line in lines:
        y += size * LEADING
        parts.append(words(COLUMN, y + 8, line, font=DISPLAY, size=size))
    credit = shortened(drawable(card.credit, font=TEXT), font=TEXT, size=32, width=wide)
    parts.append(words(COLUMN, y + 58, credit, font=TEXT, size=32, fill=MUTED))
    parts += score(card, COLUMN, 418 if card.mean is not None else 440)
    if any(card.counts):
        chart = "".join(svg.histogram_parts(card.counts, width=wide, height=140, size=17))
        parts.append(f'<g transform="translate({COLUMN} {svg.number(FLOOR - 140 + 17 * 1.7)})">{chart}</g>')
    parts.append(words(LEFT, 590, drawable(card.club, font=DISPLAY), font=DISPLAY, size=30))
    return svg.drawing(parts, width=WIDTH, height=HEIGHT, css="share", label="")


def drawn_card(card: Card, *, cover: bytes, cover_type: str) -> bytes:
    return png(card_svg(card, cover=cover, cover_type=cover_type), width=WIDTH, height=HEIGHT)


def counted(counts: Sequence[int]) -> tuple[int, ...]:
    """A histogram as a card keeps it."""
    return tuple(int(count) for count in counts)

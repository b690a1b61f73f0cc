"""Charts and sleeves that stand in Discord, as PNG: drawn from a `Picture` with our own fonts. Pure.

Discord shows a picture at most 550 pixels wide, on a dark or a light page: each has a ground of its own, letters are
large, corners are clear.
Drawing takes some hundredths of a second: call it from a thread of its own, not from the event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from catalog.placeholders import placeholder_svg
from club.drawing import svg
from discordbot.posts import Picture
from discordbot.texts import posts, say
from sidetrack.drawing.pictures import INK, MUTED, STAR, png, star, words
from sidetrack.drawing.typesetting import DISPLAY, STRONG, TEXT, drawable, shortened, width_of

WIDTH, MARGIN = 1100, 56
PAPER, CORNER = "#F7F5F0", 20
ROW, BAR = 92, 22  # height of one album's row; of its bar
FIRST_ROW, LEGEND = 40, 72


def draw(picture: Picture) -> bytes:
    """The PNG of this picture: the same data, the same bytes."""
    match picture.kind:
        case "points":
            return png(points_svg(picture.data))
        case "histogram":
            counts, mean, n = picture.data
            return png(histogram_svg(counts, mean=mean, n=n))
        case "sleeve":
            title, artist, key, _version = picture.data
            return sleeve(title, artist, key)


@lru_cache(maxsize=32)  # one album stands in up to five messages of its week
def sleeve(title: str, artist: str, key: str) -> bytes:
    """The website's drawing for an album without a cover: 600 by 600 pixels."""
    return png(placeholder_svg(title=drawable(title, font=DISPLAY), artist=drawable(artist, font=DISPLAY), key=key))


def points_svg(bars: Sequence[Any]) -> str:
    """One row for each album: title, artist and points above a bar, its first choices darker than its second ones.

    bars: (title, artist, firsts, seconds, points, is_winner), best first, at least one with points.
    """
    is_split = any(2 * firsts + seconds == points for _, _, firsts, seconds, points, _ in bars)
    height = FIRST_ROW + ROW * len(bars) + (LEGEND if is_split else 0) + 20
    most = max(points for *_, points, _ in bars)
    parts = [_ground(height)]
    for place, (title, artist, firsts, seconds, points, is_winner) in enumerate(bars):
        parts += _bar(
            FIRST_ROW + place * ROW, title, artist, firsts=firsts, seconds=seconds, points=points, most=most,
            is_winner=is_winner,
        )  # fmt: skip
    if is_split:
        parts += _legend(height - 44)
    return svg.drawing(parts, width=WIDTH, height=height, css="points", label="")


def _ground(height: float) -> str:
    return svg.rect(0, 0, WIDTH, height, css="ground", fill=PAPER, radius=CORNER)


def _bar(
    top: float, title: str, artist: str, *, firsts: int, seconds: int, points: int, most: int, is_winner: bool
) -> list[str]:
    """A row. Points from elsewhere, without choices, make a bar of one shade."""
    left, wide = MARGIN, WIDTH - 2 * MARGIN
    baseline = top + 38
    said = str(points)
    room = wide - width_of(said, font=DISPLAY, size=38) - 28
    mark = 34 if is_winner else 0
    name = shortened(drawable(title, font=STRONG), font=STRONG, size=30, width=room * 0.68 - mark)
    after = left + mark + width_of(name, font=STRONG, size=30) + 16
    by = shortened(drawable(artist, font=TEXT), font=TEXT, size=26, width=left + room - after)
    parts = [
        words(left + mark, baseline, name, font=STRONG, size=30),
        words(after, baseline, by, font=TEXT, size=26, fill=MUTED),
        words(left + wide, baseline, said, font=DISPLAY, size=38, fill=STAR if is_winner else INK, anchor="end"),
    ]
    if is_winner:
        parts.append(star(left, baseline - 24, 26))
    unit = wide / max(most, 1)
    known = 2 * firsts + seconds == points
    long = (2 * firsts if known else points) * unit
    short = seconds * unit if known else 0.0
    y = top + 54
    parts.append(svg.rect(left, y, wide, BAR, css="track", fill="#E9E4D9", radius=5))
    if long:
        parts.append(
            svg.rect(left, y, max(long - (4 if short else 0), 4), BAR, css="firsts", fill=svg.ACCENT, radius=5)
        )
    if short:
        parts.append(svg.rect(left + long, y, max(short, 4), BAR, css="seconds", fill=svg.SECOND, radius=5))
    return parts


def _legend(baseline: float) -> list[str]:
    """What the two shades mean."""
    parts = []
    x: float = MARGIN
    for key, fill in ((posts.LEGEND_FIRSTS, svg.ACCENT), (posts.LEGEND_SECONDS, svg.SECOND)):
        said = say(key)
        parts.append(svg.rect(x, baseline - 19, 22, 22, css="key", fill=fill, radius=5))
        parts.append(words(x + 34, baseline, said, font=TEXT, size=24, fill=MUTED))
        x += 34 + width_of(said, font=TEXT, size=24) + 44
    return parts


def histogram_svg(counts: Sequence[int], *, mean: float, n: int) -> str:
    """The average in large figures, and how many gave 1, 1.5 … 5 stars.

    counts: nine numbers >= 0; mean: stars, 1.0 to 5.0; n: how many ratings, >= 1.
    """
    height, size = 520, 26
    figures = f"{mean:.2f}"
    after = MARGIN + width_of(figures, font=DISPLAY, size=92)
    said = say(posts.HISTOGRAM_COUNT, n=n)
    parts = [
        _ground(height),
        words(MARGIN, 122, figures, font=DISPLAY, size=92, fill=STAR),
        star(after + 16, 68, 54),
        words(after + 92, 116, said, font=TEXT, size=34, fill=MUTED),
    ]
    chart = "".join(svg.histogram_parts(counts, width=WIDTH - 2 * MARGIN, height=310, size=size))
    chart = chart.replace(f'font-family="{svg.FONT}"', 'font-family="Instrument Sans" font-weight="500"')
    parts.append(f'<g transform="translate({MARGIN} 170)">{chart}</g>')
    return svg.drawing(parts, width=WIDTH, height=height, css="histogram", label="")

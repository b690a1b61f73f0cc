"""Sleeves for albums without a cover: drawn from the album's name, different for each, the same every time. Pure.

Six motifs from the club's own picture (rails, sidings, stops, grooves) in the palette of the site. Only presentation
attributes, no style element and no script, so a strict Content-Security-Policy is satisfied; text is escaped.
The art brings its own ground, so it looks the same on a light and on a dark page.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from random import Random

SIZE = 600
MARGIN = 44
BY = 29  # size of the artist line
ART = 388  # the picture's height; the words stand below it
FONT = "Bricolage Grotesque, Instrument Sans, Helvetica Neue, Arial, sans-serif"
PAPER, INK = "#F7F5F0", "#1C1B19"

BRIGHT = ("#7FB2E5", "#4FC7BD", "#A9C95A", "#E9C04F", "#F29A63", "#EE86A5", "#BE9BE6", "#7FD69A")
DEEP = ("#2B5C8A", "#0B625C", "#5E7D1E", "#A64B00", "#C2571A", "#B03A5B", "#7B4FA3", "#7A2E6B")


@dataclass(frozen=True)
class Palette:
    """Ground and ink of a sleeve (contrast 7:1 or more by construction), and three colours that stand on the ground."""

    ground: str
    ink: str
    quiet: str
    colours: tuple[str, str, str]


def _luminance(colour: str) -> float:
    """WCAG relative luminance of #RRGGBB, 0 to 1."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two #RRGGBB colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _palette(dice: Random) -> Palette:
    """Paper, night, or one of the bright colours as ground; colours that lie apart on the wheel."""
    start, step = dice.randrange(8), dice.choice((2, 3, 5))
    wheel = [(start + step * turn) % 8 for turn in range(4)]
    kind = dice.choice(("paper", "night", "bright", "bright", "deep"))
    if kind == "paper":
        return Palette("#EFEAE0", INK, "#5C574D", (DEEP[wheel[0]], DEEP[wheel[1]], BRIGHT[wheel[2]]))
    if kind == "night":
        return Palette("#25292D", "#F1EEE7", "#B5B2A8", (BRIGHT[wheel[0]], BRIGHT[wheel[1]], DEEP[wheel[2]]))
    if kind == "deep":
        ground = ("#143A5C", "#0A3F3B", "#3A2350", "#4F1D35")[wheel[0] % 4]
        return Palette(ground, "#FBF9F4", "#DAD5CA", (BRIGHT[wheel[1]], BRIGHT[wheel[2]], PAPER))
    return Palette(BRIGHT[wheel[0]], "#161513", "#2B2A27", (INK, DEEP[wheel[2]], PAPER))


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _line(points: str, colour: str, width: float) -> str:
    return (
        f'<path d="{points}" fill="none" stroke="{colour}" stroke-width="{_n(width)}" stroke-linecap="round" '
        f'stroke-linejoin="round"/>'
    )


def _dot(x: float, y: float, radius: float, fill: str, stroke: str = "", width: float = 0) -> str:
    edge = f' stroke="{stroke}" stroke-width="{_n(width)}"' if stroke else ""
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{edge}/>'


def _sidings(dice: Random, palette: Palette) -> Iterator[str]:
    """A main line with sidings that branch off at 45 degrees, and stops."""
    n_rails = dice.randint(4, 6)
    gap = (ART - 2 * MARGIN) / (n_rails - 1)
    main = dice.randrange(n_rails)
    rows = [MARGIN + 8 + gap * each for each in range(n_rails)]
    for side, rails in ((-1, range(main)), (1, range(n_rails - 1, main, -1))):
        leave = dice.uniform(10, 60)
        for each in rails:  # the outermost leaves first, so that no siding crosses another
            rise = abs(rows[each] - rows[main])
            shortest = leave + rise + 90
            end = dice.uniform(shortest, SIZE - 40) if shortest < SIZE - 60 and dice.random() < 0.6 else SIZE + 20
            colour = palette.colours[each % 2]
            yield _line(f"M{_n(leave)} {_n(rows[main])}l{_n(rise)} {_n(side * rise)}H{_n(end)}", colour, 13)
            if end < SIZE:
                yield _dot(end, rows[each], 15, palette.ground, colour, 9)
            leave += dice.uniform(70, 150)
    yield _line(f"M-20 {_n(rows[main])}H{SIZE + 20}", palette.ink, 20)
    for x in sorted(dice.sample(range(70, 560, 70), 3)):
        yield _dot(x, rows[main], 17, palette.ground, palette.ink, 9)


def _grooves(dice: Random, palette: Palette) -> Iterator[str]:
    """The grooves of a record that lies partly off the sleeve."""
    x, y = dice.choice(((SIZE * 0.5, ART), (SIZE, ART * 0.5), (SIZE * 0.5, ART * 0.52), (0.0, ART), (SIZE, ART)))
    outer = 250 if (x, y) == (SIZE * 0.5, ART * 0.52) else 420
    outer = min(outer, 176) if outer == 250 else outer
    label = outer * dice.uniform(0.26, 0.34)
    yield _dot(x, y, outer, palette.colours[0])
    radius, n_rings = outer - 12, dice.randint(9, 16)
    for ring in range(n_rings):
        at = label + (radius - label) * (ring + 0.7) / n_rings
        yield _dot(x, y, at, "none", palette.ground, dice.choice((1.5, 1.5, 2.5, 5)))
    yield _dot(x, y, label, palette.colours[1])
    yield _dot(x, y, label * 0.16, palette.ground)


def _strata(dice: Random, palette: Palette) -> Iterator[str]:
    """Waves one behind the other, like a landscape seen from a train."""
    n_layers = dice.randint(5, 7)
    yield _dot(dice.uniform(150, 450), dice.uniform(90, 170), dice.uniform(48, 78), palette.colours[2])
    for layer in range(n_layers):
        base = 130 + (ART - 120) * layer / n_layers
        swing, length, shift = dice.uniform(14, 42), dice.uniform(170, 330), dice.uniform(0, math.tau)
        points = [
            (x, base + swing * math.sin(x / length * math.tau + shift) + 9 * math.sin(x / 47 + layer))
            for x in range(-20, SIZE + 41, 20)
        ]
        edge = "L".join(f"{x} {_n(y)}" for x, y in points)
        colour = palette.colours[layer % 2]
        outline = f"M-20 {ART}L{edge}L{SIZE + 40} {ART}Z"
        yield f'<path d="{outline}" fill="{colour}" stroke="{palette.ground}" stroke-width="5"/>'


def _quarters(dice: Random, palette: Palette) -> Iterator[str]:
    """A grid of quarter circles, discs and bars."""
    columns, rows = dice.choice(((5, 3), (6, 4)))
    side = min(SIZE / columns, ART / rows)
    for row in range(rows):
        for column in range(columns):
            x, y = column * SIZE / columns, row * ART / rows
            width, height = SIZE / columns, ART / rows
            colour, kind = dice.choice(palette.colours), dice.randrange(7)
            if kind < 4:
                corner = ((0, 0), (width, 0), (width, height), (0, height))[kind]
                turns = (
                    f"M{_n(x + corner[0])} {_n(y + corner[1])}"
                    f"h{_n(width if corner[0] == 0 else -width)}"
                    f"A{_n(width)} {_n(height)} 0 0 {1 if (corner[0] == 0) == (corner[1] == 0) else 0} "
                    f"{_n(x + corner[0])} {_n(y + height - corner[1])}Z"
                )
                yield f'<path d="{turns}" fill="{colour}"/>'
            elif kind == 4:
                yield _dot(x + width / 2, y + height / 2, side * 0.36, colour)
            elif kind == 5:
                yield f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{colour}"/>'


def _halftone(dice: Random, palette: Palette) -> Iterator[str]:
    """Dots that swell towards one or two places, as in a coarse print."""
    step = dice.choice((30, 37.5, 42.9))
    suns = [(dice.uniform(60, 540), dice.uniform(40, 340), dice.uniform(130, 260)) for _ in range(dice.randint(1, 2))]
    rows, columns = int(ART / step), round(SIZE / step)
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) * step, (row + 0.5) * step + 6
            near = [math.exp(-(math.hypot(x - sx, y - sy) ** 2) / (2 * width**2)) for sx, sy, width in suns]
            radius = step * (0.1 + 0.42 * max(near))
            yield _dot(x, y, radius, palette.colours[near.index(max(near))])


def _platforms(dice: Random, palette: Palette) -> Iterator[str]:
    """Upright bars of uneven height with one that stands out, like a departures board or an equaliser."""
    n_bars = dice.randint(7, 12)
    width = (SIZE - 2 * MARGIN) / n_bars
    loud = dice.randrange(n_bars)
    height = dice.uniform(90, 240)
    for bar in range(n_bars):
        height = min(330, max(40, height + dice.uniform(-110, 110)))
        tall = 336 if bar == loud else height
        colour = palette.colours[1] if bar == loud else palette.colours[0]
        x = MARGIN + bar * width
        yield (
            f'<rect x="{_n(x + width * 0.12)}" y="{_n(ART - tall)}" width="{_n(width * 0.76)}" height="{_n(tall)}" '
            f'rx="{_n(width * 0.38)}" fill="{colour}"/>'
        )
        if bar == loud:
            yield _dot(x + width / 2, ART - tall + width * 0.38, width * 0.2, palette.ground)


MOTIFS: tuple[Callable[[Random, Palette], Iterator[str]], ...] = (
    _sidings,
    _grooves,
    _strata,
    _quarters,
    _halftone,
    _platforms,
)


def _width(text: str) -> float:
    """A generous guess of the width in em: the viewer's font is not known here. DejaVu Sans Bold is the widest."""
    wide = sum(1.04 if unicodedata.east_asian_width(each) in "WF" else 0.0 for each in text)
    narrow = sum(
        0.38 if each in " iljI.,:;'!|" else 1.02 if each in "mwMW@%" else 0.77 if each.isupper() else 0.67
        for each in text
        if unicodedata.east_asian_width(each) not in "WF"
    )
    return wide + narrow


def _wrapped(text: str, *, room: float, n_lines: int) -> list[str] | None:
    """`text` in at most `n_lines` lines of `room` em, broken between words (or letters of wide scripts); else None."""
    lines, current = [], ""
    for word in _pieces(text):
        longer = current + word if current else word.lstrip()
        if _width(longer.rstrip()) <= room:
            current = longer
            continue
        if not current.strip() or _width(word.strip()) > room:
            return None
        lines.append(current.strip())
        current = word.lstrip()
    lines.append(current.strip())
    return lines if len(lines) <= n_lines else None


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        word += character
        if character in " -/" or unicodedata.east_asian_width(character) in "WF":
            yield word
            word = ""
    if word:
        yield word


def _cut(text: str, room: float) -> str:
    """`text`, shortened with an ellipsis to `room` em."""
    if _width(text) <= room:
        return text
    while text and _width(text) + 1 > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _crammed(text: str, *, room: float, n_lines: int) -> list[str]:
    """`text` in exactly `n_lines` lines whatever it takes: words broken by letters, the rest cut off."""
    lines: list[str] = []
    rest = text
    while len(lines) < n_lines - 1 and _width(rest) > room:
        end = len(rest)
        while _width(rest[:end]) > room:
            end -= 1
        space = rest.rfind(" ", 0, end + 1)
        end = space if space > end // 2 else max(end, 1)
        lines.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*lines, _cut(rest, room)]


def _title_lines(title: str) -> tuple[int, list[str]]:
    """The largest size, 74 down to 33 units, at which the title fits into its lines."""
    room = SIZE - 2 * MARGIN
    for size, n_lines in ((74, 1), (62, 1), (54, 2), (46, 2), (38, 3), (33, 3)):
        if (lines := _wrapped(title, room=room / size, n_lines=n_lines)) is not None:
            return size, lines
    return 33, _crammed(title, room=room / 33, n_lines=3)


def placeholder_svg(*, title: str, artist: str, key: str) -> str:
    """A square sleeve, 600 units wide; `key` (the album's own, such as its id) seeds the drawing."""
    dice = Random(hashlib.sha256(f"{key}\n{artist}\n{title}".encode()).digest())  # noqa: S311  (a drawing, no secret)
    palette = _palette(dice)
    art = "".join(dice.choice(MOTIFS)(dice, palette))
    size, lines = _title_lines(title)
    by = _cut(artist, (SIZE - 2 * MARGIN) / BY)
    baseline = SIZE - MARGIN - 44 - (len(lines) - 1) * size * 1.02
    words = "".join(
        f'<text x="{MARGIN - 2}" y="{_n(baseline + each * size * 1.02)}" font-size="{size}" font-weight="700" '
        f'letter-spacing="-0.01em" fill="{palette.ink}">{escape(line)}</text>'
        for each, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        f'font-family="{FONT}" role="img" aria-label="{escape(f"{title}, {artist}")}">'
        f'<rect width="{SIZE}" height="{SIZE}" fill="{palette.ground}"/>'
        f'<svg width="{SIZE}" height="{ART}" overflow="hidden">{art}</svg>{words}'
        f'<text x="{MARGIN}" y="{SIZE - MARGIN}" font-size="{BY}" font-weight="500" fill="{palette.quiet}">'
        f"{escape(by)}</text>"
        f'<rect x="1" y="1" width="{SIZE - 2}" height="{SIZE - 2}" fill="none" stroke="{palette.ink}" '
        'stroke-opacity="0.16" stroke-width="2"/></svg>'
    )

"""Setting words into a picture: how wide they are, where lines break, which letters our fonts can draw. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont
from unidecode import unidecode

FONTS = Path(__file__).parent / "fonts"
DISPLAY, TEXT, STRONG = "BricolageGrotesque-700.ttf", "InstrumentSans-500.ttf", "InstrumentSans-700.ttf"
FALLBACKS = ("NotoSans-600.ttf", "NotoSansJP-700.ttf")
EAST_ASIA = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"}  # how names of their letters begin
LEADING = 1.06  # line height of a title
MEASURED_AT = 100  # pixels: widths scale from here


def font_files() -> list[str]:
    """Every font that a picture may use, for resvg."""
    return sorted(str(path) for path in FONTS.glob("*.ttf"))


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(name: str, letter: str) -> bool:
    """Whether the font draws this letter as something else than its sign for “unknown”."""
    font = _font(name)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def drawable(words: str, *, font: str) -> str:
    """The words as written; where a letter of a script is in none of our fonts, all of that script in Latin letters.

    So a name is never half in one and half in the other: 鄧麗君 has one character that is no Japanese one.
    """
    missing = {_script(letter) for letter in words if not any(_has(name, letter) for name in (font, *FALLBACKS))}
    if not missing:
        return words
    runs = groupby(words, key=lambda letter: _script(letter) in missing)
    drawn = ""
    for is_missing, run in runs:
        piece = unidecode("".join(run)).strip() if is_missing else "".join(run)
        drawn += f" {piece}" if drawn[-1:].isalnum() and piece[:1].isalnum() else piece
    return " ".join(drawn.split())


def _script(letter: str) -> str:
    """What is written in Latin letters together: a script, all of East Asia as one; else the sign alone."""
    name = unicodedata.name(letter, letter)
    script = re.split(r"[ -]", name)[0]
    if unicodedata.category(letter)[0] not in "LM" or script in {"LATIN", "COMBINING", "MODIFIER"}:
        return letter
    return "East Asia" if script in EAST_ASIA else script


def width_of(words: str, *, font: str, size: float) -> float:
    """How wide `words` stand at `size` pixels; letters of other scripts by the font that has them."""
    width, run, run_font = 0.0, "", font
    for letter in words:
        name = next((name for name in (font, *FALLBACKS) if _has(name, letter)), font)
        if name != run_font and run:
            width += _font(run_font).getlength(run)
            run = ""
        run, run_font = run + letter, name
    width += _font(run_font).getlength(run) if run else 0
    return width * size / MEASURED_AT


def shortened(words: str, *, font: str, size: float, width: float) -> str:
    """The words, cut with an ellipsis where they are too wide for one line."""
    if width_of(words, font=font, size=size) <= width:
        return words
    while words and width_of(words.rstrip() + "…", font=font, size=size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def lines_of(words: str, *, font: str, size: float, width: float) -> list[str]:
    """Break into lines no wider than `width`, between words where there are some, else inside them."""
    lines: list[str] = []
    current = ""
    for word in words.split():
        joined = f"{current} {word}".strip()
        if width_of(joined, font=font, size=size) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        current = word
        while width_of(current, font=font, size=size) > width:  # one word wider than the line: Japanese, or a joke
            fits = next(
                n for n in range(len(current), 0, -1) if n == 1 or width_of(current[:n], font=font, size=size) <= width
            )
            lines.append(current[:fits])
            current = current[fits:]
            if not current:
                break
    return [*lines, current] if current else lines


def fitted(words: str, *, font: str, sizes: tuple[int, ...], width: float, height: float) -> tuple[int, list[str]]:
    """The largest of `sizes` at which the words' lines stay inside the box; at the smallest, the rest is cut."""
    for size in sizes:
        lines, n_lines = lines_of(words, font=font, size=size, width=width), max(int(height / (size * LEADING)), 1)
        if len(lines) <= n_lines:
            return size, lines
    rest = shortened(" ".join(lines[n_lines - 1 :]), font=font, size=size, width=width)
    return size, [*lines[: n_lines - 1], rest]

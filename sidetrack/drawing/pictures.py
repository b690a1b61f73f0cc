"""What pictures that leave the site are made of: ink, words set in our own fonts, and SVG as PNG. Pure."""

from __future__ import annotations

import math

import resvg_py

from sidetrack.drawing.typesetting import DISPLAY, STRONG, TEXT, font_files
from sidetrack.svg import FONT, number, text

INK, MUTED, STAR = "#1C1B19", "#575248", "#A64B00"
FAMILIES = {DISPLAY: ("Bricolage Grotesque", 700), STRONG: ("Instrument Sans", 700), TEXT: ("Instrument Sans", 500)}
STAR_PATH = "M10 .8l2.8 6 6.5.8-4.8 4.5 1.3 6.5L10 15.4l-5.8 3.2 1.3-6.5L.7 7.6l6.5-.8z"  # in a box of 20


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """An OKLCH colour as #rrggbb; what sRGB cannot show is clipped.

    lightness 0..1, chroma >= 0, hue in degrees. Source: Björn Ottosson, “A perceptual color space”, 2020.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    bent = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(255 * min(max(c, 0), 1)):02x}" for c in bent)


def words(x: float, y: float, said: str, *, font: str, size: float, fill: str = INK, anchor: str = "start") -> str:
    family, weight = FAMILIES[font]
    drawn = text(x, y, said, css="words", fill=fill, size=size, anchor=anchor)
    return drawn.replace(f'font-family="{FONT}"', f'font-family="{family}" font-weight="{weight}"')


def star(x: float, y: float, size: float) -> str:
    place = f"translate({number(x)} {number(y)}) scale({number(size / 20)})"
    return f'<path d="{STAR_PATH}" transform="{place}" fill="{STAR}"/>'


def png(markup: str, *, width: int | None = None, height: int | None = None) -> bytes:
    """An SVG as PNG, drawn with our own fonts and no others: the same bytes on every machine."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=markup, skip_system_fonts=True, font_files=font_files(), width=width, height=height
    )
    return bytes(drawn)

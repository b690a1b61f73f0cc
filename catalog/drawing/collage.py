"""Covers side by side as one square picture, to be posted elsewhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from catalog.models import Album
from catalog.placeholders import placeholder_svg
from sidetrack.drawing.pictures import png
from sidetrack.drawing.typesetting import DISPLAY, drawable

WIDTH = 900  # pixels; a square
GROUND = "#F7F5F0"  # where there are fewer albums than places


def collage(albums: Sequence[Album], *, side: int) -> bytes:
    """A PNG of `side` by `side` covers, the first album at the upper left; drawn sleeves where there is no cover.

    Reads `album.artist`: select it along. Takes some tenths of a second: not for an event loop.
    """
    cell = WIDTH // side
    picture = Image.new("RGB", (cell * side, cell * side), GROUND)
    for place, album in enumerate(albums[: side * side]):
        row, column = divmod(place, side)
        picture.paste(cover_picture(album, cell), (column * cell, row * cell))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()


def four_or_one(albums: Sequence[Album]) -> bytes:
    """The first four as a square, the first alone where there are fewer, nothing where there are none."""
    if not albums:
        return b""
    return collage(albums[:4], side=2) if len(albums) >= 4 else collage(albums[:1], side=1)


def cover_picture(album: Album, size: int) -> Image.Image:
    """The album's cover as a square of `size` pixels, in RGB."""
    for field in (album.cover_300, album.cover_600) if size <= 300 else (album.cover_600, album.cover_300):
        if not field:
            continue
        try:
            with field.open("rb") as file, Image.open(file) as kept:
                return kept.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)
        except OSError:  # the row came from elsewhere without its files
            continue
    with Image.open(io.BytesIO(_sleeve(album.title, album.credit, str(album.pk), size))) as drawn:
        return drawn.convert("RGB")


@lru_cache(maxsize=64)  # some 20 kB each
def _sleeve(title: str, artist: str, key: str, size: int) -> bytes:
    drawing = placeholder_svg(title=drawable(title, font=DISPLAY), artist=drawable(artist, font=DISPLAY), key=key)
    return png(drawing, width=size, height=size)

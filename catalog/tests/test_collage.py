"""Covers side by side: each in its place, drawn where there is none, bare where there are too few."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog.drawing.collage import GROUND, WIDTH, collage
from catalog.models import Album
from catalog.tests.factories import AlbumFactory

pytestmark = pytest.mark.django_db


def covered(colour: str) -> Album:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(out, "WEBP", lossless=True)
    album = AlbumFactory()
    album.cover_300.save(f"{colour[1:]}.webp", ContentFile(out.getvalue()))
    return album


def middles(picture: bytes, side: int) -> list[str]:
    """The colour in the middle of each place."""
    opened = Image.open(io.BytesIO(picture)).convert("RGB")
    cell = opened.width // side
    spots = [((place % side + 0.5) * cell, (place // side + 0.5) * cell) for place in range(side * side)]
    return ["#{:02X}{:02X}{:02X}".format(*opened.getpixel((int(x), int(y)))) for x, y in spots]


def test_covers_stand_row_by_row_in_one_square_picture() -> None:
    colours = [f"#{shade:02X}4080" for shade in range(0, 180, 20)]
    picture = collage([covered(colour) for colour in colours], side=3)
    assert Image.open(io.BytesIO(picture)).format == "PNG"
    assert Image.open(io.BytesIO(picture)).size == (WIDTH, WIDTH)
    assert middles(picture, 3) == colours


def test_too_few_albums_leave_bare_places_and_too_many_are_left_out() -> None:
    albums = [covered("#104080"), covered("#204080"), covered("#304080"), covered("#404080"), covered("#504080")]
    assert middles(collage(albums[:2], side=2), 2) == ["#104080", "#204080", GROUND, GROUND]
    assert middles(collage(albums, side=2), 2) == ["#104080", "#204080", "#304080", "#404080"]


def test_an_album_without_a_cover_and_one_whose_file_is_lost_have_drawn_sleeves() -> None:
    lost = AlbumFactory()
    lost.cover_300.name = "covers/gone.webp"
    picture = Image.open(io.BytesIO(collage([AlbumFactory(title="Näkymätön 見えない"), lost], side=2))).convert("RGB")
    for place in range(2):
        colours = picture.crop((place * 450, 0, place * 450 + 450, 450)).getcolors(450 * 450) or []
        assert len(colours) > 20, "letters and lines on a ground"

"""`{% cover album %}` shows the served picture, or the drawn one, with its size and a text."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client

from catalog.covers_shown import shown_cover
from catalog.models import Album
from catalog.tests.factories import AlbumFactory

pytestmark = pytest.mark.django_db


def render(source: str, album: Album | None) -> str:
    return Template("{% load covers %}" + source).render(Context({"album": album}))


def test_a_cover_has_its_size_a_sharper_file_and_a_text() -> None:
    album = AlbumFactory(title='"Heroes"', artist__name="David Bowie", cover_300="covers/a-300.webp")
    album.cover_600 = "covers/a-600.webp"
    html = render("{% cover album %}", album)
    assert 'width="300" height="300"' in html
    assert 'src="/media/covers/a-300.webp" srcset="/media/covers/a-300.webp 1x, /media/covers/a-600.webp 2x"' in html
    assert 'alt="Cover of &quot;Heroes&quot; by David Bowie"' in html
    assert 'loading="lazy"' in html
    large = render("{% cover album size=600 eager=True alt='' %}", album)
    assert 'src="/media/covers/a-600.webp"' in large
    assert 'alt=""' in large
    assert "lazy" not in large


def test_without_a_cover_the_drawing_is_shown_and_kept_for_good(client: Client) -> None:
    album = AlbumFactory(title="Blue", artist__name="Joni Mitchell")
    html = render("{% cover album size=80 %}", album)
    assert f'src="/covers/{album.pk}.svg?v=' in html
    answer = client.get(shown_cover(album).address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert b"Joni Mitchell" in answer.content


def test_a_renamed_album_is_drawn_anew_at_a_new_address(client: Client) -> None:
    album = AlbumFactory(title="Bleu")
    before = shown_cover(album).address
    album.title = "Blue"
    album.save()
    assert shown_cover(album).address != before
    assert "immutable" not in client.get(before)["Cache-Control"]


def test_no_album_no_drawing(client: Client) -> None:
    assert client.get("/covers/999999.svg").status_code == 404


def test_the_tint_is_a_class_of_two_digits() -> None:
    assert render("{{ album|tint }}", AlbumFactory(cover_hue=7)) == "tint-07"
    assert render("{{ album|tint }}", AlbumFactory(cover_hue=None)) == "tint-grey"
    assert render("{{ album|tint }}", None) == "tint-grey"

"""Which picture stands for an album, where it lies, and what its colour is called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.urls import reverse

from catalog.models import Album

DRAWING_VERSION = "1"  # raise it when placeholders are drawn differently, so that browsers fetch them anew


@dataclass(frozen=True)
class ShownCover:
    """Addresses of one cover: `sharp` is the larger file for dense screens, "" where there is only one."""

    address: str
    sharp: str
    is_drawn: bool


def placeholder_version(album: Album) -> str:
    """Changes whenever the drawing would."""
    said = f"{DRAWING_VERSION}\n{album.pk}\n{album.title}\n{album.credit}"
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def shown_cover(album: Album, size: int = 300) -> ShownCover:
    """The cover to show `size` pixels wide. Reads `album.artist`: select it along."""
    if not album.cover_300:
        address = reverse("catalog:placeholder", args=[album.pk])
        return ShownCover(f"{address}?v={placeholder_version(album)}", "", is_drawn=True)
    large = album.cover_600.url if album.cover_600 else album.cover_300.url
    if size > 300:
        return ShownCover(large, "", is_drawn=False)
    return ShownCover(album.cover_300.url, large if size > 150 else "", is_drawn=False)


def tint_class(album: Album) -> str:
    """`tint-07` for the cover's hue, `tint-grey` where it has none."""
    return f"tint-{album.cover_hue:02d}" if album.cover_hue is not None else "tint-grey"

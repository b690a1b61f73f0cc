"""From bytes that somebody sent to two square WebP files and a hue. No Django, no network.

The bytes are not trusted: see `sidetrack.untrusted_pictures`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from sidetrack.untrusted_pictures import BadPicture, opened

__all__ = ["BadPicture", "CoverFiles", "cover_files", "cover_hue", "oklch"]

SMALLEST = 100
SIZES = (300, 600)
QUALITY = 82

N_HUES = 24
SWATCH = 64
GREY_CHROMA = 0.04  # OKLCH chroma below which an eye sees grey
COLOURED_SHARE = 0.04  # a sleeve with less colour than this is a grey sleeve


@dataclass(frozen=True)
class CoverFiles:
    """WebP files by width, and one of 24 hue bins (bin b holds the OKLCH hues from 15·b degrees on), None for grey."""

    files: dict[int, bytes]
    hue: int | None


def cover_files(content: bytes) -> CoverFiles:
    """Check, crop to the middle square, scale; BadPicture for anything that is no sound picture of a fair size."""
    picture = opened(content, smallest=SMALLEST, wanted=2 * max(SIZES))
    files = {}
    for size in SIZES:
        side = min(size, max(picture.size))  # small covers are not blown up
        square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        square.save(out, "WEBP", quality=QUALITY, method=6)
        files[size] = out.getvalue()
    return CoverFiles(files, cover_hue(picture))


def cover_hue(picture: Image.Image) -> int | None:
    """The hue bin that holds most chroma: 0 to 23, None where hardly anything is coloured.

    The picture is reduced to 64 x 64, turned into OKLCH, near-greys are dropped, each pixel votes with its chroma.
    Source: B. Ottosson, A perceptual color space for image processing (2020).
    """
    small = picture.convert("RGB").resize((SWATCH, SWATCH), Image.Resampling.BOX)
    rgb = np.asarray(small, dtype=np.float64).reshape(-1, 3) / 255
    _, chroma, hue = oklch(rgb)
    is_coloured = chroma > GREY_CHROMA
    if is_coloured.mean() < COLOURED_SHARE:
        return None
    bins = np.floor(hue[is_coloured] / (360 / N_HUES)).astype(int) % N_HUES
    return int(np.bincount(bins, weights=chroma[is_coloured], minlength=N_HUES).argmax())


def oklch(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lightness 0..1, chroma 0..~0.37 and hue in degrees 0..360 of sRGB colours.

    rgb: shape (n, 3), 0..1. Returns three arrays of shape (n,); the hue of a grey is arbitrary.
    Source: https://bottosson.github.io/posts/oklab/
    """
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    lightness, a, b = (np.cbrt(linear @ to_lms.T) @ to_lab.T).T
    return lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360

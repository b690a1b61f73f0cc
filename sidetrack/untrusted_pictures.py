"""Opening pictures that somebody sent: kinds and pixel counts are checked before anything is decoded. No network."""

from __future__ import annotations

import io
import logging
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

logger = logging.getLogger(__name__)

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000


class BadPicture(ValueError):
    """Not a picture that we keep; the text says why."""


def opened(content: bytes, *, smallest: int, wanted: int) -> Image.Image:
    """The picture, upright, in RGB on white, without anything that was written beside it.

    smallest: pixels that either side must have. wanted: the longest side that is of use, so that no more is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            probe = Image.open(io.BytesIO(content), formats=KINDS)
            width, height = probe.size
            if width * height > MOST_PIXELS:
                raise BadPicture(f"The picture has {width} x {height} pixels, too many.")
            if min(width, height) < smallest:
                raise BadPicture(f"The picture has {width} x {height} pixels, too few.")
            probe.verify()  # reads the file's structure; the picture must be opened anew after it
            picture = Image.open(io.BytesIO(content), formats=KINDS)
            picture.draft("RGB", (wanted, wanted))  # JPEG: decode no more than is needed
            picture.load()
    except BadPicture:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("That is no picture of a kind we know.") from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise BadPicture("The picture is broken.") from error
    upright = _upright(picture)
    if upright.mode in {"RGBA", "LA", "P", "PA"}:
        coloured = upright.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("RGB")
    return upright.convert("RGB")


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its notes say; as it lies where they are broken. They are read in too many ways to name all errors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ImageOps.exif_transpose(picture)
    except Exception:
        logger.info("A picture has notes beside it that cannot be read.", exc_info=True)
        return picture

"""One decode, one spectrum, every figure: how a file of music sounds, in plain numbers.

Pure: no Django. `extract` is the way in; `Measured` says what each figure means.
"""

from taste.audio.extraction.extracting import extract
from taste.audio.extraction.measured import VERSION, Extracted, Measured, PatchWish, Unreadable

__all__ = ["VERSION", "Extracted", "Measured", "PatchWish", "Unreadable", "extract"]

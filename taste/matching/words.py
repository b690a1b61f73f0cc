"""A score in a word. Pure."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From which whole number on which word holds.
BANDS: tuple[tuple[int, str | Promise], ...] = (
    (80, _("Same track")),
    (60, _("Close")),
    (40, _("Crossing")),
    (20, _("Parallel")),
    (0, _("Different lines")),
)


def word_for(score: float) -> str:
    """score: 0 to 100; it is rounded first, as pages print it, so that number and word never disagree."""
    whole = round(score)
    return next(str(word) for least, word in BANDS if whole >= least or least == 0)

"""What the club does by itself; each can run twice at once, and answers with a one-line count."""

from __future__ import annotations

import logging

from django.utils import timezone

from club import aggregates
from club.lifecycle import advance_due_weeks
from club.publishing import share_images as sharing

logger = logging.getLogger(__name__)


def advance_weeks() -> str:
    """Move every week that is due; open the next one where the club does so by itself."""
    changes = advance_due_weeks(timezone.now())
    return f"{changes} change{'s' * (changes != 1)} of phase or deadline"


def check_aggregates() -> str:
    """Compare the figures kept on weeks with their rows, and repair them."""
    wrong = aggregates.compare()
    for each in wrong:
        logger.warning("Kept figures were wrong. %s", each)
    repaired = sum(aggregates.repair(each.week) for each in wrong)
    return f"{len(wrong)} weeks with wrong figures, {repaired} repaired"


def draw_due_share_images() -> str:
    """Draw the share images that are missing or out of date, a batch at a time."""
    n_drawn = sharing.draw_due(now=timezone.now())
    return f"{n_drawn} share image{'s' * (n_drawn != 1)} drawn"

"""When Discord tells what the others gave. Pure; the one place for this rule.

While ratings are open, only how many there are: a number that one has read pulls one's own towards it. Afterwards the
average, if enough have rated. The summary, `/results`, `/stats` and `/me` ask here; previews for moderators name none.
"""

from __future__ import annotations

from club.models.week import Phase


def are_told(phase: str) -> bool:
    """Whether averages, spreads and single ratings of a week in this phase may be told."""
    return phase == Phase.CLOSED


def is_enough(count: int, *, minimum: int) -> bool:
    """Whether so many ratings, each >= 0 and from one member, make an average; never none."""
    return count >= max(minimum, 1)

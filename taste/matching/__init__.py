"""Whom a member's taste matches: a score from 0 to 100, its reasons, and the nearest members of everybody.

`compatibility` is the one answer for pages, REST and blends. `curves` says what a score means, `measures` what it is
made of. Two members match by artists (0.35), genres (0.25), how their music sounds (0.25) and albums that both rated
(0.15), as far as each is known.

    compatibility(a, b, now=now) -> models.Compatibility      one pair, kept until what it was made from changes
    showing.shown_to(a, b, viewer, now=now) -> Match | None   the same as far as `viewer` may read it
    showing.nearest_to(viewer, n=n) -> list[Near]             whom a member matches best
    nearest.renew(now=now) -> str                             everybody's nearest, nightly
"""

from taste.matching.pairs import compatibility

__all__ = ["compatibility"]

"""Whether those who play an album more rate it higher: what members who show both played and gave, with a finding.

Plays are of all times, of the album's songs from wherever they were played. The link is Spearman's rank correlation;
how often chance alone makes one as strong is counted by shuffling the stars (Good 2005, Permutation tests).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from catalog.models import Album
from club.models import Rating, Week
from listening.figures.together import members_together
from social.models import User
from social.visibility import Viewer
from taste.album_progress.hearing import heard_by
from taste.album_progress.songs import songs_of

LEAST = 5  # members; fewer are no picture
LEAST_TO_SAY = 8  # with fewer no order is rare enough to speak of
N_SHUFFLES = 2_000
RARE = 0.05


@dataclass(frozen=True, slots=True)
class Point:
    member: User
    n_plays: int
    half_stars: int

    @property
    def stars(self) -> float:
        return self.half_stars / 2


@dataclass(frozen=True, slots=True)
class PlaysAndStars:
    """points: most plays first. correlation: None where nothing varies. chance: of one as strong, 0 to 1."""

    points: tuple[Point, ...]
    correlation: float | None
    chance: float | None

    @property
    def n(self) -> int:
        return len(self.points)

    @property
    def is_sure(self) -> bool:
        return self.chance is not None and self.n >= LEAST_TO_SAY and self.chance < RARE

    @property
    def finding(self) -> str:
        if self.is_sure and self.correlation is not None:
            if self.correlation > 0:
                return _("Who played it more rated it higher")
            return _("Who played it more rated it lower")
        return _("Plays say little about the stars here")

    @staticmethod
    def _chance_in_words(chance: float) -> str:
        times = round(chance * 100)
        if not times:
            return _("Chance alone makes one as strong less than once in 100 shuffles.")
        said = ngettext(
            "Chance alone makes one as strong once in 100 shuffles.",
            "Chance alone makes one as strong %(n)d times in 100 shuffles.",
            times,
        )
        return said % {"n": times}

    @property
    def small_print(self) -> str:
        """How much stands behind the finding."""
        if self.correlation is None or self.chance is None:
            return _("%(n)d members who show both; there is no order in them to compare.") % {"n": self.n}
        said = _("%(n)d members who show both, rank correlation %(r)s. %(chance)s") % {
            "n": self.n,
            "r": f"{self.correlation:+.2f}",
            "chance": self._chance_in_words(self.chance),
        }
        if self.n < LEAST_TO_SAY:
            said += " " + _("So few members cannot show more than chance.")
        return said


def plays_and_stars(album: Album, viewer: Viewer, *, now: datetime, week: Week | None = None) -> PlaysAndStars | None:
    """Of the week's ratings, or of all of the album's (a member's newest); None below five members.

    A member is in it whose rating, page and listens the viewer may read, and who has played any of it; five queries.
    """
    rows = Rating.objects.standing().visible_to(viewer).filter(album=album)
    if week is not None:
        rows = rows.filter(week=week)
    rows = rows.filter(user__in=members_together(viewer).filter(listener__n_listens__gt=0))
    newest = {row.user_id: row for row in rows.select_related("user").order_by("updated_at", "pk")}
    if len(newest) < LEAST:
        return None
    heard = heard_by(album, songs_of(album), list(newest), until=now)
    points = [Point(row.user, heard[pk].n_plays, row.half_stars) for pk, row in newest.items() if pk in heard]
    if len(points) < LEAST:
        return None
    points.sort(key=lambda each: (-each.n_plays, -each.half_stars, each.member.handle))
    correlation, chance = linked([each.n_plays for each in points], [each.half_stars for each in points])
    return PlaysAndStars(tuple(points), correlation, chance)


def linked(one: Sequence[float], other: Sequence[float]) -> tuple[float | None, float | None]:
    """Spearman's rank correlation (-1 to 1), and the share of shuffles with one at least as strong.

    Both of one length >= 2; ties share their mean rank. (None, None) where either does not vary.
    """
    a, b = ranks(one), ranks(other)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    if scale == 0:
        return None, None
    found = float(a @ b) / scale
    shuffled = np.random.default_rng(0).permuted(np.tile(b, (N_SHUFFLES, 1)), axis=1) @ a / scale
    chance = (1 + int(np.count_nonzero(np.abs(shuffled) >= abs(found) - 1e-9))) / (1 + N_SHUFFLES)
    return found, chance


def ranks(values: Sequence[float]) -> NDArray[np.float64]:
    """From 1 for the smallest; equal ones share the mean of their ranks."""
    given = np.asarray(values, np.float64)
    below = (given[:, None] > given[None, :]).sum(axis=1)
    equal = (given[:, None] == given[None, :]).sum(axis=1)
    shared: NDArray[np.float64] = below + (equal + 1) / 2
    return shared

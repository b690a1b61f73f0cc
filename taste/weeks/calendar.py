"""ISO weeks of a zone as whole numbers, for many moments at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from listening.figures.ranges import midnight
from taste.iso_weeks import A_WEEK, monday_of

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Week after week from `first` (a Monday), empty ones included; `n` of them."""

    first: date
    n: int

    def monday(self, place: int) -> date:
        return self.first + int(place) * A_WEEK

    def place(self, monday: date) -> int:
        """0 for `first`; below 0 or from `n` on where it lies outside."""
        return (monday - self.first).days // 7


def number(seconds: Ints, zone: ZoneInfo) -> tuple[Weeks, Ints]:
    """The weeks from the first moment to the last, and the place of each moment's week among them.

    seconds: shape (n,), Unix time, ascending. A week begins on Monday at its first local moment, so that one in which
    the clocks change has an hour more or less. No moments give no weeks.
    """
    if not len(seconds):
        return Weeks(date(1970, 1, 5), 0), np.zeros(0, np.int64)
    ends = [datetime.fromtimestamp(int(each), UTC).astimezone(zone).date() for each in (seconds[0], seconds[-1])]
    first = monday_of(ends[0])
    n = (monday_of(ends[1]) - first).days // 7 + 1
    begins = [int(midnight(first + place * A_WEEK, zone).timestamp()) for place in range(1, n)]
    return Weeks(first, n), np.searchsorted(np.array(begins, np.int64), seconds, side="right").astype(np.int64)

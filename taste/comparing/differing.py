"""Albums that two members rate apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from taste.comparing.together import Rated

LEAST_APART = 2  # half stars
N_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """Stars of both; by: how many more a gave."""

    album_id: int
    a: float
    b: float

    @property
    def by(self) -> float:
        return self.a - self.b


def differences(rated: Iterable[Rated]) -> list[Difference]:
    """Those at least a star apart, the widest first; of equal ones where the club stands farther from one of them."""
    apart = [each for each in rated if abs(each.a - each.b) >= LEAST_APART]

    def alone(each: Rated) -> float:
        return max(abs(each.a / 2 - each.others), abs(each.b / 2 - each.others)) if each.others is not None else 0.0

    widest = sorted(apart, key=lambda each: (-abs(each.a - each.b), -alone(each), each.album_id))
    return [Difference(each.album_id, each.a / 2, each.b / 2) for each in widest[:N_SHOWN]]

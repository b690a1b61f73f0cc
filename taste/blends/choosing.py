"""Which tracks of two members make a list, in which shares. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p, sqrt
from typing import Literal

Origin = Literal["a", "b", "both", "new"]

AIM, MOST, LEAST = 50, 60, 10
A_SHARED_TRACK = 2  # plays of each from which on a track is both's; below, it is who plays it more
PER_ARTIST, PER_ARTIST_AT_MOST = 2, 4
UNKNOWN_FIT = 0.3
SHARES: Mapping[str, Mapping[Origin, float]] = {
    "even": {"both": 0.4, "a": 0.25, "b": 0.25, "new": 0.1},
    "a": {"both": 0.3, "a": 0.45, "b": 0.15, "new": 0.1},
    "b": {"both": 0.3, "a": 0.15, "b": 0.45, "new": 0.1},
    "new": {"both": 0.1, "a": 0.05, "b": 0.05, "new": 0.8},
}
WHEN_SHORT: Sequence[Origin] = ("both", "a", "b", "new")  # who fills what another share lacks, in turn


@dataclass(frozen=True, slots=True)
class Candidate:
    """n_a, n_b: plays. fit_a, fit_b: 0 to 1, how well it suits who does not play it; None where nobody knows."""

    track: int
    artist: int
    n_a: int
    n_b: int
    fit_a: float | None = None
    fit_b: float | None = None

    @property
    def origin(self) -> Origin:
        """Whose it is: both's where both play it more than once, or each once; new where neither does."""
        if not (self.n_a or self.n_b):
            return "new"
        if min(self.n_a, self.n_b) >= A_SHARED_TRACK or self.n_a == self.n_b:
            return "both"
        return "a" if self.n_a > self.n_b else "b"

    @property
    def worth(self) -> float:
        """How much it speaks for the list, within its origin. Plays count by their logarithm."""
        a, b = log1p(self.n_a), log1p(self.n_b)
        fit_a = UNKNOWN_FIT if self.fit_a is None else self.fit_a
        fit_b = UNKNOWN_FIT if self.fit_b is None else self.fit_b
        match self.origin:
            case "both":
                return sqrt(a * b)
            case "a":
                return a * (0.4 + 0.6 * fit_b)
            case "b":
                return b * (0.4 + 0.6 * fit_a)
        return sqrt(fit_a * fit_b)


def choose(candidates: Sequence[Candidate], lean: str, *, aim: int = AIM) -> list[Candidate]:
    """At most `aim` of them, the best of each origin by the shares of `lean` (a key of SHARES); [] below LEAST.

    An artist stands at most twice, four times where the list would be short. What one share lacks the others fill in
    turn. Ties go to the lower id, so that the same plays give the same list.
    """
    ranked = sorted(candidates, key=lambda each: (-each.worth, each.track))
    quota = quotas(lean, aim)
    chosen: list[Candidate] = []
    for per_artist in (PER_ARTIST, PER_ARTIST_AT_MOST):
        for fills in (False, True):
            _take(ranked, chosen, quota, aim=aim, per_artist=per_artist, fills=fills)
    return chosen if len(chosen) >= LEAST else []


def quotas(lean: str, aim: int) -> dict[Origin, int]:
    """How many of each origin; what rounding leaves is both's."""
    found: dict[Origin, int] = {origin: int(aim * share) for origin, share in SHARES[lean].items()}
    found["both"] += aim - sum(found.values())
    return found


def _take(
    ranked: Sequence[Candidate],
    chosen: list[Candidate],
    quota: Mapping[Origin, int],
    *,
    aim: int,
    per_artist: int,
    fills: bool,
) -> None:
    """Add to `chosen` what quota and artist allow; fills: beyond the quotas, one of each origin in turn."""
    by_artist = Counter(each.artist for each in chosen)
    n_of = Counter(each.origin for each in chosen)
    is_in = {each.track for each in chosen}
    left = {origin: [each for each in ranked if each.origin == origin] for origin in WHEN_SHORT}

    def next_of(origin: Origin) -> bool:
        for each in left[origin]:
            if each.track not in is_in and by_artist[each.artist] < per_artist:
                chosen.append(each)
                is_in.add(each.track)
                by_artist[each.artist] += 1
                n_of[origin] += 1
                return True
        return False

    if not fills:
        for origin in WHEN_SHORT:
            while n_of[origin] < quota[origin] and len(chosen) < aim and next_of(origin):
                pass
        return
    while len(chosen) < aim:
        if not [origin for origin in WHEN_SHORT if len(chosen) < aim and next_of(origin)]:
            return

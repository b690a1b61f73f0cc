"""What a week's axes are beside the weeks before it. Pure: rows' JSON in, levels out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

N_BASELINE = 26  # weeks: half a year, so a season does not hide the next one
FEW_WEEKS = 4  # below so many weeks with a value there is no baseline
RADAR = ("energy", "valence", "danceability", "tempo", "acousticness", "instrumentalness")
SLOWEST, FASTEST = 60.0, 180.0  # BPM: the middle and the rim of the radar's spoke for tempo
WEAK = 0.35  # of confidence: below it the pages call the evidence weak

Axes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Level:
    """mean: of the plays, in the axis's unit. sd: of the weeks' means. n: plays; n_weeks: weeks; confidence: 0 to 1."""

    mean: float
    sd: float
    n: int
    n_weeks: int
    confidence: float

    @property
    def is_weak(self) -> bool:
        return self.confidence < WEAK


def level(weeks: Sequence[Axes], axis: str) -> Level | None:
    """One axis over several weeks, each play counting once; None where no week has a value.

    sd is the spread of the weeks' means about their own mean (n - 1), 0 for a single week.
    """
    known = [
        week[axis] for week in weeks if axis in week and week[axis].get("n") and week[axis].get("mean") is not None
    ]
    n = sum(int(each["n"]) for each in known)
    if not n:
        return None
    mean = sum(each["mean"] * each["n"] for each in known) / n
    confidence = sum((each.get("confidence") or 0.0) * each["n"] for each in known) / n
    middle = sum(each["mean"] for each in known) / len(known)
    squares = sum((each["mean"] - middle) ** 2 for each in known)
    sd = math.sqrt(squares / (len(known) - 1)) if len(known) > 1 else 0.0
    return Level(float(mean), sd, n, len(known), float(confidence))


def levels(weeks: Sequence[Axes], axes: Sequence[str] = RADAR) -> dict[str, Level]:
    """Each axis that has a value."""
    return {axis: found for axis in axes if (found := level(weeks, axis))}


def shown(axis: str, value: float) -> float:
    """0 to 1 on a radar's spoke; tempo from 60 to 180 BPM."""
    if axis == "tempo":
        return min(max((value - SLOWEST) / (FASTEST - SLOWEST), 0.0), 1.0)
    return min(max(value, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """How far an axis lies from its baseline; sds: in standard deviations of the baseline's weeks, signed."""

    axis: str
    now: Level
    base: Level
    sds: float

    @property
    def is_weak(self) -> bool:
        return self.now.is_weak or self.base.is_weak


def moved(now: Mapping[str, Level], base: Mapping[str, Level]) -> list[Moved]:
    """Farthest first; only against a baseline of some weeks that differ at all."""
    found = [
        Moved(axis, here, base[axis], (here.mean - base[axis].mean) / base[axis].sd)
        for axis, here in now.items()
        if axis in base and base[axis].n_weeks >= FEW_WEEKS and base[axis].sd > 0
    ]
    return sorted(found, key=lambda each: (-abs(each.sds), each.axis))


def mood_totals(weeks: Sequence[tuple[Mapping[str, float], int]]) -> dict[str, float]:
    """Shares of moods over several weeks. weeks: each week's shares and its plays, which they are weighed by.

    Weeks without shares are passed over; without any, nothing.
    """
    total = sum(n for shares, n in weeks if shares)
    sums: dict[str, float] = {}
    for shares, n in weeks:
        for mood, share in shares.items():
            sums[mood] = sums.get(mood, 0.0) + share * n
    return {mood: amount / total for mood, amount in sums.items()} if total else {}

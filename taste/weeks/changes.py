"""From which week on a level lies elsewhere. Pure.

A two-sided CUSUM (Page 1954, https://doi.org/10.1093/biomet/41.1-2.100) runs over a series of weeks in units of the
spread of a baseline of 26 weeks, with slack k = 0.5. Its threshold is not a constant: h = 5, the textbook's, rings in
half of all flat series of three years, because a baseline of 26 weeks knows its own level and spread only roughly. So h
is found for each baseline by drawing flat series from it in blocks of neighbouring weeks (Künsch 1989,
https://doi.org/10.1214/aos/1176347265), so that what hangs together from week to week still does, and judging each by
a baseline of its own: a year of them must ring in at most one case of ten.

After an alarm the change is dated back to where the sum last stood at 0, and all begins anew from there. A second,
retrospective search (least squares with a penalty, Killick, Fearnhead and Eckley 2012,
https://doi.org/10.1080/01621459.2012.737745) looks at the series as a whole; an alarm with one of its breaks within six
weeks is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taste.weeks.sums import Floats

BASELINE, A_YEAR = 26, 52
SLACK = 0.5
RATE = 0.10  # false alarms a year
BLOCK, N_DRAWN, SEED = 4, 400, 5
LEAST_H, MOST_H = 5.0, 30.0
PENALTY = 3.0
SHORTEST = 4  # weeks between two breaks
NEAR = 6  # weeks between an alarm and a break that confirms it
TO_SD = 1.4826  # the median absolute deviation of a normal distribution times this is its standard deviation
FINEST = 1e-3  # what varies less than this is as good as constant


@dataclass(frozen=True, slots=True)
class Change:
    """at: place of the first week of the new level. alarm: place of the week that gave it away.

    before, after: the baseline's median, and the median of up to 26 weeks from `at` on (from the break on where one
    confirms it, for the sum often leaves 0 a few weeks early). sds: how far apart, in standard deviations of the
    baseline; below 0: down. threshold: the h that was passed.
    """

    at: int
    alarm: int
    before: float
    after: float
    sds: float
    threshold: float
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    at: int
    alarm: int
    is_up: bool
    threshold: float
    median: float
    sd: float


def changes(values: Floats, *, seed: int = SEED) -> list[Change]:
    """Changes in a series, in order. values: shape (n,), a value a week, gaps left out; fewer than 27: none.

    The same values and seed give the same changes, and a longer series the same alarms as far as the shorter went.
    """
    found = alarms(values, seed=seed)
    if not found:
        return []
    ends = breaks(values)
    told = []
    for place, alarm in enumerate(found):
        near = min(
            (end for end in ends if abs(alarm.at - end) <= NEAR), key=lambda end: abs(alarm.at - end), default=None
        )
        begin = alarm.at if near is None else max(alarm.at, near)
        until = min(begin + BASELINE, found[place + 1].at if place + 1 < len(found) else len(values))
        after = float(np.median(values[begin : max(until, begin + 1)]))
        told.append(
            Change(
                at=alarm.at,
                alarm=alarm.alarm,
                before=alarm.median,
                after=after,
                sds=(after - alarm.median) / alarm.sd,
                threshold=alarm.threshold,
                is_confirmed=near is not None,
            )
        )
    return told


def alarms(values: Floats, *, seed: int = SEED) -> list[Alarm]:
    """What the CUSUM rings for, restarting after each."""
    found: list[Alarm] = []
    start = 0
    while start + BASELINE < len(values):
        baseline = values[start : start + BASELINE]
        middle, spread = level(baseline[None])
        median, sd = float(middle[0]), float(spread[0])
        h = threshold(baseline, seed=seed)
        upper, lower = sums((values[None, start + BASELINE :] - median) / sd)
        rings = np.flatnonzero((upper[0] > h) | (lower[0] > h))
        if not len(rings):
            break
        ring = int(rings[0])
        is_up = bool(upper[0, ring] > h)
        run = (upper if is_up else lower)[0, : ring + 1]
        zeros = np.flatnonzero(run <= 0)
        at = start + BASELINE + (int(zeros[-1]) + 1 if len(zeros) else 0)
        found.append(Alarm(at, start + BASELINE + ring, is_up, h, median, sd))
        start = at
    return found


def level(baselines: Floats) -> tuple[Floats, Floats]:
    """Median and robust standard deviation of each row. baselines: shape (m, n), n > 0. Returns shapes (m,), (m,)."""
    median = np.median(baselines, axis=1)
    sd = TO_SD * np.median(np.abs(baselines - median[:, None]), axis=1)
    return median, np.maximum(sd, FINEST)


def sums(standard: Floats) -> tuple[Floats, Floats]:
    """The upper and the lower sum after each value. standard: shape (m, n), in standard deviations. Returns the same.

    max(0, S + x − k) step by step is the running sum less its lowest point so far, 0 included: no loop is needed.
    """

    def one_sided(steps: Floats) -> Floats:
        running = np.cumsum(steps, axis=1)
        return running - np.minimum(np.minimum.accumulate(running, axis=1), 0)

    return one_sided(standard - SLACK), one_sided(-standard - SLACK)


def threshold(baseline: Floats, *, seed: int = SEED) -> float:
    """The h that flat series drawn from this baseline pass within a year in at most one case of ten.

    baseline: shape (26,). Each drawn series is judged by its own first 26 weeks, as the real one is.
    """
    generator = np.random.default_rng(seed)
    n_blocks = -(-(BASELINE + A_YEAR) // BLOCK)
    begins = generator.integers(0, len(baseline), (N_DRAWN, n_blocks))
    places = (begins[:, :, None] + np.arange(BLOCK)) % len(baseline)
    drawn = baseline[places].reshape(N_DRAWN, -1)[:, : BASELINE + A_YEAR]
    median, sd = level(drawn[:, :BASELINE])
    upper, lower = sums((drawn[:, BASELINE:] - median[:, None]) / sd[:, None])
    highest = np.maximum(upper.max(axis=1), lower.max(axis=1))
    return float(np.clip(np.quantile(highest, 1 - RATE), LEAST_H, MOST_H))


def breaks(values: Floats) -> list[int]:
    """Places where a new level begins, by least squares with a penalty of 3 ln n for each; in order.

    values: shape (n,); fewer than 8 have none. In units of the robust spread of the steps from value to value, which
    no shift of the level touches; where neighbours hang together that would be too small, so the spread within the
    found parts is taken when it is larger.
    """
    n = len(values)
    if n < 2 * SHORTEST:
        return []
    steps = np.diff(values)
    sd = max(float(TO_SD * np.median(np.abs(steps - np.median(steps))) / np.sqrt(2)), FINEST)
    found = _partition(values / sd)
    parts = np.split(values, found)
    within = float(TO_SD * np.median(np.abs(np.concatenate([part - np.median(part) for part in parts]))))
    return _partition(values / within) if within > sd else found


def _partition(values: Floats) -> list[int]:
    """Optimal partitioning: the best last break before each place, from the best of all earlier ones."""
    n = len(values)
    values = values - values.mean()  # the sums below stay small, and so does what is lost in their differences
    ones = np.concatenate([[0.0], np.cumsum(values)])
    squares = np.concatenate([[0.0], np.cumsum(values**2)])
    penalty = PENALTY * np.log(n)
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(n + 1, np.int64)
    for end in range(SHORTEST, n + 1):
        begin = np.arange(0, end - SHORTEST + 1)
        cost = squares[end] - squares[begin] - (ones[end] - ones[begin]) ** 2 / (end - begin)
        whole: npt.NDArray[np.float64] = best[begin] + cost + penalty
        last[end] = int(np.argmin(whole))
        best[end] = whole[last[end]]
    found, end = [], n
    while last[end]:
        end = int(last[end])
        found.append(end)
    return found[::-1]

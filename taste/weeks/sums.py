"""Counting and averaging many weeks at once. Pure.

A pair is a week and what was heard in it: rows of `weeks` (place, ascending), `things` (place) and `counts` (plays).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taste.weeks.calendar import Ints

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Columns of equal length, by week and thing, each pair once."""

    weeks: Ints
    things: Ints
    counts: Ints

    def of(self, weeks: npt.NDArray[np.bool_]) -> Pairs:
        """Those whose week is chosen; weeks: shape (n_weeks,)."""
        kept = weeks[self.weeks]
        return Pairs(self.weeks[kept], self.things[kept], self.counts[kept])

    def grouped(self, things: Ints) -> Pairs:
        """Pairs of what the things belong to. things: shape (n_things,), the group of each."""
        return paired(self.weeks, things[self.things], self.counts)

    def totals(self, n_weeks: int) -> Ints:
        """Plays of each week."""
        return np.bincount(self.weeks, self.counts, n_weeks).astype(np.int64)

    def numbers(self, n_weeks: int) -> Ints:
        """Different things of each week."""
        return np.bincount(self.weeks, minlength=n_weeks)


def paired(weeks: Ints, things: Ints, counts: Ints | None = None) -> Pairs:
    """Pairs with their plays. weeks, things: shape (n,), >= 0, in any order; counts: of each row, 1 where not given."""
    width = int(things.max(initial=0)) + 1
    if counts is None:
        keys, found = np.unique(weeks * width + things, return_counts=True)
    else:
        keys, at = np.unique(weeks * width + things, return_inverse=True)
        found = np.bincount(at, counts, len(keys))
    return Pairs(*np.divmod(keys, width), found.astype(np.int64))


def places(values: Ints) -> tuple[Ints, Ints]:
    """The different values, ascending, and the place of each row's value among them."""
    different, at = np.unique(values, return_inverse=True)
    return different, at.astype(np.int64)


def effective_number(pairs: Pairs, n_weeks: int) -> Floats:
    """How many equally heard things would be as varied as the week: exp of the Shannon entropy of their shares.

    1 for a single one, n for n heard equally often, 0 for a week without plays. Source: Hill 1973 (order 1),
    https://doi.org/10.2307/1934352.
    """
    totals = pairs.totals(n_weeks)
    shares = pairs.counts / np.maximum(totals[pairs.weeks], 1)
    entropy = -np.bincount(pairs.weeks, shares * np.log(shares), n_weeks)
    return np.where(totals > 0, np.exp(entropy), 0.0)


@dataclass(frozen=True, slots=True)
class Means:
    """Of one axis by week, each play counting once. mean, sd: NaN where n is 0; sd: of the plays, population's."""

    mean: Floats
    sd: Floats
    n: Ints


def means(pairs: Pairs, values: Floats, n_weeks: int) -> Means:
    """values: shape (n_things,), NaN where not known: such plays are left out."""
    given = values[pairs.things]
    known = ~np.isnan(given)
    weeks, given, counts = pairs.weeks[known], given[known], pairs.counts[known]
    n = np.bincount(weeks, counts, n_weeks)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(weeks, counts * given, n_weeks) / n
        spread = np.bincount(weeks, counts * (given - mean[weeks]) ** 2, n_weeks) / n
    return Means(mean, np.sqrt(spread), n.astype(np.int64))


def plain_means(pairs: Pairs, values: Floats, n_weeks: int) -> Floats:
    """The means alone; values: as for `means`. Shape (n_weeks,), NaN where no play has a value."""
    given = values[pairs.things]
    known = ~np.isnan(given)
    weeks, counts = pairs.weeks[known], pairs.counts[known]
    with np.errstate(invalid="ignore"):
        found: Floats = np.bincount(weeks, counts * given[known], n_weeks) / np.bincount(weeks, counts, n_weeks)
    return found


def weighted_rows(pairs: Pairs, rows: npt.NDArray[np.float32], places_of: Ints, n_weeks: int) -> tuple[Floats, Ints]:
    """The mean of the plays' rows by week, and of how many plays.

    rows: shape (n, d). places_of: shape (n_things,), the row of each thing, −1 where it has none. Returns shapes
    (n_weeks, d), zeros where no play has a row, and (n_weeks,).
    """
    at = places_of[pairs.things]
    known = at >= 0
    weeks, at, counts = pairs.weeks[known], at[known], pairs.counts[known].astype(np.float64)
    n = np.bincount(weeks, counts, n_weeks).astype(np.int64)
    ends = np.searchsorted(weeks, np.arange(n_weeks + 1))
    found = np.zeros((n_weeks, rows.shape[1]))
    for week in np.flatnonzero(n):  # one small product a week: all at once would hold every play's row
        some = slice(ends[week], ends[week + 1])
        found[week] = counts[some] @ rows[at[some]] / n[week]
    return found, n

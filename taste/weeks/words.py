"""What a week is called: the tags that stand out against the 26 weeks before. Pure.

Each play has the tags of its track, its album and its artist, by weight (the highest of the three; 1 is full). A tag
leads when its log-odds in the week lie far above those of the baseline, in standard errors, under a prior of ten plays
with the tags of both together: Monroe, Colaresi and Quinn 2008, "Fightin' Words", https://doi.org/10.1093/pan/mpn018.
The prior keeps a tag that was heard once from leading; a plain quotient of shares would put it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from taste.weeks.calendar import Ints
from taste.weeks.sums import Floats, Pairs

BASELINE_WEEKS = 26
PRIOR_PLAYS, TO_ALL = 10.0, 0.5
N_WORDS = 6
LEAST_SHARE, LEAST_PLAYS = 0.05, 2.0
LEAST_BASELINE = 20  # tagged plays; with fewer a week's words are simply its commonest
A_BLOCK = 32  # weeks in one table of weeks by tags


@dataclass(frozen=True, slots=True)
class Word:
    """tag: its place among the tags. share: of the week's tagged plays. lift: that over the baseline's, both smoothed;
    1 where the baseline is too short to compare with. z: standard errors above the baseline.
    """

    tag: int
    share: float
    lift: float
    z: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """Tags of things as rows: thing (ascending), tag (place), weight 0 to 1; each pair once."""

    things: Ints
    tags: Ints
    weights: Floats

    def bounds(self, n_things: int) -> Ints:
        """Where the rows of each thing begin; shape (n_things + 1,)."""
        return np.searchsorted(self.things, np.arange(n_things + 1)).astype(np.int64)


def leading(
    pairs: Pairs, tagged: Tagged, wanted: Ints, *, n_weeks: int, n_tags: int, n_things: int
) -> list[list[Word]]:
    """The leading words of the wanted weeks (places, ascending), strongest first.

    pairs: all plays, the weeks before the wanted ones included. Weeks without tagged plays have no words.
    """
    bounds = tagged.bounds(n_things)
    has_tags = (bounds[1:] > bounds[:-1])[pairs.things]
    totals = np.bincount(pairs.weeks[has_tags], pairs.counts[has_tags], n_weeks).astype(np.float64)
    found: list[list[Word]] = []
    start = 0
    while start < len(wanted):
        first = int(wanted[start])
        end = int(np.searchsorted(wanted, first + A_BLOCK))
        block = wanted[start:end]
        floor = max(first - BASELINE_WEEKS, 0)
        table = _table(pairs, tagged, bounds, floor, int(block[-1]) + 1, n_tags)
        sums = np.concatenate([np.zeros((1, n_tags)), np.cumsum(table, axis=0)])
        sizes = np.concatenate([[0.0], np.cumsum(totals[floor : int(block[-1]) + 1])])
        at = block - floor
        since = np.maximum(block - BASELINE_WEEKS, floor) - floor
        words = _stand_out(table[at], totals[block], sums[at] - sums[since], sizes[at] - sizes[since])
        found.extend(words)
        start = end
    return found


def _table(pairs: Pairs, tagged: Tagged, bounds: Ints, first: int, end: int, n_tags: int) -> Floats:
    """Plays by week (from `first` to before `end`) and tag, by weight."""
    some = slice(*np.searchsorted(pairs.weeks, (first, end)))
    weeks, things, counts = pairs.weeks[some] - first, pairs.things[some], pairs.counts[some]
    lengths = bounds[things + 1] - bounds[things]
    rows = np.repeat(bounds[things] - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
    keys = np.repeat(weeks, lengths) * n_tags + tagged.tags[rows]
    plays = np.repeat(counts, lengths) * tagged.weights[rows]
    table = np.bincount(keys, plays, (end - first) * n_tags).astype(np.float64)  # whole numbers where nothing was heard
    return table.reshape(end - first, n_tags)


def _stand_out(here: Floats, n_here: Floats, there: Floats, n_there: Floats) -> list[list[Word]]:
    """here, there: shape (n, n_tags), plays with each tag in the week and in its baseline; n_…: shape (n,), tagged."""
    there = np.maximum(there, 0.0)  # differences of running sums may fall a hair below
    n_here, n_there = n_here[:, None], n_there[:, None]
    prior = PRIOR_PLAYS * (here + there) / np.maximum(n_here + n_there, 1) + TO_ALL
    whole = PRIOR_PLAYS + 2 * TO_ALL
    up, down = here + prior, there + prior
    odds = np.log(up / (n_here + whole - up)) - np.log(down / (n_there + whole - down))
    z = odds / np.sqrt(1 / up + 1 / down)
    share = here / np.maximum(n_here, 1)
    lift = (up / (n_here + whole)) / (down / (n_there + whole))
    is_short = n_there < LEAST_BASELINE
    rank = np.where(is_short, share, z)
    rank[(share < LEAST_SHARE) | (here < np.minimum(LEAST_PLAYS, n_here)) | (rank <= 0)] = -np.inf
    found = []
    for row, short in zip(range(len(here)), is_short[:, 0], strict=True):
        best = np.argsort(-rank[row], kind="stable")[:N_WORDS]
        found.append(
            [
                Word(int(tag), float(share[row, tag]), 1.0 if short else float(lift[row, tag]), float(z[row, tag]))
                for tag in best
                if np.isfinite(rank[row, tag])
            ]
        )
    return found


def sentence(words: Sequence[dict[str, object]], *, n: int = 3) -> str:
    """A week's stored words as a person says them: “Dub, trip hop and downtempo.”; empty without words."""
    names = [str(each["word"]) for each in words[:n]]
    if not names:
        return ""
    said = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{said[0].upper()}{said[1:]}."

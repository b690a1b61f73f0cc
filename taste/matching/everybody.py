"""All pairs at once, by columns: the same scores as `judging.judge`, without its reasons. Pure, apart from its types.

Memory: one row of scores at a time, and what each member has; never members × members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from taste.matching import curves, measures
from taste.matching.judging import EVIDENCE_OF_A_RATING, LEAST_ARTISTS, LEAST_RATED, LEAST_RATED_TO_COUNT
from taste.matching.tastes import Scales, Taste

Numbers = NDArray[np.float64]


def rows_of_scores(tastes: Sequence[Taste], weights: Mapping[int, float], scales: Scales) -> Iterator[Numbers]:
    """For each member in order, their score with every member, shape (n_members,); NaN where there is too little.

    The place of the member itself is NaN. Scores are those of `curves.score`, not rounded.
    """
    n = len(tastes)
    artists = Sparse([_weighted(each.artists, weights) for each in tastes])
    ratings = Sparse([{album: float(half) for album, half in each.ratings.items()} for each in tastes])
    n_artists = np.array([len(each.artists) for each in tastes])
    genres, has_genres = _unit_rows([each.genres for each in tastes])
    sounds = Sounds(tastes, scales)
    for place in range(n):
        least = np.minimum(n_artists[place], n_artists)
        n_rated, apart = ratings.differences(place)
        standings = {
            "artists": (curved("artists", artists.ruzicka(place)), least >= LEAST_ARTISTS),
            "genres": (
                curved("genres", np.clip(genres @ genres[place], 0, 1)),
                has_genres & has_genres[place] & (least >= LEAST_ARTISTS),
            ),
            "profile": (curved("profile", np.exp(-(distance := sounds.from_member(place)))), ~np.isnan(distance)),
            "ratings": (curved("ratings", 1 - apart / 8), n_rated >= LEAST_RATED_TO_COUNT),
        }
        total, whole = np.zeros(n), np.zeros(n)
        for name, (standing, exists) in standings.items():
            total += np.where(exists, curves.WEIGHTS[name] * standing, 0)
            whole += np.where(exists, curves.WEIGHTS[name], 0)
        mean = np.divide(total, whole, out=np.full(n, curves.MEDIAN), where=whole > 0)
        evidence = least + EVIDENCE_OF_A_RATING * n_rated
        drawn = curves.MEDIAN + (mean - curves.MEDIAN) * evidence / (evidence + curves.HALF_TRUST)
        found = along(curves.SCORES, drawn)
        found[(whole == 0) | ((least < LEAST_ARTISTS) & (n_rated < LEAST_RATED))] = np.nan
        found[place] = np.nan
        yield found


def curved(name: str, values: Numbers) -> Numbers:
    return along(curves.TERM_CURVES[name], values)


def along(curve: curves.Curve, values: Numbers) -> Numbers:
    places, heights = zip(*curve, strict=True)
    found: Numbers = np.interp(values, np.array(places, np.float64), np.array(heights, np.float64))
    return found


class Sparse:
    """Members' numbers by thing, both ways round: what a member has, and who has a thing."""

    def __init__(self, rows: Sequence[Mapping[int, float]]) -> None:
        self.n = len(rows)
        things = {thing: place for place, thing in enumerate(sorted({thing for row in rows for thing in row}))}
        self.members = np.repeat(np.arange(self.n), [len(row) for row in rows])
        self.things = np.array([things[thing] for row in rows for thing in row], dtype=np.int64)
        self.values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
        self.ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        self.order = np.argsort(self.things, kind="stable")
        self.starts = np.searchsorted(self.things[self.order], np.arange(len(things) + 1))
        self.sums = np.bincount(self.members, self.values, self.n)

    def _others(self, place: int) -> tuple[NDArray[np.int64], Numbers, Numbers]:
        """Who else has what this member has, with the number of each."""
        mine = slice(self.ends[place], self.ends[place + 1])
        things, values = self.things[mine], self.values[mine]
        lengths = self.starts[things + 1] - self.starts[things]
        begins = np.repeat(self.starts[things] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        at = self.order[begins + np.arange(lengths.sum())]
        return self.members[at], self.values[at], np.repeat(values, lengths)

    def ruzicka(self, place: int) -> Numbers:
        """Sum of minima over sum of maxima with each member, 0 where both have nothing."""
        if self.ends[place] == self.ends[place + 1]:
            return np.zeros(self.n)
        others, theirs, mine = self._others(place)
        both = np.bincount(others, np.minimum(theirs, mine), self.n)
        every = self.sums + self.sums[place] - both
        found: Numbers = np.divide(both, every, out=np.zeros(self.n), where=every > 0)
        return found

    def differences(self, place: int) -> tuple[NDArray[np.int64], Numbers]:
        """With each member: how many things both have, and the mean difference there (8, the most, without any)."""
        if self.ends[place] == self.ends[place + 1]:
            return np.zeros(self.n, np.int64), np.full(self.n, 8.0)
        others, theirs, mine = self._others(place)
        n_both = np.bincount(others, minlength=self.n)
        apart = np.bincount(others, np.abs(theirs - mine), self.n)
        return n_both, np.divide(apart, n_both, out=np.full(self.n, 8.0), where=n_both > 0)


class Sounds:
    """How far apart members sound: by axes, by vectors of one model; the mean where both are known."""

    def __init__(self, tastes: Sequence[Taste], scales: Scales) -> None:
        self.axes = np.array([[each.axes.get(axis, np.nan) for axis in measures.AXES] for each in tastes])
        self.axes = self.axes.reshape(len(tastes), len(measures.AXES))
        self.has = ~np.isnan(self.axes)
        self.patterns = self.has @ (1 << np.arange(len(measures.AXES)))
        self.groups: list[tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.int64]]] = []
        for model, scale in sorted(scales.items()):
            of_model = {
                place: each.embedding / scale / measures.EMBEDDING_SPREAD
                for place, each in enumerate(tastes)
                if each.model == model and each.embedding is not None and each.embedding.shape == scale.shape
            }
            if of_model:
                places = np.array(list(of_model))
                member = np.zeros(len(tastes), bool)
                member[places] = True
                self.groups.append((member, np.array(list(of_model.values()), np.float32), places))

    def from_member(self, place: int) -> Numbers:
        """Distance to each member, NaN where neither axes nor vectors can tell."""
        total, n = np.zeros(len(self.axes)), np.zeros(len(self.axes))
        for pattern in np.unique(self.patterns & self.patterns[place]):
            both = [axis for axis in range(len(measures.AXES)) if pattern >> axis & 1]
            if len(both) < measures.LEAST_AXES:
                continue
            others = np.flatnonzero((self.patterns & self.patterns[place]) == pattern)
            apart = self.axes[np.ix_(others, np.array(both))] - self.axes[place, both]
            solved = np.linalg.solve(measures.covariance(both), apart.T).T
            total[others] += np.sqrt(np.maximum((apart * solved).sum(axis=1), 0) / len(both))
            n[others] += 1
        for member, rows, places in self.groups:
            if member[place]:
                own = rows[np.searchsorted(places, place)]
                total[places] += np.sqrt(np.mean((rows - own) ** 2, axis=1, dtype=np.float64))
                n[places] += 1
        found: Numbers = np.divide(total, n, out=np.full(len(total), np.nan), where=n > 0)
        return found


def _weighted(plays: Mapping[int, int], weights: Mapping[int, float]) -> dict[int, float]:
    return {artist: weights.get(artist, 1.0) * share for artist, share in measures.root_shares(plays).items()}


def _unit_rows(mixes: Sequence[Mapping[str, float]]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Mixes as rows of length 1, shape (n, n_genres), and who has one at all."""
    names = {name: place for place, name in enumerate(sorted({name for mix in mixes for name in mix}))}
    rows = np.zeros((len(mixes), len(names)), np.float32)
    for place, mix in enumerate(mixes):
        for name, share in mix.items():
            rows[place, names[name]] = share
    lengths = np.linalg.norm(rows, axis=1)
    np.divide(rows, lengths[:, None], out=rows, where=lengths[:, None] > 0)
    return rows, lengths > 0

"""The club's arithmetic. Pure: plain values in, frozen values out; no Django.

Ratings come as half-stars (2 to 10) and leave as stars (1.0 to 5.0). People and weeks are ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import median
from typing import Generic, NamedTuple, TypeVar

N_BINS = 9  # 1.0, 1.5, … 5.0
DIVIDED_AT_LEAST = 5  # ratings, before their spread says anything
RATER_AT_LEAST = 5  # ratings, before a member is called kind or hard
FAVOURITE_AT_LEAST = 2  # ratings of a genre, decade or country, before it can be somebody's favourite
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """count; mean and population standard deviation in stars, None without ratings; counts of 1.0, 1.5, … 5.0."""

    count: int
    mean: float | None
    sd: float | None
    histogram: tuple[int, ...]


def describe(half_stars: Sequence[int]) -> RatingFigures:
    """Figures of ratings, from exact integer sums, so that any order gives the same floats.

    half_stars: each 2..10. Empty: count 0, mean and sd None, nine zeros. Raises ValueError outside the range.
    sd is the population's: sqrt(mean of squared deviations), 0.0 for one rating.
    """
    histogram = [0] * N_BINS
    for value in half_stars:
        if not 2 <= value <= 10:
            raise ValueError(f"A rating has 2 to 10 half-stars, not {value}.")
        histogram[value - 2] += 1
    n = len(half_stars)
    if n == 0:
        return RatingFigures(0, None, None, tuple(histogram))
    total, squares = sum(half_stars), sum(value * value for value in half_stars)
    return RatingFigures(n, total / n / 2, sqrt(n * squares - total * total) / n / 2, tuple(histogram))


def shrunk(mean: float, count: float, *, prior: float, weight: float) -> float:
    """(v·R + m·C) / (v + m): a mean drawn towards what is usual, the more the fewer values it rests on.

    mean R, of `count` v values (>= 0); prior C, worth `weight` m values (>= 0). Between R and C; C for count 0 or
    v + m = 0. Source: the "true Bayesian estimate" of film charts.
    """
    total = count + weight
    return (count * mean + weight * prior) / total if total > 0 else prior


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Key]):
    """place from 1; score: the shrunk mean by which places go; mean: the raw one. Stars."""

    key: Key
    place: int
    score: float
    mean: float
    count: int


class Usual(NamedTuple):
    """What is usual in the club: C, the mean of all ratings (stars), and m, the median number of ratings."""

    mean: float
    weight: float


def usual(rated: Iterable[tuple[int, float | None]]) -> Usual | None:
    """From (count, mean) of whatever has ratings; None where nothing has."""
    pairs = [(count, mean) for count, mean in rated if count > 0 and mean is not None]
    if not pairs:
        return None
    total = sum(count for count, _ in pairs)
    return Usual(fsum(count * mean for count, mean in pairs) / total, median(count for count, _ in pairs))


def ranked(figures: Mapping[Key, RatingFigures], *, minimum: int) -> list[Ranked[Key]]:
    """What has at least `minimum` ratings, best shrunk mean first.

    C is the mean of all ratings given, m the median number of ratings of whatever has any. Equal scores: more ratings
    first, then the order of `figures`. Empty in, empty out.
    """
    rated = [(key, each.count, each.mean) for key, each in figures.items() if each.mean is not None]
    prior = usual((count, mean) for _, count, mean in rated)
    if prior is None:
        return []
    scored = [
        (shrunk(mean, count, prior=prior.mean, weight=prior.weight), count, mean, key)
        for key, count, mean in rated
        if count >= max(minimum, 1)
    ]
    scored.sort(key=lambda each: (-each[0], -each[1]))
    return [Ranked(key, place, score, mean, count) for place, (score, count, mean, key) in enumerate(scored, start=1)]


def most_divided(figures: Mapping[Key, RatingFigures], *, at_least: int = DIVIDED_AT_LEAST) -> list[Key]:
    """Keys by spread (sd), widest first; only with `at_least` ratings. Equal spread: more ratings first."""
    spread = [(each.sd, each.count, key) for key, each in figures.items() if each.sd is not None]
    wide = sorted((each for each in spread if each[1] >= at_least), key=lambda each: (-each[0], -each[1]))
    return [key for _, _, key in wide]


class Score(NamedTuple):
    """One member's rating in one week."""

    member_id: int
    week_id: int
    half_stars: int


class Difference(NamedTuple):
    """One member's rating of one week beside the mean of everybody else's; stars."""

    week_id: int
    own: float
    others: float

    @property
    def by(self) -> float:
        """Above 0 where the member liked it more than the others; -4.0 to 4.0."""
        return self.own - self.others


def differences(scores: Iterable[Score]) -> dict[int, list[Difference]]:
    """Per member, how each of their ratings stands to the mean of the others' of the same week.

    Weeks that one member alone rated are left out: there is nobody to differ from.
    """
    scores = list(scores)
    totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for score in scores:
        totals[score.week_id][0] += score.half_stars
        totals[score.week_id][1] += 1
    found: dict[int, list[Difference]] = defaultdict(list)
    for member_id, week_id, half_stars in scores:
        total, count = totals[week_id]
        if count > 1:
            others = (total - half_stars) / (count - 1) / 2
            found[member_id].append(Difference(week_id, half_stars / 2, others))
    return dict(found)


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a member rates: n comparable ratings; offset, the mean of own minus others' (stars, above 0 is kind);
    distance, the mean of its absolute value (stars, >= 0)."""

    n: int
    offset: float
    distance: float


def leaning(diffs: Sequence[Difference]) -> Leaning | None:
    """None without comparable ratings."""
    if not diffs:
        return None
    offset = fsum(each.by for each in diffs) / len(diffs)
    return Leaning(len(diffs), offset, fsum(abs(each.by) for each in diffs) / len(diffs))


class RaterStyle(NamedTuple):
    """What kind of rater somebody is, and the rule that says so."""

    name: str
    rule: str


def rater_style(lean: Leaning | None) -> RaterStyle:
    """One of six, by the first rule that holds."""
    if lean is None or lean.n < RATER_AT_LEAST:
        return RaterStyle("Newcomer", f"fewer than {RATER_AT_LEAST} ratings that others rated too")
    if lean.distance >= 1.0 and abs(lean.offset) < 0.4:
        return RaterStyle("Contrarian", "on average a whole star or more away from the others, in both directions")
    if lean.offset >= 0.4:
        return RaterStyle("Generous", "on average 0.4 stars or more above the others")
    if lean.offset <= -0.4:
        return RaterStyle("Strict", "on average 0.4 stars or more below the others")
    if lean.distance <= 0.5:
        return RaterStyle("In tune", "on average within half a star of the others")
    return RaterStyle(
        "Independent", "neither kinder nor harder than the others, and half a star or more away from them"
    )


@dataclass(frozen=True, slots=True)
class Streak:
    """Weeks in a row, the longest ever and the one that still runs (0 when the last week was missed)."""

    longest: int
    current: int


def streak(took_part: Iterable[bool]) -> Streak:
    """From oldest to newest week; nothing gives zeros."""
    longest = run = 0
    for was_there in took_part:
        run = run + 1 if was_there else 0
        longest = max(longest, run)
    return Streak(longest, run)


class GroupLine(NamedTuple):
    """One nomination's genre, decade or country; ratings only where it won."""

    name: str
    is_winner: bool
    half_stars: Sequence[int]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One genre, decade or country: nominations, wins, ratings of its winners and their mean (stars)."""

    name: str
    nominations: int
    wins: int
    n_ratings: int
    mean: float | None


def grouped(lines: Iterable[GroupLine]) -> list[GroupFigures]:
    """By most nominations, then most wins, then name; names that differ only in case are one, as first written."""
    names: dict[str, str] = {}
    members: dict[str, list[GroupLine]] = defaultdict(list)
    for line in lines:
        if key := line.name.strip().casefold():
            names.setdefault(key, line.name.strip())
            members[key].append(line)
    rows = []
    for key, group in members.items():
        figures = describe([value for line in group for value in line.half_stars])
        wins = sum(line.is_winner for line in group)
        rows.append(GroupFigures(names[key], len(group), wins, figures.count, figures.mean))
    return sorted(rows, key=lambda row: (-row.nominations, -row.wins, row.name.casefold()))


def favourite(rated: Mapping[str, Sequence[int]], *, at_least: int = FAVOURITE_AT_LEAST) -> tuple[str, float] | None:
    """The name (genre, decade, country) somebody rates best by shrunk mean, and its raw mean in stars.

    Names with fewer than `at_least` ratings do not count; None when none has that many.
    """
    best = ranked({name: describe(values) for name, values in rated.items() if name}, minimum=at_least)
    return (best[0].key, best[0].mean) if best else None

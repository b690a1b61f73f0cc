"""Two tastes to terms, a score and reasons. Pure, apart from the types that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taste.matching import measures
from taste.matching.curves import Term, score, term
from taste.matching.tastes import Scales, Taste

LEAST_ARTISTS = 10  # of each member
LEAST_RATED = 5  # by both: enough by themselves
LEAST_RATED_TO_COUNT = 3
EVIDENCE_OF_A_RATING = 5  # a rating says as much as this many artists
N_GENRES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """score is None where there is too little. artists, genres: what is shared, what contributes most first."""

    score: float | None
    terms: tuple[Term, ...]
    n_evidence: int
    artists: tuple[int, ...]
    genres: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]  # (term, sentence)
    n_rated: int = 0  # albums that both rated

    @property
    def is_enough(self) -> bool:
        return self.score is not None


def judge(a: Taste, b: Taste, weights: Mapping[int, float], scales: Scales) -> Judged:
    """How well two members match; the same whichever comes first.

    weights: what sharing an artist weighs. scales: by model, the spread of single tracks in its space.
    """
    n_artists = min(len(a.artists), len(b.artists))
    n_rated = len(a.ratings.keys() & b.ratings.keys())
    shared = measures.share_of_each(a.artists, b.artists, weights)
    genres = shared_genres(a.genres, b.genres)
    terms: list[Term] = []
    reasons: list[tuple[str, str]] = []
    if n_artists >= LEAST_ARTISTS:
        terms.append(term("artists", measures.artists_shared(a.artists, b.artists, weights), len(shared)))
        reasons.append(("artists", _of_artists(terms[-1])))
    if a.genres and b.genres and n_artists >= LEAST_ARTISTS:
        terms.append(term("genres", measures.genres_alike(a.genres, b.genres), len(genres)))
        reasons.append(("genres", _of_genres(genres)))
    distances, n_axes = sounds_apart(a, b, scales)
    if distances:
        terms.append(term("profile", measures.profiles_alike(distances), n_axes))
        reasons.append(("profile", _of_profiles(terms[-1], a, b)))
    if n_rated >= LEAST_RATED_TO_COUNT:
        terms.append(term("ratings", measures.ratings_agree(a.ratings, b.ratings), n_rated))
        reasons.append(("ratings", _of_ratings(terms[-1])))
    is_enough = bool(terms) and (n_artists >= LEAST_ARTISTS or n_rated >= LEAST_RATED)
    n_evidence = n_artists + EVIDENCE_OF_A_RATING * n_rated
    return Judged(
        score=score(terms, n_evidence) if is_enough else None,
        terms=tuple(terms),
        n_evidence=n_evidence,
        artists=tuple(artist for artist, _ in shared),
        genres=tuple(genres),
        reasons=tuple(reasons),
        n_rated=n_rated,
    )


def sounds_apart(a: Taste, b: Taste, scales: Scales) -> tuple[list[float], int]:
    """Up to two distances (by axes, by vectors of one model), and on how many axes and models they rest."""
    found, n = [], 0
    if (by_axes := measures.axes_distance(a.axes, b.axes)) is not None:
        found.append(by_axes)
        n += len(a.axes.keys() & b.axes.keys())
    scale = scales.get(a.model) if a.model and a.model == b.model else None
    shapes = {None if each is None else each.shape for each in (a.embedding, b.embedding, scale)}
    if a.embedding is not None and b.embedding is not None and scale is not None and len(shapes) == 1:
        found.append(measures.sound_distance(a.embedding, b.embedding, scale))
        n += 1
    return found, n


def shared_genres(a: Mapping[str, float], b: Mapping[str, float]) -> list[str]:
    """Genres that both play, the ones that both play much first."""
    return sorted(a.keys() & b.keys(), key=lambda name: (-min(a[name], b[name]), name))


def _of_artists(found: Term) -> str:
    if not found.n:
        return "None of the artists that each plays most are shared."
    count = "One artist stands" if found.n == 1 else f"{found.n} artists stand"
    return f"{count} among the most played of both: {_against_random(found)}."


def _of_genres(genres: list[str]) -> str:
    if not genres:
        return "The genres that they play do not meet."
    *others, last = genres[:N_GENRES_NAMED]
    return f"Both play {', '.join(others) + ' and ' if others else ''}{last}."


def _of_profiles(found: Term, a: Taste, b: Taste) -> str:
    apart = {axis: abs(a.axes[axis] - b.axes[axis]) for axis in measures.AXES if axis in a.axes and axis in b.axes}
    if not apart:
        return f"Their music sounds {'more' if found.standing >= 0.5 else 'less'} alike than that of two at random."
    nearest, farthest = min(apart, key=apart.__getitem__), max(apart, key=apart.__getitem__)
    if apart[farthest] < measures.SD_BETWEEN_LISTENERS / 2:
        return "Their music sounds alike on every axis."
    return f"Their music is nearest in {nearest}, farthest apart in {farthest}."


def _of_ratings(found: Term) -> str:
    return f"Both rated {found.n} of the same albums, {4 * (1 - found.value):.1f} stars apart on average."


def _against_random(found: Term) -> str:
    if found.standing >= 0.9:
        return "far more than two random listeners share"
    if found.standing >= 0.6:
        return "more than two random listeners share"
    return "about what two random listeners share" if found.standing >= 0.4 else "less than two random listeners share"

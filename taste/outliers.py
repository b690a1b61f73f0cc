"""Tracks that a member plays though they sound unlike the rest of what they play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Count

from catalog.models import Track
from listening.models import ListenEvent
from listening.models.listen import ListenQuerySet
from social.models import User
from taste.embeddings import main_model, vectors
from taste.mapping.reducing import N_KEPT, distances_from_centre, reduced_by
from taste.models import TrackEmbedding, TrackFeatures

LEAST = 20
WORDS = {
    "energy": ("more energetic", "less energetic"),
    "valence": ("gladder", "darker"),
    "danceability": ("easier to dance to", "harder to dance to"),
    "acousticness": ("more acoustic", "less acoustic"),
    "instrumentalness": ("more instrumental", "more sung"),
    "speechiness": ("more spoken", "less spoken"),
    "tempo": ("faster", "slower"),
}
TELLING_SDS = 1.0  # an axis is named from so many standard deviations on
TELLING_TAG = 0.15  # a word is named when the model hears so much more of it than in the member's other plays
N_TOLD = 2


@dataclass(frozen=True, slots=True)
class Outlier:
    """distance: Mahalanobis, in standard deviations of the member's own spread. why: a sentence."""

    track: Track
    distance: float
    n_listens: int
    why: str


@dataclass(frozen=True, slots=True)
class Outliers:
    """rows: farthest first. words: why there are none, or "". n_tracks, n_listens: what was compared.

    typical: the median distance of the tracks that were compared; a row's distance over it is “so many times as far”.
    """

    rows: list[Outlier]
    words: str
    method: str
    n_tracks: int
    n_listens: int
    typical: float | None


def look(user: User, *, now: datetime, days: int = 90, n: int = 20) -> Outliers:
    """The outliers with what a page says beside them; as many queries for any number of tracks up to 10,000."""
    plays = _plays(user, since=now - timedelta(days=days), until=now)
    ids, found = vectors(list(plays), main_model())
    n_plays = np.array([plays[int(track_id)] for track_id in ids], np.float64)
    n_listens = int(n_plays.sum())
    if len(ids) < LEAST:
        words = (
            f"{len(ids)} of the {len(plays)} tracks that were played in {days} days are analysed: "
            f"below {LEAST} nothing stands out from the rest."
        )
        return Outliers([], words, "", len(ids), n_listens, None)
    reduced = reduced_by(found)(found)
    distances = distances_from_centre(reduced, n_plays)
    farthest = np.lexsort((ids, -distances))[:n]
    chosen = [int(ids[at]) for at in farthest]
    tracks = Track.objects.select_related("artist", "album").in_bulk(chosen)
    reasons = _Reasons.of([int(each) for each in ids], plays)
    rows = [
        Outlier(tracks[track_id], float(distances[at]), plays[track_id], reasons.why(track_id))
        for at, track_id in zip(farthest, chosen, strict=True)
        if track_id in tracks
    ]
    return Outliers(rows, "", _method(days, reduced.shape[1]), len(ids), n_listens, float(np.median(distances)))


def outliers_of(user: User, *, now: datetime, days: int = 90, n: int = 20) -> list[Outlier]:
    """Farthest first; empty below 20 tracks (`look` says so in words)."""
    return look(user, now=now, days=days, n=n).rows


def _plays(user: User, *, since: datetime, until: datetime) -> dict[int, int]:
    counted: ListenQuerySet = ListenEvent.objects.counted().filter(user=user, played_at__gt=since, played_at__lte=until)
    rows = counted.order_by().values_list("track_id").annotate(n=Count("pk"))
    return {track_id: n for track_id, n in rows}  # noqa: C416 (a query set of pairs, which dict() would not type)


def _features(ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """The values that everybody sees: what a member says of tracks is theirs alone, and others may read this list."""
    rows = TrackFeatures.objects.filter(track__in=ids).values_list("track_id", *WORDS)
    return {
        track_id: {axis: value for axis, value in zip(WORDS, values, strict=True) if value is not None}
        for track_id, *values in rows
    }


def _method(days: int, n_axes: int) -> str:
    return (
        f"Mahalanobis distance from the play-weighted mean of {days} days, on {n_axes} main axes of the standardised "
        f"embeddings (at most {N_KEPT}), covariance shrunk by Ledoit and Wolf."
    )


@dataclass(frozen=True, slots=True)
class _Reasons:
    """What the member's plays are like on the axes, and which words the model hears in them."""

    features: Mapping[int, Mapping[str, float]]
    usual: Mapping[str, tuple[float, float]]  # axis: mean, s.d., each play counting once
    tags: Mapping[int, Mapping[str, float]]
    usual_tags: Mapping[str, float]

    @classmethod
    def of(cls, ids: Sequence[int], plays: Mapping[int, int]) -> _Reasons:
        features = _features(ids)
        usual = {}
        for axis in WORDS:
            known = [(each[axis], plays[track_id]) for track_id, each in features.items() if axis in each]
            if len(known) >= LEAST:
                values, weights = np.array(known, np.float64).T
                mean = float(np.average(values, weights=weights))
                usual[axis] = (mean, float(np.sqrt(np.average((values - mean) ** 2, weights=weights))))
        rows = TrackEmbedding.objects.filter(model=main_model(), track__in=ids)
        tags = {track_id: _plain(said) for track_id, said in rows.values_list("track_id", "tags")}
        sums: dict[str, float] = {}
        for track_id, said in tags.items():
            for word, value in said.items():
                sums[word] = sums.get(word, 0.0) + value * plays[track_id]
        n = sum(plays[track_id] for track_id in tags) or 1
        return cls(features, usual, tags, {word: value / n for word, value in sums.items()})

    def why(self, track_id: int) -> str:
        """At most two axes and two words that set the track apart, the strongest first."""
        axes, words = list(self._axes(track_id))[:N_TOLD], list(self._words(track_id))[:N_TOLD]
        parts = [" and ".join(axes)] if axes else []
        if words:
            parts.append(f"the model hears {' and '.join(f'“{word}”' for word in words)} in it, and seldom elsewhere")
        if not parts:
            return "Its sound as a whole lies apart; no single axis tells it from the other plays."
        line = "; ".join(parts)
        return f"{line[0].upper()}{line[1:]}."

    def _axes(self, track_id: int) -> Iterator[str]:
        here = self.features.get(track_id, {})
        apart = {
            axis: (here[axis] - mean) / sd for axis, (mean, sd) in self.usual.items() if axis in here and sd > 1e-6
        }
        for axis, sds in sorted(apart.items(), key=lambda item: -abs(item[1])):
            if abs(sds) >= TELLING_SDS:
                digits = 0 if axis == "tempo" else 2
                unit = " BPM" if axis == "tempo" else ""
                yield (
                    f"{WORDS[axis][sds < 0]} than most plays "
                    f"({axis} {here[axis]:.{digits}f}{unit}, usually {self.usual[axis][0]:.{digits}f})"
                )

    def _words(self, track_id: int) -> Iterator[str]:
        said = self.tags.get(track_id, {})
        more = {word: value - self.usual_tags.get(word, 0.0) for word, value in said.items()}
        for word, by in sorted(more.items(), key=lambda item: (-item[1], item[0])):
            if by >= TELLING_TAG:
                yield word


def _plain(said: Mapping[str, float]) -> dict[str, float]:
    """`msd:happy` and `mtt:happy` are one word; the stronger counts."""
    plain: dict[str, float] = {}
    for name, value in said.items():
        word = name.rpartition(":")[2]
        plain[word] = max(plain.get(word, 0.0), float(value))
    return plain

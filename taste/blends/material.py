"""What two members play, as a blend may use it: without what was heard in private times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, Q
from numpy.typing import NDArray

from catalog.models import Track
from listening.models import IncognitoRange, ListenEvent, TrackTotal
from social.models import User
from taste.blends.choosing import Candidate
from taste.embeddings import main_model, neighbours, vectors
from taste.mixtapes.making import LONGEST_S

N_TOP = 600  # tracks of each member that are looked at, the most played
N_ARTISTS, N_BY_ARTIST = 60, 20  # where music that is new to both is looked for
N_BY_SOUND = 200
N_ANCHORS = 40  # tracks of theirs, of which one is named as the likest
SHORTEST_MS = 30_000
N_RANGES_AT_ONCE = 50

Vectors = dict[int, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Material:
    """candidates: each once. tracks: theirs, by id. likest: of a new track, the track of theirs it sounds most like."""

    candidates: list[Candidate]
    tracks: dict[int, Track]
    artists_a: frozenset[int]
    artists_b: frozenset[int]
    likest: dict[int, int]


def material_of(a: User, b: User) -> Material:
    """Everything that may stand on their list. The same plays give the same."""
    top = set(_top(a)) | set(_top(b))
    plays_a, plays_b = plays_of(a, top), plays_of(b, top)
    heard = {track for track in top if plays_a[track] or plays_b[track]}
    tracks = _usable(Track.objects.filter(pk__in=heard))
    artists_a = frozenset(tracks[pk].artist_id for pk in tracks if plays_a[pk])
    artists_b = frozenset(tracks[pk].artist_id for pk in tracks if plays_b[pk])
    played = Counter({pk: plays_a[pk] + plays_b[pk] for pk in tracks})
    anchors = [pk for pk, _ in sorted(played.items(), key=lambda item: (-item[1], item[0]))[:N_ANCHORS]]
    fresh, likest = _new_to_both(a, b, tracks, plays_a, plays_b, anchors)
    where = _vectors([*tracks, *fresh])
    toward_a, toward_b = (_profile(where, plays) for plays in (plays_a, plays_b))
    everything = {**tracks, **fresh}
    candidates = [
        Candidate(
            pk,
            track.artist_id,
            plays_a[pk],
            plays_b[pk],
            fit_a=_fit(track.artist_id in artists_a, where.get(pk), toward_a),
            fit_b=_fit(track.artist_id in artists_b, where.get(pk), toward_b),
        )
        for pk, track in sorted(everything.items())
    ]
    return Material(candidates, everything, artists_a, artists_b, likest)


def plays_of(member: User, track_ids: Collection[int]) -> Counter[int]:
    """Plays of these tracks, each once, without those of private times that are still stored."""
    rows = TrackTotal.objects.filter(user=member, track__in=track_ids, n_listens__gt=0)
    plays = Counter(dict(rows.values_list("track_id", "n_listens")))
    plays.subtract(_private(member))
    return +plays


def _top(member: User) -> list[int]:
    rows = TrackTotal.objects.filter(user=member, n_listens__gt=0, track__merged_into__isnull=True)
    return list(rows.order_by("-n_listens", "track_id").values_list("track_id", flat=True)[:N_TOP])


def _private(member: User) -> Counter[int]:
    """How often tracks were played in times that the member calls private."""
    ranges = list(IncognitoRange.objects.filter(user=member).values_list("starts_at", "ends_at"))
    found: Counter[int] = Counter()
    for start in range(0, len(ranges), N_RANGES_AT_ONCE):
        within = Q()
        for starts_at, ends_at in ranges[start : start + N_RANGES_AT_ONCE]:
            within |= Q(played_at__gte=starts_at) & (Q() if ends_at is None else Q(played_at__lt=ends_at))
        rows = ListenEvent.objects.counted().filter(within, user=member).order_by()
        found.update(dict(rows.values_list("track_id").annotate(n=Count("pk"))))
    return found


def _usable(tracks: Iterable[Track]) -> dict[int, Track]:
    """Of these the ones that are music of a usual length, or of none that is known."""
    rows = tracks.select_related("artist", "album").filter(merged_into__isnull=True)  # type: ignore[attr-defined]
    return {
        track.pk: track
        for track in rows.order_by("pk")
        if track.duration_ms is None or SHORTEST_MS <= track.duration_ms <= LONGEST_S * 1000
    }


def _new_to_both(
    a: User, b: User, tracks: dict[int, Track], plays_a: Counter[int], plays_b: Counter[int], anchors: list[int]
) -> tuple[dict[int, Track], dict[int, int]]:
    """Tracks that neither has ever played, by their artists or near their music; and what those sound like."""
    weight: Counter[int] = Counter()
    for pk, track in tracks.items():
        weight[track.artist_id] += min(plays_a[pk], 50) + min(plays_b[pk], 50)
    artists = [pk for pk, _ in sorted(weight.items(), key=lambda item: (-item[1], item[0]))[:N_ARTISTS]]
    by_artist: dict[int, list[int]] = {}
    shelf = Track.objects.filter(artist__in=artists, merged_into__isnull=True, album__isnull=False)
    for pk, artist in shelf.order_by("artist_id", "pk").values_list("pk", "artist_id"):
        by_artist.setdefault(artist, []).append(pk)
    near = _near(anchors)
    wanted = {pk for artist in artists for pk in by_artist.get(artist, [])} | set(near)
    known = TrackTotal.objects.filter(user__in=[a, b], track__in=wanted, n_listens__gt=0)
    wanted -= set(known.values_list("track_id", flat=True))
    few = {
        pk for artist in artists for pk in [each for each in by_artist.get(artist, []) if each in wanted][:N_BY_ARTIST]
    }
    fresh = _usable(Track.objects.filter(pk__in=few | (wanted & set(near))))
    return fresh, {pk: near[pk] for pk in fresh if pk in near}


def _near(anchors: list[int]) -> dict[int, int]:
    """Tracks that lie nearest to the middle of the anchors, each with the anchor that it is most like."""
    where = _vectors(anchors)
    if not where:
        return {}
    ids, stacked = list(where), np.stack(list(where.values()))
    model = main_model()
    around = [pk for pk, _ in neighbours(stacked.mean(axis=0), model, N_BY_SOUND) if pk not in where]
    beside = _vectors(around)
    if not beside:
        return {}
    centre = np.vstack([stacked, np.stack(list(beside.values()))]).mean(axis=0)
    theirs = _unit(stacked - centre)
    return {pk: ids[int((theirs @ _unit((vector - centre)[None])[0]).argmax())] for pk, vector in beside.items()}


def _vectors(track_ids: Collection[int]) -> Vectors:
    ids, stacked = (
        vectors(track_ids, main_model()) if track_ids else (np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
    )
    return dict(zip(ids.tolist(), stacked, strict=True))


def _profile(where: Vectors, plays: Counter[int]) -> NDArray[np.float32] | None:
    """The middle of what a member plays, by the logarithm of plays, about the middle of all that is looked at."""
    own = [pk for pk in where if plays[pk]]
    if not own:
        return None
    centre = np.stack(list(where.values())).mean(axis=0)
    weights = np.log1p([plays[pk] for pk in own])
    return np.stack([centre, np.average(np.stack([where[pk] for pk in own]), axis=0, weights=weights) - centre])


def _fit(plays_artist: bool, vector: NDArray[np.float32] | None, profile: NDArray[np.float32] | None) -> float | None:
    """1 for an artist whom the member plays, else how near it lies to their music, 0 to 1."""
    if plays_artist:
        return 1.0
    if vector is None or profile is None:
        return None
    centre, about = profile
    return float((1 + _unit((vector - centre)[None])[0] @ _unit(about[None])[0]) / 2)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-9)
    return unit

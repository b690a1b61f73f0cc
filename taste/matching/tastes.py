"""What is known of members' tastes, read for matching: most played artists, genres, sound, ratings shown to members."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from listening.models import ArtistTotal, Listener
from taste.matching.curves import VERSION
from taste.matching.measures import AXES, rarity
from taste.matching.population import learned_from, ratings_learned_from
from taste.models import TasteMap, TasteProfile

N_ARTISTS = 100
LEAST_PLAYS_OF_AN_AXIS = 20  # before a mean on it says something
Scales = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Taste:
    """One member. artists: the most played, with plays; axes: mean by axis; embedding: in the space of `model`."""

    member_id: int
    artists: dict[int, int] = field(default_factory=dict)
    genres: dict[str, float] = field(default_factory=dict)
    axes: dict[str, float] = field(default_factory=dict)
    model: str = ""
    embedding: NDArray[np.float32] | None = None
    ratings: dict[int, int] = field(default_factory=dict)
    fingerprint: str = ""


def tastes_of(member_ids: Collection[int]) -> dict[int, Taste]:
    """Everybody asked for, whatever is known of them; six queries, and one by index for each member."""
    ratings: dict[int, dict[int, int]] = defaultdict(dict)
    rows = ratings_learned_from().filter(user__in=member_ids)
    for user_id, album_id, half_stars in rows.values_list("user", "album", "half_stars"):
        ratings[user_id][album_id] = half_stars
    prints = fingerprints(member_ids)
    profiles = TasteProfile.objects.in_bulk(member_ids)
    return {
        each: Taste(
            member_id=each,
            artists=_most_played(each),
            ratings=ratings[each],
            fingerprint=prints[each],
            **_of_profile(profiles.get(each)),
        )
        for each in member_ids
    }


def fingerprints(member_ids: Collection[int]) -> dict[int, str]:
    """What each member's taste would be read from just now, without reading it; four queries."""
    maps = map_versions()
    prints: dict[int, list[object]] = {each: [VERSION, maps] for each in member_ids}
    rows = ratings_learned_from().filter(user__in=member_ids)
    for user_id, album_id, half_stars, updated_at in rows.values_list("user", "album", "half_stars", "updated_at"):
        prints[user_id].append((album_id, half_stars, updated_at.timestamp()))
    for user_id, revision in Listener.objects.filter(pk__in=member_ids).values_list("pk", "revision"):
        prints[user_id].append(revision)
    computed = TasteProfile.objects.filter(pk__in=member_ids).values_list("pk", "last_computed_at")
    for user_id, computed_at in computed:
        prints[user_id].append(str(computed_at))
    return {each: _hash(found) for each, found in prints.items()}


def map_versions() -> tuple[tuple[str, int], ...]:
    """The newest map of each model: its standardiser measures how far sounds lie apart."""
    newest = dict(TasteMap.objects.order_by("version").values_list("model", "version"))
    return tuple(sorted(newest.items()))


def scales() -> Scales:
    """Standard deviations of single tracks by model, from its newest map; a model without a map is not in it."""
    return {
        model: np.maximum(np.frombuffer(scale, "<f4"), 1e-6)
        for model, scale in TasteMap.objects.order_by("version").values_list("model", "scale")
    }


def rarities(artist_ids: Iterable[int]) -> dict[int, float]:
    """What sharing each artist weighs, by how many of the members who show their listens play it; two queries."""
    members = learned_from()
    n_members = members.count()
    wanted = set(artist_ids)
    rows = ArtistTotal.objects.filter(artist__in=wanted, user__in=members, n_listens__gt=0)
    counted = dict(rows.values_list("artist").annotate(n=Count("*")).order_by())
    return {each: rarity(counted.get(each, 0), n_members) for each in wanted}


def _most_played(member_id: int) -> dict[int, int]:
    totals = ArtistTotal.objects.filter(user=member_id, n_listens__gt=0).order_by("-n_listens", "artist")
    return dict(totals.values_list("artist_id", "n_listens")[:N_ARTISTS])


def _of_profile(profile: TasteProfile | None) -> dict[str, Any]:
    if profile is None:
        return {}
    means = profile.feature_means
    known = {axis: means[axis] for axis in AXES if axis in means}
    return {
        "genres": {name: float(share) for name, share in profile.genre_histogram.items() if share > 0},
        "axes": {axis: each["mean"] for axis, each in known.items() if each["n"] >= LEAST_PLAYS_OF_AN_AXIS},
        "model": profile.model,
        "embedding": np.frombuffer(profile.embedding, "<f4") if profile.embedding else None,
    }


def _hash(parts: list[object]) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=20).hexdigest()

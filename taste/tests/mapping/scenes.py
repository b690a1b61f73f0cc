"""Music with planted clusters, members who play it, and the weeks that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from numpy.typing import NDArray

from catalog.models import Track
from catalog.tests.factories import ArtistFactory, TrackFactory
from listening.models import Listener, ListenEvent
from social.models import User
from taste.embeddings import store
from taste.embeddings.hearing import Embedded
from taste.models import WeeklyTaste

MODEL = "dsp-v1"
MONDAY = date(2025, 11, 10)
NOW = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)
Floats = NDArray[np.float32]


def planted(n: int, *, n_clusters: int, d: int = 16, seed: int = 1, spread: float = 0.6) -> tuple[Floats, NDArray]:
    """n vectors around n_clusters centres, and which centre each belongs to."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal(size=(n_clusters, d)) * 2
    labels = np.arange(n) % n_clusters
    return (centres[labels] + random.normal(size=(n, d)) * spread).astype(np.float32), labels


def analysed(vectors: Floats, *, now: datetime = NOW, tracks: Sequence[Track] | None = None, **said: object) -> list:
    """A track for each vector (or these tracks), by one artist."""
    if tracks is None:
        artist = ArtistFactory()
        tracks = [TrackFactory(artist=artist, **said) for _ in vectors]
    embedded = {track.pk: Embedded(vector) for track, vector in zip(tracks, vectors, strict=True)}
    store(model=MODEL, version="1", embedded=embedded, now=now)
    return list(tracks)


def hear(user: User, plays: Mapping[Track, int], *, monday: date = MONDAY, hour: int = 12, zone: str = "UTC") -> None:
    """The member plays each track so often in the week of that Monday, three minutes apart."""
    Listener.objects.get_or_create(user=user, defaults={"zone": zone})
    start = datetime(monday.year, monday.month, monday.day, hour, tzinfo=UTC)
    order = [track for track, n in plays.items() for _ in range(n)]
    n_before = ListenEvent.objects.filter(user=user).count()
    ListenEvent.objects.bulk_create(
        ListenEvent(
            user=user,
            played_at=start + timedelta(minutes=3 * minute, seconds=n_before % 50),
            source="manual",
            msid=uuid5(NAMESPACE_OID, f"{user.pk} {n_before + minute}"),
            track=track,
            artist_id=track.artist_id,
        )
        for minute, track in enumerate(order)
    )


def week_of(user: User, monday: date = MONDAY, *, centroid: Floats | None = None, **said: object) -> WeeklyTaste:
    """A week as the aggregation leaves it: without a place."""
    numbers = dict.fromkeys(
        ("n_listens", "n_tracks", "n_artists", "n_new_artists", "n_sounding", "n_placed", "ms_played", "diversity"), 1
    )
    about = {
        "model": MODEL if centroid is not None else "",
        "centroid": None if centroid is None else np.asarray(centroid, "<f4").tobytes(),
        "fingerprint": "x",
        "computed_at": NOW,
    }
    return WeeklyTaste.objects.create(user=user, starts_on=monday, **(numbers | about | said))

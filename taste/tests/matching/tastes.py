"""Members with tastes, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

from catalog.models import Artist
from catalog.tests.factories import ArtistFactory
from listening.models import AlbumTotal, ArtistTotal, Listener
from social.models import User
from social.tests.factories import UserFactory
from taste.models import TasteProfile

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def artists(n: int, *, first: int = 0) -> list[Artist]:
    """Band 000 and so on, each made once."""
    names = [f"Band {place:03}" for place in range(first, first + n)]
    known = {each.name: each for each in Artist.objects.filter(name__in=names)}
    return [known.get(name) or ArtistFactory(name=name) for name in names]


def plays(member: User, heard: Mapping[Artist, int]) -> None:
    """Totals as they stand after these plays of artists; the listener's revision moves."""
    ArtistTotal.objects.bulk_create(
        ArtistTotal(user=member, artist=artist, n_listens=n, first_at=NOW, last_at=NOW) for artist, n in heard.items()
    )
    listener, _ = Listener.objects.get_or_create(user=member)
    Listener.objects.filter(pk=member.pk).update(
        n_listens=listener.n_listens + sum(heard.values()), revision=listener.revision + 1
    )


def plays_albums(member: User, heard: Mapping[object, int]) -> None:
    AlbumTotal.objects.bulk_create(
        AlbumTotal(user=member, album=album, n_listens=n, first_at=NOW, last_at=NOW) for album, n in heard.items()
    )
    listener, _ = Listener.objects.get_or_create(user=member)
    Listener.objects.filter(pk=member.pk).update(revision=listener.revision + 1)


def profile(member: User, *, genres: dict[str, float] | None = None, axes: dict[str, float] | None = None) -> None:
    means = {axis: {"mean": mean, "sd": 0.1, "n": 50} for axis, mean in (axes or {}).items()}
    TasteProfile.objects.update_or_create(
        user=member, defaults={"genre_histogram": genres or {}, "feature_means": means, "last_computed_at": NOW}
    )


def member(handle: str, heard: Mapping[Artist, int] | None = None, **fields: object) -> User:
    made: User = UserFactory(handle=handle, display_name=handle.title(), **fields)
    if heard:
        plays(made, heard)
    return made


def vector(*numbers: float) -> bytes:
    return np.array(numbers, "<f4").tobytes()

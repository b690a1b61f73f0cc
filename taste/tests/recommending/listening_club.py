"""A small club that listens: two camps of members and albums, for tests of what is recommended."""

from __future__ import annotations

from datetime import UTC, datetime

from catalog.models import Album, Tag, Tagging
from catalog.names import name_key
from catalog.tests.factories import AlbumFactory
from listening.models import AlbumTotal, Listener
from social.models import User
from social.tests.factories import UserFactory
from taste.models import UserRecommendation

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def plays(member: User, *albums: Album, n: int = 20) -> None:
    AlbumTotal.objects.bulk_create(
        AlbumTotal(user=member, album=album, n_listens=n, first_at=NOW, last_at=NOW) for album in albums
    )
    Listener.objects.update_or_create(user=member, defaults={"n_listens": n * len(albums)})


def tagged(album: Album, *names: str) -> Album:
    for weight, name in enumerate(reversed(names), 50):
        tag, _ = Tag.objects.get_or_create(name_key=name_key(name), defaults={"name": name, "is_genre": True})
        Tagging.objects.create(tag=tag, album=album, weight=weight, source="test")
    return album


def albums(name: str, n: int) -> list[Album]:
    return [AlbumFactory(title=f"{name} {place}") for place in range(n)]


def camp(name: str, shelf: list[Album], n: int, **fields: object) -> list[User]:
    """`n` members who play most of a shelf, each leaving out another album."""
    members = [UserFactory(handle=f"{name}{place}", **fields) for place in range(n)]
    for place, member in enumerate(members):
        plays(member, *(album for at, album in enumerate(shelf) if at != place % len(shelf)))
    return members


def list_of(member: User) -> list[UserRecommendation]:
    return list(
        UserRecommendation.objects.filter(user=member, rank__isnull=False).select_related("album").order_by("rank")
    )

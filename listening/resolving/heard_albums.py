"""Which albums stand in members' listens, for whoever looks albums up: `catalog.wanted`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from catalog.models import Album
from listening.models import AlbumTotal, ListenEvent


def heard() -> Q:
    """For albums: somebody's listens name it."""
    return Q(Exists(ListenEvent.objects.filter(album=OuterRef("pk"))))


def most_heard(albums: QuerySet[Album], n: int) -> list[int]:
    """The ids of at most `n` of these albums, the most played first."""
    totals = AlbumTotal.objects.filter(album__in=albums.order_by().values("pk")).values("album_id")
    most = totals.annotate(n_all=Sum("n_listens")).order_by("-n_all", "album_id")
    return list(most.values_list("album_id", flat=True)[:n])


def heard_elsewhere(album: Album, track_ids: Collection[int]) -> set[int]:
    """Those of the tracks that sources named with an album, and never with this one."""
    heard = ListenEvent.objects.filter(track__in=track_ids, album__isnull=False).order_by()
    albums: defaultdict[int, set[int]] = defaultdict(set)
    for track_id, album_id in heard.values_list("track_id", "album_id").distinct():
        albums[track_id].add(album_id)
    return {track_id for track_id, ids in albums.items() if album.pk not in ids}

"""Which albums stand in members' listens, for whoever looks albums up: `catalog.wanted`."""

from __future__ import annotations

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

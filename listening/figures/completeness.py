"""How much of an album somebody has heard."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from catalog.models import Album, AlbumTrack
from listening.models import AlbumTotal, TrackTotal
from social.models import User

N_ALBUMS = 200  # whose lines are compared: those played most


@dataclass(frozen=True, slots=True)
class Completeness:
    """Lines of an album's track list that were heard at least once."""

    n_heard: int
    n_lines: int

    @property
    def is_whole(self) -> bool:
        return self.n_heard == self.n_lines


@dataclass(frozen=True, slots=True)
class AlbumsHeard:
    """n_whole of the n_known albums with a track list among the most played; nearly: a few lines are missing."""

    n_known: int
    n_whole: int
    nearly: list[tuple[Album, Completeness]]


def completeness(member: User, album_ids: Collection[int]) -> dict[int, Completeness]:
    """Of those albums whose track list is known; one query."""
    heard = Exists(TrackTotal.objects.filter(user=member, track=OuterRef("track"), n_listens__gt=0))
    rows = (
        AlbumTrack.objects.filter(album__in=list(album_ids))
        .annotate(is_heard=heard)
        .order_by()
        .values_list("album_id")
        .annotate(n_lines=Count("id"), n_heard=Count("id", filter=Q(is_heard=True)))
    )
    return {album_id: Completeness(n_heard, n_lines) for album_id, n_lines, n_heard in rows}


def albums_heard(member: User, *, n: int = 6) -> AlbumsHeard:
    """Over the albums that the member plays most; three queries."""
    most = AlbumTotal.objects.filter(user=member, n_listens__gt=0).order_by("-n_listens", "album_id")
    ids = list(most.values_list("album_id", flat=True)[:N_ALBUMS])
    known = completeness(member, ids) if ids else {}
    missing = [pk for pk in ids if pk in known and not known[pk].is_whole]
    nearest = sorted(missing, key=lambda pk: known[pk].n_lines - known[pk].n_heard)[:n]
    albums = Album.objects.select_related("artist").in_bulk(nearest)
    return AlbumsHeard(
        n_known=len(known),
        n_whole=sum(each.is_whole for each in known.values()),
        nearly=[(albums[pk], known[pk]) for pk in nearest if pk in albums],
    )

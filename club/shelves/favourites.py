"""Four favourite albums, in the member's own order, on top of their page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from catalog.models import Album
from club.errors import ClubRuleBroken
from club.models import FavouriteAlbum
from club.models.shelf import N_FAVOURITES
from club.permissions import require_active
from club.shelves.checks import standing_album
from social.models import User


def favourites_of(member: User) -> list[Album]:
    """In order; whoever shows them asks first whether the viewer may see the member's page."""
    rows = FavouriteAlbum.objects.standing().filter(user=member).select_related("album__artist").order_by("position")
    return [row.album for row in rows]


@transaction.atomic
def set_favourites(*, member: User, albums: Sequence[Album], now: datetime) -> list[Album]:
    """These, in this order, and no others. The same albums again change nothing."""
    require_active(member, now)
    User.objects.select_for_update(no_key=True).get(pk=member.pk)  # two clicks at once come one after the other
    chosen = list(dict.fromkeys(standing_album(album) for album in albums))
    if len(chosen) > N_FAVOURITES:
        raise ClubRuleBroken(
            f"There are {N_FAVOURITES} places. Take one out before you put another in.", code="too_many"
        )
    if chosen != favourites_of(member):
        FavouriteAlbum.objects.filter(user=member).delete()  # also what stayed behind with a merged album
        FavouriteAlbum.objects.bulk_create(
            FavouriteAlbum(user=member, album=album, position=place) for place, album in enumerate(chosen, start=1)
        )
    return chosen


@transaction.atomic
def add_favourite(*, member: User, album: Album, now: datetime) -> list[Album]:
    """In the last place; one that is there keeps its own."""
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    return set_favourites(member=member, albums=[*favourites_of(member), album], now=now)


@transaction.atomic
def remove_favourite(*, member: User, album: Album, now: datetime) -> list[Album]:
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    album = standing_album(album)
    return set_favourites(member=member, albums=[each for each in favourites_of(member) if each != album], now=now)


@transaction.atomic
def move_favourite(*, member: User, album: Album, earlier: bool, now: datetime) -> list[Album]:
    """One place earlier or later; at the end of the row nothing moves."""
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    albums, album = favourites_of(member), standing_album(album)
    if album in albums:
        at = albums.index(album)
        other = at - 1 if earlier else at + 1
        if 0 <= other < len(albums):
            albums[at], albums[other] = albums[other], albums[at]
    return set_favourites(member=member, albums=albums, now=now)

"""Which albums the club knows: the ones that it nominated or rated. And which ones members keep on shelves."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from club.models import DiaryEntry, FavouriteAlbum, Nomination, Rating, WantedAlbum
from social.visibility import Visibility

SHOWN = [Visibility.PUBLIC, Visibility.MEMBERS]


def known_to_club() -> Q:
    """For albums: a nomination or a rating of it stands."""
    nominated = Nomination.objects.standing().filter(album=OuterRef("pk"))
    rated = Rating.objects.standing().filter(album=OuterRef("pk"))
    return Q(Exists(nominated)) | Q(Exists(rated))


def kept_by_members() -> Q:
    """For albums: on a shelf that members may see. What somebody keeps for themselves makes no album findable."""
    conditions = Q()
    for model in (FavouriteAlbum, WantedAlbum, DiaryEntry):
        shown = {f"{level}__in": SHOWN for level in model.VISIBILITY_LEVELS}
        conditions |= Q(Exists(model.objects.filter(album=OuterRef("pk"), **shown)))
    return conditions

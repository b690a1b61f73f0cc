"""How much of what a member plays nobody else here plays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from listening.figures.together import counted_members
from listening.models import ArtistTotal
from social.models import User
from social.visibility import Viewer

AT_LEAST_OTHERS = 3  # fewer, and the number would tell what one of them plays
KEEP_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Obscurity:
    """alone: of the member's `n_artists` those that none of `n_others` plays."""

    alone: int
    n_artists: int
    n_others: int

    @property
    def share(self) -> float:
        return self.alone / self.n_artists


def obscurity(member: User, viewer: Viewer, *, now: datetime) -> Obscurity | None:
    """Compared with the members whose listens the viewer may see; None below three of them, or without an artist.

    Kept for a day, for exactly these others: whoever hides their listens is out of it at once.
    """
    others = [pk for pk in counted_members(viewer) if pk != member.pk]
    if len(others) < AT_LEAST_OTHERS:
        return None
    among = hashlib.blake2b(repr(others).encode(), digest_size=12).hexdigest()
    key = f"obscurity:{member.pk}:{among}:{now:%Y%m%d}"
    kept: Obscurity | None = cache.get(key)
    if kept is None:
        own = ArtistTotal.objects.filter(user=member, n_listens__gt=0)
        elsewhere = ArtistTotal.objects.filter(artist=OuterRef("artist"), user__in=others, n_listens__gt=0)
        n_artists = own.count()
        kept = Obscurity(own.exclude(Exists(elsewhere)).count(), n_artists, len(others))
        cache.set(key, kept, KEEP_S)
    return kept if kept.n_artists else None

"""Which albums the club knows: the ones that it nominated or rated."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from club.models import Nomination, Rating


def known_to_club() -> Q:
    """For albums: a nomination or a rating of it stands."""
    nominated = Nomination.objects.standing().filter(album=OuterRef("pk"))
    rated = Rating.objects.standing().filter(album=OuterRef("pk"))
    return Q(Exists(nominated)) | Q(Exists(rated))

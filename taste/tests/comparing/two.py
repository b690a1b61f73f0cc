"""Two members who have something to compare."""

from __future__ import annotations

from catalog.models import Tag, Tagging
from catalog.tests.factories import AlbumFactory
from club.tests.factories import RatingFactory
from social.models import User
from taste.tests.matching.tastes import artists, member, plays_albums, profile


def ana_and_bo() -> tuple[User, User]:
    """Twelve bands and five albums in common; each has one album for the other, and they quarrel over one."""
    bands = artists(12)
    ana, bo = (member(handle, {band: 10 + place for place, band in enumerate(bands)}) for handle in ("ana", "bo"))
    for each in (ana, bo):
        profile(each, genres={"krautrock": 0.6, "dub": 0.4})
    for place in range(5):
        album = AlbumFactory(title=f"Both {place}")
        RatingFactory(user=ana, week=None, album=album, half_stars=9)
        RatingFactory(user=bo, week=None, album=album, half_stars=9 - (6 if place == 3 else 0))
    gift = AlbumFactory(title="Gift of Ana", artist__name="Neu")
    genre, _ = Tag.objects.get_or_create(name_key="krautrock", defaults={"name": "krautrock", "is_genre": True})
    Tagging.objects.create(tag=genre, album=gift, weight=100, source="lastfm")
    RatingFactory(user=ana, week=None, album=gift, half_stars=10)
    plays_albums(ana, {gift: 31})
    plays_albums(bo, {AlbumFactory(title="Played by Bo", artist=bands[3]): 44})
    return ana, bo

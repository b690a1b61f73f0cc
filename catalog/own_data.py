"""The catalogue's part of a member's data: the names that they settled, and how exports name music."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from catalog.models import Album, Alias, Artist, Track
from sidetrack import slots
from social.models import User
from social.own_data.parts import Part, Table, describe


def register() -> None:
    describe(Artist, name="name", mbid="mbid")
    describe(Album, title="title", artist="artist__name", mbid="release_group_mbid")
    describe(Track, title="title", artist="artist__name", mbid="recording_mbid")
    slots.register("export:parts", parts, order=50, name="catalog")
    slots.register("account:forget", forget, order=50, name="catalog")


def parts(member: User) -> list[Part]:
    rows = Alias.objects.filter(created_by=member)
    title, text = _("Names that I settled"), _("What you said a name means: which artist, album or track.")
    return [Table("music/names", title, text, rows)]


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """What a name means stays true without who said so."""
    Alias.objects.filter(created_by=member).update(created_by=None)

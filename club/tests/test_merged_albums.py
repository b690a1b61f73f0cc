"""Merging albums in the catalogue takes the club's rows along, and refuses where the club's rules keep two apart."""

from __future__ import annotations

from datetime import datetime

import pytest

from catalog.merging import MergeRefused, merge_albums, unmerge
from catalog.tests.factories import AlbumFactory
from club import revision
from club.models import Nomination, Phase, Rating, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import ModerationAction, User

pytestmark = pytest.mark.django_db


def test_nominations_and_ratings_of_the_dropped_album_move(mod: User, monday: datetime) -> None:
    keep, drop = AlbumFactory(title="Kid A"), AlbumFactory(title="Kid AA")
    week = WeekFactory(phase=Phase.DISCUSSION, winner__album=drop)
    in_week, outside = RatingFactory(week=week), RatingFactory(week=None, album=drop)
    before = revision.current()
    report = merge_albums(keep=keep, drop=drop, moderator=mod, reason="a typo", now=monday)
    assert set(Rating.objects.filter(album=keep)) == {in_week, outside}
    assert Nomination.objects.get().album == keep
    assert Week.objects.get().winner.album == keep
    assert report.moved == {"nomination": 1, "ratings": 2}
    assert revision.current() > before
    unmerge(action=report.action, moderator=mod, now=monday)
    assert set(Rating.objects.filter(album=drop)) == {in_week, outside}
    assert Nomination.objects.get().album == drop


def test_two_nominations_in_one_week_keep_their_albums_apart(mod: User, monday: datetime) -> None:
    keep, drop = AlbumFactory(title="Kid A"), AlbumFactory(title="Kid AA")
    week = WeekFactory(number=12)
    for album in (keep, drop):
        NominationFactory(week=week, album=album)
    other = NominationFactory(album=drop)
    with pytest.raises(MergeRefused, match="This album is nominated this week already") as caught:
        merge_albums(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    assert "WEEK 012" in caught.value.message
    other.refresh_from_db()
    assert other.album == drop
    assert not ModerationAction.objects.exists()


def test_a_withdrawn_nomination_is_in_nobody_s_way(mod: User, monday: datetime) -> None:
    keep, drop = AlbumFactory(title="Kid A"), AlbumFactory(title="Kid AA")
    week = WeekFactory()
    NominationFactory(week=week, album=keep)
    NominationFactory(week=week, album=drop, withdrawn_at=monday)
    merge_albums(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    assert Nomination.objects.filter(album=keep).count() == 2


def test_a_member_who_rated_both_keeps_them_apart(mod: User, rin: User, monday: datetime) -> None:
    keep, drop = AlbumFactory(), AlbumFactory()
    for album in (keep, drop):
        RatingFactory(week=None, album=album, user=rin)
    with pytest.raises(MergeRefused, match="Rin"):
        merge_albums(keep=keep, drop=drop, moderator=mod, reason="", now=monday)
    assert Rating.objects.filter(album=drop).count() == 1

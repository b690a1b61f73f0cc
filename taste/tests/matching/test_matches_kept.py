"""Pairs are kept until what they were made from changes; every night all are scored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.factories import AlbumFactory
from club.models import Rating
from club.tests.factories import RatingFactory
from social.errors import Refused
from social.models import User
from social.visibility import Visibility
from taste.matching import compatibility, nearest
from taste.models import Compatibility
from taste.tests.matching.tastes import NOW, artists, member, plays, plays_albums, profile

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def pair() -> tuple[User, User]:
    bands = artists(14)
    ana = member("ana", {band: 10 + place for place, band in enumerate(bands[:12])})
    bo = member("bo", {band: 20 - place for place, band in enumerate(bands[2:])})
    for each in (ana, bo):
        profile(each, genres={"dub": 0.5, "krautrock": 0.5})
    return ana, bo


def test_a_pair_is_one_row_whoever_asks_first(pair: tuple[User, User]) -> None:
    ana, bo = pair
    there, back = compatibility(ana, bo, now=NOW), compatibility(bo, ana, now=LATER)
    assert there == back
    assert there.computed_at == back.computed_at == NOW
    assert there.score is not None
    assert there.score > 80
    assert there.evidence["n_artists"] == 10
    assert [each["term"] for each in there.reasons] == ["artists", "genres"]
    assert there.reasons[1]["text"] == "Both play dub and krautrock."


def test_a_new_play_or_rating_makes_it_anew(pair: tuple[User, User]) -> None:
    ana, bo = pair
    compatibility(ana, bo, now=NOW)
    plays(ana, {artists(1, first=14)[0]: 3})
    assert compatibility(ana, bo, now=LATER).computed_at == LATER
    rating = RatingFactory(user=bo, week=None)
    evening = LATER + timedelta(hours=8)
    assert compatibility(ana, bo, now=evening).computed_at == evening
    Rating.objects.filter(pk=rating.pk).update(half_stars=3)
    night = LATER + timedelta(hours=12)
    assert compatibility(ana, bo, now=night).computed_at == night


def test_ratings_that_are_not_for_all_members_count_for_nobody(pair: tuple[User, User]) -> None:
    ana, bo = pair
    for place in range(6):
        album = AlbumFactory()
        RatingFactory(user=ana, week=None, album=album, half_stars=9)
        hidden = Visibility.FOLLOWERS if place % 2 else Visibility.ME
        RatingFactory(user=bo, week=None, album=album, half_stars=9, visibility=hidden)
    assert "ratings" not in compatibility(ana, bo, now=NOW).evidence["terms"]


def test_a_kept_answer_takes_few_queries_and_a_new_one_the_same_number_for_any_history(
    pair: tuple[User, User],
) -> None:
    ana, bo = pair
    with CaptureQueriesContext(connection) as first:
        compatibility(ana, bo, now=NOW)
    with CaptureQueriesContext(connection) as kept:
        compatibility(ana, bo, now=NOW)
    assert len(kept) <= 5
    plays(ana, dict.fromkeys(artists(40, first=20), 1))
    plays_albums(bo, {AlbumFactory(): 3 for _ in range(20)})
    with CaptureQueriesContext(connection) as larger:
        compatibility(ana, bo, now=NOW)
    assert len(larger) == len(first)


def test_nobody_is_compared_with_themselves(rin: User) -> None:
    with pytest.raises(Refused, match="two different members"):
        compatibility(rin, rin, now=NOW)


def test_every_night_all_pairs_are_scored_and_placed(pair: tuple[User, User]) -> None:
    ana, bo = pair
    far = member("far", dict.fromkeys(artists(20, first=40), 9))
    alone = compatibility(ana, bo, now=NOW)
    assert nearest.renew(now=LATER) == "3 pairs scored, 3 kept, 0 forgotten"
    rows = {(row.user_a_id, row.user_b_id): row for row in Compatibility.objects.all()}
    near = rows[ana.pk, bo.pk]
    assert near.score == alone.score
    assert near.fingerprint == alone.fingerprint
    assert near.percentile > rows[ana.pk, far.pk].percentile
    assert compatibility(ana, bo, now=LATER + timedelta(hours=1)).computed_at == LATER
    assert nearest.renew(now=LATER + timedelta(days=1)) == "3 pairs scored, 3 kept, 0 forgotten"


def test_a_club_of_nobody_has_no_pairs() -> None:
    assert nearest.renew(now=NOW) == "0 pairs scored, 0 kept, 0 forgotten"

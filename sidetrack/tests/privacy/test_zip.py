"""What a member takes along tells of others no more than the pages do."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.moderating import hide_rating
from club.tests.factories import RatingFactory
from social.models import User
from social.own_data.exporting import parts_for
from social.own_data.parts import Row, Table
from taste.models import Compatibility, UserRecommendation

pytestmark = pytest.mark.django_db
AREAS = ("visibility", "club_visibility", "listens_visibility", "taste_visibility")


def rows_in(member: User, path: str) -> list[Row]:
    (table,) = (each for each in parts_for(member) if isinstance(each, Table) and each.path == path)
    return [row for batch in table.read(member) for row in batch]


@pytest.fixture
def pair(rin: User, sol: User, monday: datetime) -> None:
    User.objects.filter(pk__in=[rin.pk, sol.pk]).update(**dict.fromkeys(AREAS, "members"))
    first, second = sorted([rin, sol], key=lambda each: each.pk)
    Compatibility.objects.create(
        user_a=first, user_b=second, score=88, is_enough=True, shared_artists=[12345], fingerprint="x",
        computed_at=monday,
    )  # fmt: skip


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("level", ["followers", "me"])
def test_a_match_with_somebody_who_hides_what_it_is_drawn_from_stays_here(
    rin: User, sol: User, area: str, level: str
) -> None:
    assert [row["shared_artists"] for row in rows_in(rin, "taste/matches")] == [[12345]]
    User.objects.filter(pk=sol.pk).update(**{area: level})
    assert rows_in(rin, "taste/matches") == []


@pytest.mark.usefixtures("pair")
def test_who_is_not_to_be_compared_is_in_no_match_of_anybodys_zip(rin: User, sol: User) -> None:
    User.objects.filter(pk=sol.pk).update(shows_matches=False)
    assert rows_in(rin, "taste/matches") == []


def test_a_recommendation_names_nobody_whose_rating_it_rested_on(rin: User, sol: User, monday: datetime) -> None:
    about: dict[str, Any] = {"user": rin, "score": 0.5, "version": "x", "computed_at": monday}
    for kind, reason in (("friends", "Sol, whom you follow, rated it 5.0."), ("sound", "Sounds like “Mezzanine”.")):
        UserRecommendation.objects.create(
            **about, album=AlbumFactory(), kind=kind, reason=reason, evidence={"ratings": [1]}
        )
    found = rows_in(rin, "taste/recommendations")
    assert {row["kind"]: row["reason"] for row in found} == {"friends": "", "sound": "Sounds like “Mezzanine”."}
    assert "evidence" not in found[0]


def test_the_zip_does_not_say_which_moderator_hid_a_review(rin: User, mod: User, monday: datetime) -> None:
    rating = RatingFactory(user=rin, review="Words")
    hide_rating(rating=rating, by=mod, reason="Names a neighbour.", now=monday)
    for path in ("club/ratings", "club/ratings_history"):
        found = rows_in(rin, path)
        assert found
        assert mod.handle not in json.dumps(found)
    assert rows_in(rin, "club/ratings")[0]["hidden_reason"] == "Names a neighbour."

"""The one rule of who sees what, on ratings: the rating's own level, capped by the member's for the whole archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Rating
from social.models import Block, Follow, User
from social.tests.factories import UserFactory
from social.visibility import Visibility, is_visible_to

pytestmark = pytest.mark.django_db

REACH = {"public": 3, "members": 2, "followers": 1, "me": 0}  # how far a level reaches
NEEDS = {"guest": 3, "stranger": 2, "requested": 2, "moderator": 2, "follower": 1, "self": 0}  # what a viewer needs
BLOCKED = ["blocked", "blocker"]


@pytest.fixture
def rating(rin: User, monday: datetime) -> Rating:
    return Rating.objects.create(user=rin, album=AlbumFactory(), half_stars=7, created_at=monday, updated_at=monday)


@pytest.fixture
def cast(rin: User, mod: User) -> dict[str, User | None]:
    people: dict[str, Any] = {name: UserFactory(handle=name) for name in ["requested", "follower", *BLOCKED]}
    Follow.objects.create(follower=people["follower"], followed=rin)
    Follow.objects.create(follower=people["requested"], followed=rin, state=Follow.State.REQUESTED)
    Block.objects.create(blocker=rin, blocked=people["blocked"])
    Block.objects.create(blocker=people["blocker"], blocked=rin)
    return {**people, "guest": None, "stranger": UserFactory(), "moderator": mod, "self": rin}


@pytest.mark.parametrize("cap", Visibility.values)
@pytest.mark.parametrize("level", Visibility.values)
def test_the_narrower_of_level_and_cap_decides(
    rating: Rating, rin: User, cast: dict[str, User | None], level: str, cap: str
) -> None:
    Rating.objects.filter(pk=rating.pk).update(visibility=level)
    User.objects.filter(pk=rin.pk).update(club_visibility=cap)
    reach = min(REACH[level], REACH[cap])
    seen = {name: is_visible_to(rating, cast[name]) for name in NEEDS}
    assert seen == {name: reach >= needed for name, needed in NEEDS.items()}
    assert not any(is_visible_to(rating, cast[name]) for name in BLOCKED)


def test_figures_count_what_is_not_shown(rating: Rating) -> None:
    Rating.objects.filter(pk=rating.pk).update(visibility=Visibility.ME)
    assert Rating.objects.standing().count() == 1
    assert not Rating.objects.all().visible_to(None).exists()


def test_many_ratings_are_filtered_in_one_query(rating: Rating, sol: User, django_assert_num_queries: Any) -> None:
    for _ in range(19):
        Rating.objects.create(
            user=UserFactory(), album=rating.album, half_stars=6, created_at=rating.created_at,
            updated_at=rating.created_at,
        )  # fmt: skip
    with django_assert_num_queries(1):
        assert len(Rating.objects.all().visible_to(sol)) == 20

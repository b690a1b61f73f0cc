"""A member's picture is as visible as their page, also where the archive names them to more."""

from __future__ import annotations

import pytest
from django.test import Client

from club.models import Phase
from club.tests.factories import RatingFactory, WeekFactory
from social.models import User
from social.profile import change_privacy

pytestmark = pytest.mark.django_db
PICTURE = "avatars/rin.webp"


@pytest.fixture
def pages(rin: User) -> list[str]:
    """The pages of a week and of its album, which name its reviewer to everybody."""
    User.objects.filter(pk=rin.pk).update(avatar=PICTURE)
    rin.refresh_from_db()
    rating = RatingFactory(week=WeekFactory(phase=Phase.CLOSED), user=rin, review="Words of mine")
    outside = RatingFactory(week=None, album=rating.album, user=rin, review="More of them")
    return [rating.week.get_absolute_url(), outside.album.get_absolute_url()]


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        ("public", {"a visitor", "with a cookie that opens nothing", "stranger", "rin"}),
        ("members", {"stranger", "rin"}),
        ("followers", {"rin"}),
        ("me", {"rin"}),
    ],
)
def test_a_review_shows_its_writers_picture_to_whom_their_page_is_open(
    rin: User, stranger: User, pages: list[str], level: str, seen_by: set[str]
) -> None:
    change_privacy(member=rin, visibility=level)
    found = set()
    for name in ("rin", "stranger", "with a cookie that opens nothing", "a visitor"):
        client = Client()
        if name in {"rin", "stranger"}:
            client.force_login({"rin": rin, "stranger": stranger}[name])
        elif name != "a visitor":
            client.cookies["sessionid"] = "x" * 32
        shown = [client.get(page).content.decode() for page in pages]
        assert all("Words of mine" in each or "More of them" in each for each in shown)
        if any(PICTURE in each.partition("<main")[2] for each in shown):
            found.add(name)
    assert found == seen_by

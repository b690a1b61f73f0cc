"""Owners look at their page as others do, by the one rule; nobody else can borrow eyes that see more."""

from __future__ import annotations

import pytest
from django.test import Client

from social.models import Block, Follow, User
from social.viewpoint import imagined
from social.visibility import Visibility, shown_ids

pytestmark = pytest.mark.django_db
AREAS = ("visibility", "club_visibility", "listens_visibility", "taste_visibility")


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("level", Visibility.values)
def test_imagined_eyes_see_what_real_ones_do_in_every_area(
    rin: User, sol: User, stranger: User, area: str, level: str
) -> None:
    User.objects.filter(pk=rin.pk).update(**{area: level})

    def sees(viewer: User | None) -> bool:
        return bool(shown_ids([rin.pk], viewer, area=area))

    assert sees(imagined()) == sees(stranger)
    assert sees(imagined(follows=rin)) == sees(sol)
    assert sees(imagined(follows=stranger)) == sees(stranger), "a follower of somebody else"


def test_imagining_writes_nothing(client: Client, rin: User) -> None:
    client.force_login(rin)
    before = (User.objects.count(), Follow.objects.count(), Block.objects.count())
    for seen_as in ("visitor", "member", "follower"):
        assert client.get("/@rin/", {"as": seen_as}).status_code == 200
    assert (User.objects.count(), Follow.objects.count(), Block.objects.count()) == before


def test_the_switch_shows_an_owner_each_view_in_turn(client: Client, rin: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="public", bio="Plays records.")
    client.force_login(rin)
    own = client.get("/@rin/").content.decode()
    for seen_as in ("visitor", "member", "follower"):
        assert f'href="?as={seen_as}"' in own
        page = client.get("/@rin/", {"as": seen_as}).content.decode()
        assert "sees this." in page
        assert "Plays records." in page
        assert 'name="act"' not in page.split("<main", 1)[1], "no buttons of somebody who is not there"


@pytest.mark.parametrize(
    ("level", "closed", "words"),
    [
        ("members", ["visitor"], "Visitors see nothing here"),
        ("followers", ["visitor", "member"], "a way to ask"),
        ("me", ["visitor", "member", "follower"], "Nobody but you"),
    ],
)
def test_a_closed_page_says_for_whom_it_is_closed(
    client: Client, rin: User, level: str, closed: list[str], words: str
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=level)
    client.force_login(rin)
    pages = {
        seen_as: client.get("/@rin/", {"as": seen_as}).content.decode() for seen_as in ("visitor", "member", "follower")
    }
    is_closed = [seen_as for seen_as, page in pages.items() if '<nav class="tabs"' not in page]
    assert is_closed == closed
    assert words in pages[closed[-1]]


def test_nobody_borrows_a_followers_eyes_for_another_members_page(client: Client, rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility="members", listens_visibility="followers", bio="Plays records.")
    client.force_login(stranger)
    page = client.get("/@rin/", {"as": "follower"}).content.decode()
    assert "sees this." not in page
    assert client.get("/@rin/listening/", {"as": "follower"}).status_code == 404
    assert client.get("/@rin/listens/", {"as": "follower"}).status_code == 404
    User.objects.filter(pk=rin.pk).update(visibility="me")
    for seen_as in ("member", "follower"):
        assert client.get("/@rin/", {"as": seen_as}).status_code == 404

"""Followers, following and friends: who sees the lists, and whom in them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from social.follow_lists import Side, counts_of, members_of
from social.models import Follow, Notification, User
from social.notifying import of_member, sentences
from social.relations import accept_everybody, accept_follower, block, follow, mute, unfollow
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
N_QUERIES = 10


def told(member: User) -> list[str]:
    rows = list(of_member(member))
    return sentences(rows, member)


def handles(side: Side, member: User, viewer: User | None) -> list[str]:
    return [each.handle for each in members_of(side, member, viewer)]


def test_friends_are_two_who_follow_each_other(rin: User, sol: User, stranger: User) -> None:
    Follow.objects.create(follower=rin, followed=sol)
    Follow.objects.create(follower=rin, followed=stranger)
    assert handles(Side.FOLLOWERS, rin, stranger) == ["sol"]
    assert handles(Side.FOLLOWING, rin, sol) == ["stranger", "sol"]
    assert handles(Side.FRIENDS, rin, stranger) == ["sol"]
    assert counts_of(rin, stranger) == {Side.FOLLOWERS: 1, Side.FOLLOWING: 2, Side.FRIENDS: 1}


def test_a_request_is_no_follow(rin: User, stranger: User) -> None:
    Follow.objects.create(follower=stranger, followed=rin, state=Follow.State.REQUESTED)
    assert handles(Side.FOLLOWERS, rin, rin) == []
    assert counts_of(rin, rin)[Side.FOLLOWERS] == 0


@pytest.mark.parametrize("level", [Visibility.FOLLOWERS, Visibility.ME])
def test_whom_the_reader_may_not_see_is_neither_named_nor_counted(
    rin: User, sol: User, stranger: User, level: str
) -> None:
    User.objects.filter(pk=sol.pk).update(visibility=level)
    assert handles(Side.FOLLOWERS, rin, stranger) == []
    assert counts_of(rin, stranger)[Side.FOLLOWERS] == 0
    assert handles(Side.FOLLOWERS, rin, rin) == ["sol"], "members know who follows them"


def test_whoever_is_blocked_or_gone_is_not_in_the_list(rin: User, sol: User, stranger: User) -> None:
    block(by=sol, whom=stranger)
    assert handles(Side.FOLLOWERS, rin, stranger) == []
    User.objects.filter(pk=sol.pk).update(is_active=False)
    assert counts_of(rin, rin)[Side.FOLLOWERS] == 0


@pytest.mark.parametrize("side", list(Side))
def test_the_lists_are_as_open_as_the_page(client: Client, rin: User, stranger: User, side: str) -> None:
    address = reverse(f"social:{side}", args=["rin"])
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 200
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS)
    assert client.get(address).status_code == 404
    block(by=rin, whom=stranger)
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("n", [1, 20])
def test_a_list_takes_the_same_number_of_queries(
    client: Client, rin: User, stranger: User, n: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for member in UserFactory.create_batch(n):
        Follow.objects.create(follower=member, followed=rin)
    client.force_login(stranger)
    client.get(reverse("social:followers", args=["rin"]))
    with django_assert_num_queries(N_QUERIES):  # type: ignore[operator]
        assert client.get(reverse("social:followers", args=["rin"])).content.count(b"suggested-one") == n


def test_requests_are_answered_on_one_page(client: Client, rin: User, stranger: User, sol: User) -> None:
    User.objects.filter(pk=stranger.pk).update(visibility=Visibility.FOLLOWERS)
    stranger.refresh_from_db()
    follow(by=rin, whom=stranger, now=now())
    follow(by=sol, whom=stranger, now=now())
    client.force_login(stranger)
    page = client.get(reverse("social:requests")).content.decode()
    assert "Rin asks to follow you." in page
    assert "Let all 2 in" in page
    client.post(reverse("social:relate", args=["rin"]), {"act": "accept", "next": reverse("social:requests")})
    assert "Rin asks" not in client.get(reverse("social:requests")).content.decode()
    client.force_login(sol)
    page = client.get(reverse("social:requests")).content.decode()
    assert "Stranger" in page
    assert "Take the request back" in page


def test_opening_a_page_lets_nobody_in_until_the_member_says_so(client: Client, rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS)
    rin.refresh_from_db()
    follow(by=stranger, whom=rin, now=now())
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    assert not Follow.objects.filter(state=Follow.State.ACCEPTED).exists()
    client.force_login(rin)
    assert "still wait for your answer" in client.get(reverse("social:requests")).content.decode()
    client.post(reverse("social:requests"))
    assert Follow.objects.get().state == Follow.State.ACCEPTED


# --- What is told ---------------------------------------------------------------------------------------------------
def test_a_new_follower_is_told_of_and_no_longer_once_they_leave(rin: User, stranger: User, mod: User) -> None:
    at = now()
    follow(by=stranger, whom=rin, now=at)
    follow(by=stranger, whom=rin, now=at)
    assert told(rin) == ["Stranger began to follow you."]
    follow(by=mod, whom=rin, now=at)
    assert told(rin) == ["Mod and Stranger began to follow you."]
    unfollow(by=mod, whom=rin)
    unfollow(by=stranger, whom=rin)
    assert told(rin) == []


def test_a_request_is_told_until_it_is_answered_and_its_answer_to_the_other(rin: User, stranger: User) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.FOLLOWERS)
    rin.refresh_from_db()
    follow(by=stranger, whom=rin, now=now())
    assert told(rin) == ["Stranger asked to follow you."]
    assert accept_everybody(by=rin, now=now()) == 1
    assert told(rin) == []
    assert told(stranger) == ["Rin let you follow them."]
    assert not accept_follower(by=rin, whom=stranger, now=now())


def test_nobody_hears_of_somebody_whom_they_muted(rin: User, stranger: User) -> None:
    mute(by=rin, whom=stranger)
    follow(by=stranger, whom=rin, now=now())
    assert not Notification.objects.filter(user=rin).exists()

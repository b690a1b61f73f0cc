"""Following, blocking and muting."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils.timezone import now

from social.errors import Refused
from social.models import Block, Follow, Mute, User
from social.moderation import suspend
from social.relations import (
    accept_follower,
    are_blocked,
    block,
    follow,
    mute,
    remove_follower,
    unblock,
    unfollow,
    unmute,
    waiting_requests,
)
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def test_following_an_open_member_counts_at_once_and_only_once(rin: User, stranger: User) -> None:
    assert follow(by=stranger, whom=rin, now=now()).state == Follow.State.ACCEPTED
    follow(by=stranger, whom=rin, now=now())
    assert rin.followers.count() == 1


@pytest.mark.parametrize("area", ["visibility", "club_visibility", "listens_visibility", "taste_visibility"])
def test_who_shows_something_to_followers_only_is_asked_first(rin: User, stranger: User, area: str) -> None:
    setattr(rin, area, Visibility.FOLLOWERS)
    assert follow(by=stranger, whom=rin, now=now()).state == Follow.State.REQUESTED
    assert accept_follower(by=rin, whom=stranger, now=now())
    assert follow(by=stranger, whom=rin, now=now()).state == Follow.State.ACCEPTED
    assert not accept_follower(by=rin, whom=stranger, now=now())


def test_nobody_accepts_their_own_request(rin: User, stranger: User) -> None:
    rin.visibility = Visibility.FOLLOWERS
    follow(by=stranger, whom=rin, now=now())
    assert not accept_follower(by=stranger, whom=rin, now=now())


def test_following_ends_from_either_side(rin: User, sol: User) -> None:
    assert unfollow(by=sol, whom=rin)
    assert not unfollow(by=sol, whom=rin)
    follow(by=sol, whom=rin, now=now())
    assert remove_follower(by=rin, whom=sol)
    assert not Follow.objects.exists()


def test_a_block_ends_both_follows_and_forbids_new_ones(rin: User, sol: User) -> None:
    follow(by=rin, whom=sol, now=now())
    block(by=rin, whom=sol)
    block(by=rin, whom=sol)
    assert Block.objects.count() == 1
    assert not Follow.objects.exists()
    assert are_blocked(rin, sol)
    assert are_blocked(sol, rin)
    for one, other in [(rin, sol), (sol, rin)]:
        with pytest.raises(Refused, match="cannot follow"):
            follow(by=one, whom=other, now=now())


def test_only_the_blocker_lifts_a_block(rin: User, sol: User) -> None:
    block(by=rin, whom=sol)
    assert not unblock(by=sol, whom=rin)
    assert unblock(by=rin, whom=sol)
    assert not are_blocked(rin, sol)


def test_a_mute_is_one_sided_and_leaves_the_follow(rin: User, sol: User) -> None:
    mute(by=sol, whom=rin)
    mute(by=sol, whom=rin)
    assert Mute.objects.count() == 1
    assert rin.followers.count() == 1
    assert not unmute(by=rin, whom=sol)
    assert unmute(by=sol, whom=rin)


@pytest.mark.parametrize("verb", [partial(follow, now=now()), block, mute])
def test_nobody_does_it_to_themselves(rin: User, verb: object) -> None:
    with pytest.raises(Refused, match="themselves"):
        verb(by=rin, whom=rin)  # type: ignore[operator]


def test_a_suspended_member_follows_nobody_and_may_still_turn_away(rin: User, sol: User, mod: User) -> None:
    suspend(member=sol, moderator=mod, reason="Spoilers.", now=now())
    with pytest.raises(Refused, match="You are suspended"):
        follow(by=sol, whom=mod, now=now())
    assert unfollow(by=sol, whom=rin)
    assert block(by=sol, whom=rin)


def test_requests_wait_in_the_order_in_which_they_came(rin: User, sol: User, stranger: User) -> None:
    rin.visibility = Visibility.FOLLOWERS
    for one in (stranger, UserFactory(handle="late")):
        follow(by=one, whom=rin, now=now())
    assert [row.follower.handle for row in waiting_requests(rin)] == ["stranger", "late"]
    accept_follower(by=rin, whom=stranger, now=now())
    assert [row.follower.handle for row in waiting_requests(rin)] == ["late"]

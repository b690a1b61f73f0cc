"""Whom a member is suggested to follow, and whom never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from club.models import Phase
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import Follow, User
from social.moderation import suspend
from social.relations import block, follow, mute
from social.suggestions import Candidate, fused, suggestions
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.models import Compatibility

pytestmark = pytest.mark.django_db


def reasons(viewer: User) -> dict[str, str]:
    return {each.member.handle: each.reason for each in suggestions(viewer)}


@pytest.fixture
def regular(rin: User) -> User:
    """Rated in three weeks."""
    member: User = UserFactory(handle="regular", display_name="Reg")
    for _ in range(3):
        RatingFactory(user=member)
    return member


def test_who_takes_part_every_week_comes_with_the_number_of_weeks(rin: User, regular: User) -> None:
    assert reasons(rin) == {"regular": "Took part in 3 weeks lately"}


def test_a_nomination_is_taking_part_and_one_week_is_no_habit(rin: User, stranger: User) -> None:
    NominationFactory(user=stranger)
    assert reasons(rin) == {}
    NominationFactory(user=stranger)
    assert reasons(rin) == {"stranger": "Took part in 2 weeks lately"}


def test_taking_part_of_who_hides_it_is_not_told(rin: User, regular: User) -> None:
    User.objects.filter(pk=regular.pk).update(club_visibility=Visibility.ME)
    assert reasons(rin) == {}


def test_a_nomination_of_a_cancelled_week_does_not_count(rin: User, stranger: User) -> None:
    for _ in range(3):
        NominationFactory(user=stranger, week=WeekFactory(phase=Phase.CANCELLED))
    assert reasons(rin) == {}


def test_whom_my_people_follow_comes_with_their_names(rin: User, sol: User, stranger: User) -> None:
    wanted, also = UserFactory(), UserFactory(handle="zoe", display_name="Zoe")
    for friend in (stranger, also):
        Follow.objects.create(follower=rin, followed=friend)
        Follow.objects.create(follower=friend, followed=wanted)
    Follow.objects.create(follower=stranger, followed=also)
    assert reasons(rin) == {wanted.handle: "Followed by Stranger and 1 other"}


def test_a_name_that_the_viewer_may_not_read_is_no_reason(rin: User, stranger: User) -> None:
    wanted = UserFactory()
    Follow.objects.create(follower=rin, followed=stranger)
    Follow.objects.create(follower=stranger, followed=wanted)
    User.objects.filter(pk=stranger.pk).update(visibility=Visibility.ME)
    assert reasons(rin) == {}


def test_best_matches_come_where_both_let_themselves_be_compared(rin: User, stranger: User) -> None:
    pair = sorted([rin.pk, stranger.pk])
    Compatibility.objects.create(
        user_a_id=pair[0], user_b_id=pair[1], score=78.4, is_enough=True, fingerprint="x", computed_at=now()
    )
    assert reasons(rin) == {"stranger": "Match 78 · Close"}
    User.objects.filter(pk=stranger.pk).update(shows_matches=False)
    assert reasons(rin) == {}
    User.objects.filter(pk=stranger.pk).update(shows_matches=True)
    rin.shows_matches = False
    assert reasons(rin) == {}


@pytest.mark.parametrize("reason", ["blocked", "blocks", "muted", "followed", "asked", "hidden", "off", "suspended"])
def test_nobody_is_suggested_with_whom_it_is_settled_or_who_is_not_there(
    rin: User, regular: User, mod: User, reason: str
) -> None:
    match reason:
        case "blocked":
            block(by=rin, whom=regular)
        case "blocks":
            block(by=regular, whom=rin)
        case "muted":
            mute(by=rin, whom=regular)
        case "followed":
            follow(by=rin, whom=regular, now=now())
        case "asked":
            Follow.objects.create(follower=rin, followed=regular, state=Follow.State.REQUESTED)
        case "hidden":
            User.objects.filter(pk=regular.pk).update(visibility=Visibility.FOLLOWERS)
        case "off":
            User.objects.filter(pk=regular.pk).update(is_active=False)
        case "suspended":
            at = now() - timedelta(minutes=1)
            suspend(moderator=mod, member=regular, until=None, reason="Rude again and again.", now=at)
    assert reasons(rin) == {}


def test_who_stands_in_two_lists_comes_before_who_stands_first_in_one() -> None:
    ranked = fused([[Candidate(1, "a"), Candidate(2, "b")], [Candidate(3, "c"), Candidate(2, "d")]])
    assert [each.member_id for each in ranked] == [2, 1, 3]
    assert ranked[0].reason == "b"


@pytest.mark.parametrize("n", [1, 12])
def test_the_number_of_queries_does_not_grow(
    rin: User, n: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for member in UserFactory.create_batch(n):
        RatingFactory(user=member)
        NominationFactory(user=member)
        Follow.objects.create(follower=rin, followed=(friend := UserFactory()))
        Follow.objects.create(follower=friend, followed=member)
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(suggestions(rin, n=20)) == n


def test_the_members_page_offers_them_with_a_button(client: Client, rin: User, regular: User) -> None:
    client.force_login(rin)
    page = reverse("social:community")
    assert "Took part in 3 weeks lately" in client.get(page).content.decode()
    client.post(reverse("social:relate", args=["regular"]), {"act": "follow", "next": page})
    assert "Took part in 3 weeks lately" not in client.get(page).content.decode()


def test_visitors_are_offered_nobody(client: Client, regular: User) -> None:
    assert "Took part" not in client.get(reverse("social:community")).content.decode()

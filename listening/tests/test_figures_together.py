"""All members together, and who is counted for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from listening.figures import together
from listening.figures.obscurity import obscurity
from listening.figures.ranges import parse
from listening.models import NowPlaying
from listening.tests.histories import NOW, counted, crowd, heard, listener, track
from listening.tests.histories import together as heard_together
from social.models import Block, Follow, User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def month() -> Any:
    return parse("month", now=NOW, zone=ZoneInfo("UTC"))


def listed(viewer: Any) -> list[tuple[str, int, int]]:
    found = together.most_played("artist", month(), together.counted_members(viewer), now=NOW)
    return [(str(row.music), row.n_members, row.n) for row in found]


def test_what_most_members_play_comes_first_however_often_one_plays_something_else(rin: User) -> None:
    first, second, third = crowd(3)
    heard_together([first, second, third], track("Hero", "Neu"), "2025-11-03 10:00")
    heard_together([first, second], track("Mother Sky", "Can"), "2025-11-03 11:00", "2025-11-04 11:00")
    heard(first, track("Jennifer", "Faust"), *(NOW - timedelta(hours=each) for each in range(1, 50)))
    counted(first)
    assert listed(rin) == [("Neu", 3, 3), ("Can", 2, 4)]  # one member alone makes no list of the club


@pytest.mark.parametrize("hidden", [Visibility.ME, Visibility.FOLLOWERS])
@pytest.mark.parametrize("area", ["listens_visibility", "visibility"])
def test_who_hides_is_counted_for_nobody_else(rin: User, area: str, hidden: Visibility) -> None:
    first, second, third = crowd(3)
    heard_together([first, second, third], track("Hero", "Neu"), "2025-11-03 10:00")
    assert listed(rin) == [("Neu", 3, 3)]
    User.objects.filter(pk=third.pk).update(**{area: hidden})
    Follow.objects.create(follower=rin, followed=third)
    assert listed(rin) == [("Neu", 2, 2)]  # at once, whatever was kept
    User.objects.filter(pk=second.pk).update(**{area: hidden})
    assert listed(rin) == []  # what one member plays is not said as the club's


def test_nobody_is_counted_for_whom_they_block_or_are_blocked_by(rin: User) -> None:
    first, second, third, fourth = crowd(4)
    heard_together([first, second, third, fourth], track("Hero", "Neu"), "2025-11-03 10:00")
    Block.objects.create(blocker=third, blocked=rin)
    Block.objects.create(blocker=rin, blocked=fourth)
    assert listed(rin) == [("Neu", 2, 2)]
    assert listed(first) == [("Neu", 4, 4)]


def test_visitors_count_those_alone_who_show_themselves_to_everybody(rin: User) -> None:
    members = crowd(4)
    heard_together(members, track("Hero", "Neu"), "2025-11-03 10:00")
    assert listed(AnonymousUser()) == []
    shown = [member.pk for member in members[:2]]
    User.objects.filter(pk__in=shown).update(visibility="public", listens_visibility="public")
    User.objects.filter(pk=members[2].pk).update(listens_visibility="public")
    assert listed(AnonymousUser()) == [("Neu", 2, 2)]


def test_inactive_members_are_not_counted(rin: User) -> None:
    first, second = crowd(2)
    heard_together([first, second], track("Hero", "Neu"), "2025-11-03 10:00")
    User.objects.filter(pk=first.pk).update(is_active=False)
    assert listed(rin) == []


def test_places_are_compared_with_the_period_before(rin: User) -> None:
    members = crowd(2)
    heard_together(members, track("Hero", "Neu"), "2025-11-03 10:00")
    heard_together(members, track("Mother Sky", "Can"), "2025-10-03 10:00", "2025-11-03 11:00", "2025-11-04 11:00")
    found = together.most_played("artist", month(), together.counted_members(rin), now=NOW)
    assert [(str(row.music), row.place, row.before) for row in found] == [("Can", 1, 1), ("Neu", 2, None)]


def test_what_grows_most_for_its_size_is_trending(rin: User) -> None:
    members = crowd(2)
    steady, grown = track("Hero", "Neu"), track("Mother Sky", "Can")
    for hour in range(10):
        heard_together(members, steady, f"2025-10-03 {hour:02}:00", f"2025-11-03 {hour:02}:00")
    heard_together(members, grown, "2025-11-05 10:00", "2025-11-06 10:00")
    heard(members[0], grown, "2025-10-05 10:00")  # one member's plays before count too
    counted(members[0])
    found = together.trending("artist", month(), together.counted_members(rin), now=NOW)
    assert [(str(row.music), row.n, row.n_before) for row in found] == [("Can", 4, 1)]


def test_what_plays_now_ends_by_itself_and_is_shown_as_far_as_its_member_allows(rin: User) -> None:
    for place, member in enumerate(crowd(4)):
        NowPlaying.objects.create(
            user=member, source="lastfm", artist_name="Can", title=f"Song {place}", started_at=NOW,
            expires_at=NOW + timedelta(minutes=5 if place else 0),
        )  # fmt: skip
    hidden = User.objects.get(handle="crowd3")
    hidden.listens_visibility = Visibility.ME
    hidden.save()
    assert [row.title for row in together.playing_now(rin, now=NOW)] == ["Song 1", "Song 2"]
    assert [row.title for row in together.playing_now(hidden, now=NOW)] == ["Song 1", "Song 2", "Song 3"]
    assert together.playing_now(AnonymousUser(), now=NOW) == []
    assert together.playing_now(rin, now=NOW + timedelta(minutes=5)) == []


def test_a_second_reader_of_the_same_members_costs_no_query_over_listens(
    rin: User, stranger: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    heard_together(crowd(3), track("Hero", "Neu"), "2025-11-03 10:00")
    assert listed(rin)
    with django_assert_num_queries(2):  # who is counted, and the artists' names
        assert listed(stranger)


def test_obscurity_needs_others_and_counts_only_those_who_show_themselves(rin: User) -> None:
    ana = listener("ana")
    for place in range(4):
        heard(ana, track("Song", f"Artist of {place}"), f"2025-11-0{place + 1} 10:00")
    counted(ana)
    others = crowd(3)
    heard_together(others, track("Song", "Artist of 0"), "2025-11-03 10:00")
    found = obscurity(ana, rin, now=NOW)
    assert found is not None
    assert (found.alone, found.n_artists, found.n_others, found.share) == (3, 4, 3, 0.75)
    secret = listener("secret", listens_visibility=Visibility.ME)
    heard_together([secret], track("Song", "Artist of 1"), "2025-11-03 10:00")
    assert obscurity(ana, rin, now=NOW) == found  # a private member moves nothing
    User.objects.filter(pk=others[0].pk).update(listens_visibility=Visibility.ME)
    assert obscurity(ana, rin, now=NOW) is None  # two others are too few
    assert obscurity(ana, AnonymousUser(), now=NOW) is None

"""The feed as its reader sees it: what comes, in which order, how it is folded and paged; and who sees what of whom.

Every kind of thing in it goes through the same questions: see THINGS.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.tests.factories import AlbumFactory, ArtistFactory
from club.models import DiaryEntry, Nomination, Phase, Rating, WantedAlbum, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from listening.models import AlbumSession, Milestone
from social.feed.asking import Cursor, Item
from social.feed.reading import FeedPage, read_feed
from social.models import Follow, User
from social.relations import block, mute
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = NOW - timedelta(days=2)
FEED = "/feed/"


# --- One of each ----------------------------------------------------------------------------------------------------
def rated(by: User, at: datetime = AT, **said: Any) -> Rating:
    return RatingFactory(user=by, week=None, created_at=at, **said)


def reviewed(by: User, at: datetime = AT) -> Rating:
    return rated(by, at, review="It opens like a door.")


def nominated(by: User, at: datetime = AT) -> Nomination:
    return NominationFactory(user=by, created_at=at, pitch="Play it loud.")


def won(by: User, at: datetime = AT) -> Week:
    week = WeekFactory(phase=Phase.LISTENING, opens_at=at - timedelta(days=5, hours=11), winner__user=by)
    Nomination.objects.filter(week=week).update(created_at=NOW + timedelta(days=1))  # not read of yet
    return week


def logged(by: User, at: datetime = AT) -> DiaryEntry:
    return DiaryEntry.objects.create(user=by, album=AlbumFactory(), listened_on=at.date(), created_at=at)


def wants(by: User, at: datetime = AT) -> WantedAlbum:
    return WantedAlbum.objects.create(user=by, album=AlbumFactory(), created_at=at)


def heard(by: User, at: datetime = AT) -> AlbumSession:
    start = at - timedelta(minutes=40)
    return AlbumSession.objects.create(
        user=by, album=AlbumFactory(), started_at=start, ended_at=at, n_tracks=9, n_tracks_of=10
    )


def reached(by: User, at: datetime = AT) -> Milestone:
    return Milestone.objects.create(user=by, artist=ArtistFactory(), n_plays=250, reached_at=at)


def began_to_follow(by: User, at: datetime = AT) -> Follow:
    row = Follow.objects.create(follower=by, followed=UserFactory())
    Follow.objects.filter(pk=row.pk).update(created_at=at)
    return row


THINGS: dict[str, Callable[[User], Any]] = {
    "rating": rated,
    "review": reviewed,
    "nomination": nominated,
    "win": won,
    "diary": logged,
    "wanted": wants,
    "session": heard,
    "milestone": reached,
    "follow": began_to_follow,
}
AREAS = {
    "rating": "club_visibility",
    "review": "club_visibility",
    "nomination": "club_visibility",
    "win": "club_visibility",
    "diary": "listens_visibility",
    "wanted": "visibility",
    "session": "listens_visibility",
    "milestone": "listens_visibility",
    "follow": "visibility",
}
every_thing = pytest.mark.parametrize("thing", list(THINGS))


@pytest.fixture
def ana(rin: User) -> User:
    """Whom rin follows."""
    member: User = UserFactory(handle="ana", display_name="Ana")
    row = Follow.objects.create(follower=rin, followed=member)
    Follow.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=900))
    return member


def page_of(viewer: User, *, of_everybody: bool = False, **said: Any) -> FeedPage:
    return read_feed(viewer=viewer, of_everybody=of_everybody, zone=UTC, now=NOW, **said)


def items_of(viewer: User, actor: User, **said: Any) -> list[Item]:
    page = page_of(viewer, **said)
    return [item for day in page.days for run in day.runs for item in run.items if item.actor == actor]


# --- Who sees what of whom ------------------------------------------------------------------------------------------
@every_thing
def test_followers_read_it_with_the_member_named(client: Client, rin: User, ana: User, thing: str) -> None:
    THINGS[thing](ana)
    (item,) = items_of(rin, ana)
    assert item.at == AT
    client.force_login(rin)
    assert 'class="feed-who" href="/@ana/">Ana</a>' in client.get(FEED).content.decode()


@every_thing
def test_who_does_not_follow_reads_it_in_the_clubs_feed_alone(stranger: User, ana: User, thing: str) -> None:
    THINGS[thing](ana)
    assert items_of(stranger, ana) == []
    assert len(items_of(stranger, ana, of_everybody=True)) == 1


@every_thing
@pytest.mark.parametrize("way", ["blocks", "blocked", "mutes"])
def test_blocked_and_muted_members_are_not_there(rin: User, stranger: User, ana: User, thing: str, way: str) -> None:
    THINGS[thing](ana)
    if way == "mutes":
        mute(by=rin, whom=ana)
        mute(by=stranger, whom=ana)
    else:
        for other in (rin, stranger):
            block(by=other, whom=ana) if way == "blocks" else block(by=ana, whom=other)
    assert items_of(rin, ana) == []
    assert items_of(stranger, ana, of_everybody=True) == []


@every_thing
@pytest.mark.parametrize("way", ["off", "suspended", "gone"])
def test_members_who_are_not_there_are_not_read_of(rin: User, ana: User, thing: str, way: str) -> None:
    THINGS[thing](ana)
    changes = {
        "off": {"is_active": False},
        "gone": {"is_active": False, "deleted_at": NOW},
        "suspended": {"suspended_at": NOW - timedelta(hours=1)},
    }
    User.objects.filter(pk=ana.pk).update(**changes[way])
    assert items_of(rin, ana) == []
    assert items_of(rin, ana, of_everybody=True) == []


@every_thing
@pytest.mark.parametrize("level", [Visibility.FOLLOWERS, Visibility.ME])
def test_the_members_own_level_for_the_area_is_kept(
    rin: User, stranger: User, ana: User, thing: str, level: str
) -> None:
    THINGS[thing](ana)
    User.objects.filter(pk=ana.pk).update(**{AREAS[thing]: level})
    assert len(items_of(rin, ana)) == (level == Visibility.FOLLOWERS)
    assert items_of(stranger, ana, of_everybody=True) == []


@pytest.mark.parametrize("thing", ["rating", "review", "diary", "wanted"])
@pytest.mark.parametrize("level", [Visibility.FOLLOWERS, Visibility.ME])
def test_the_things_own_level_is_kept(rin: User, stranger: User, ana: User, thing: str, level: str) -> None:
    row = THINGS[thing](ana)
    type(row).objects.filter(pk=row.pk).update(visibility=level)
    assert len(items_of(rin, ana)) == (level == Visibility.FOLLOWERS)
    assert items_of(stranger, ana, of_everybody=True) == []


@pytest.mark.parametrize("thing", ["session", "milestone", "diary"])
def test_who_hides_their_page_hides_what_they_hear(rin: User, ana: User, thing: str) -> None:
    THINGS[thing](ana)
    User.objects.filter(pk=ana.pk).update(visibility=Visibility.ME)
    assert items_of(rin, ana) == []


def test_what_moderators_hid_and_what_was_withdrawn_is_not_there(rin: User, ana: User) -> None:
    hidden, nomination = reviewed(ana), nominated(ana)
    Rating.objects.filter(pk=hidden.pk).update(hidden_at=NOW)
    Nomination.objects.filter(pk=nomination.pk).update(withdrawn_at=NOW)
    assert items_of(rin, ana) == []


def test_a_poll_that_is_not_over_tells_no_winner_and_a_cancelled_week_nothing(rin: User, ana: User) -> None:
    week = won(ana)
    Week.objects.filter(pk=week.pk).update(phase=Phase.POLL)
    assert items_of(rin, ana) == []
    nomination = nominated(ana)
    assert [item.kind for item in items_of(rin, ana)] == ["nomination"]
    Week.objects.filter(pk__in=[week.pk, nomination.week_id]).update(phase=Phase.CANCELLED)
    assert items_of(rin, ana) == []


def test_a_request_is_no_follow_and_a_hidden_member_is_not_named(rin: User, ana: User) -> None:
    row = began_to_follow(ana)
    Follow.objects.filter(pk=row.pk).update(state=Follow.State.REQUESTED)
    assert items_of(rin, ana) == []
    Follow.objects.filter(pk=row.pk).update(state=Follow.State.ACCEPTED)
    assert len(items_of(rin, ana)) == 1
    User.objects.filter(pk=row.followed_id).update(visibility=Visibility.FOLLOWERS)
    assert items_of(rin, ana) == []


def test_a_request_to_follow_opens_no_feed(rin: User, stranger: User) -> None:
    rated(stranger)
    Follow.objects.create(follower=rin, followed=stranger, state=Follow.State.REQUESTED)
    assert items_of(rin, stranger) == []


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    response = client.get(FEED)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# --- The page -------------------------------------------------------------------------------------------------------
def test_a_folded_review_stays_folded_and_others_text_can_be_reported(client: Client, rin: User, ana: User) -> None:
    RatingFactory(user=ana, review="The butler did it.", spoiler=True)
    client.force_login(rin)
    page = client.get(FEED).content.decode()
    assert '<details class="spoiler">' in page
    assert page.index('<details class="spoiler">') < page.index("The butler did it.")
    assert reverse("club:report_rating", args=[Rating.objects.get().pk]) in page


def test_newest_first_under_days_where_the_reader_lives(rin: User, ana: User) -> None:
    for hours in (1, 30, 31, 60):
        reviewed(ana, NOW - timedelta(hours=hours))
    page = page_of(rin)
    assert [(day.date.day, len(day.runs)) for day in page.days] == [(1, 1), (28, 2), (27, 1)]
    assert page.older is None


def test_three_in_a_row_are_one_line_but_words_are_never_folded_away(rin: User, ana: User) -> None:
    for minutes in (1, 2, 3, 5, 6):
        rated(ana, AT - timedelta(minutes=minutes))
    reviewed(ana, AT - timedelta(minutes=4))
    runs = [[item.folds for item in run.items] for run in page_of(rin).days[0].runs]
    assert runs == [[True] * 3, [False], [True], [True]]


def test_a_line_of_one_member_ends_where_another_begins(rin: User, ana: User) -> None:
    other = UserFactory()
    Follow.objects.create(follower=rin, followed=other)
    for minutes, member in enumerate([ana, ana, other, ana, ana]):
        rated(member, AT - timedelta(minutes=minutes))
    assert [len(run.items) for run in page_of(rin).days[0].runs] == [1] * 5


def test_a_folded_line_opens_without_script(client: Client, rin: User, ana: User) -> None:
    albums = [rated(ana, AT - timedelta(minutes=n)).album for n in range(4)]
    client.force_login(rin)
    page = client.get(FEED).content.decode()
    assert "rated 4 albums" in page
    assert '<details class="feed-run">' in page
    assert all(page.count(album.title) >= 2 for album in albums), "in the strip, and in what unfolds"


def test_pages_lose_nothing_and_repeat_nothing_whatever_happened_at_one_moment(rin: User, ana: User) -> None:
    for n in range(4):
        for make in THINGS.values():
            make(ana, AT - timedelta(hours=n // 2))  # type: ignore[call-arg]
    whole = [item.cursor for item in items_of(rin, ana, size=500)]
    assert len(whole) == 36
    paged, before = [], None
    while True:
        page = page_of(rin, size=5, before=before)
        paged += [item.cursor for day in page.days for run in day.runs for item in run.items]
        before = page.older
        if before is None:
            break
    assert paged == whole == sorted(whole, reverse=True)


def test_what_comes_in_meanwhile_moves_no_page(rin: User, ana: User) -> None:
    for n in range(6):
        rated(ana, AT - timedelta(hours=n))
    first = page_of(rin, size=3)
    rated(ana, NOW)
    second = page_of(rin, size=3, before=first.older)
    assert [item.at for day in second.days for run in day.runs for item in run.items] == [
        AT - timedelta(hours=n) for n in (3, 4, 5)
    ]


@pytest.mark.parametrize("text", ["", "x", "1.rating.", ".rating.4", "٣.rating.4", "9" * 40 + ".rating.1", "1.ra-t.4"])
def test_a_place_that_is_none_begins_at_the_top(client: Client, rin: User, ana: User, text: str) -> None:
    assert Cursor.read(text) is None
    rated(ana)
    client.force_login(rin)
    assert "feed-who" in client.get(FEED, {"before": text}).content.decode()


def test_a_place_is_read_as_it_was_written() -> None:
    place = Cursor(NOW + timedelta(microseconds=123_457), "rating", 7)
    assert Cursor.read(str(place)) == place


def test_older_ones_are_a_link_and_for_htmx_only_the_days(client: Client, rin: User, ana: User) -> None:
    for n in range(31):
        reviewed(ana, AT - timedelta(minutes=n))
    client.force_login(rin)
    page = client.get(FEED).content.decode()
    assert page.count('class="feed-who"') == 30
    link = page.split('class="button-quiet" href="/feed/?')[1].split('"')[0]
    whole = client.get(f"/feed/?{link}").content.decode()
    assert whole.count('class="feed-who"') == 1
    assert "<html" in whole
    part = client.get(f"/feed/?{link}", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "<h2" not in part.content.decode(), "the day's heading stands on the page already"
    assert "HX-Request" in part["Vary"]
    assert "private" in part["Cache-Control"]


# --- Empty ----------------------------------------------------------------------------------------------------------
def test_who_follows_nobody_reads_the_club_and_whom_to_follow(client: Client, stranger: User, rin: User) -> None:
    for _ in range(2):
        RatingFactory(user=rin)
    client.force_login(stranger)
    page = client.get(FEED).content.decode()
    assert "You follow nobody yet" in page
    assert "Took part in 2 weeks lately" in page
    assert '<a class="feed-who" href="/@rin/">Rin</a>' in page


def test_who_follows_quiet_members_is_told_so(client: Client, rin: User, ana: User) -> None:
    client.force_login(rin)
    assert "Nothing from the people you follow yet" in client.get(FEED).content.decode()


# --- Queries --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [1, 500])
def test_the_number_of_queries_is_the_same_with_one_and_with_500_followed(
    rin: User, n: int, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    members = User.objects.bulk_create(User(handle=f"m{place}") for place in range(n))
    Follow.objects.bulk_create(Follow(follower=rin, followed=member) for member in members)
    for make in THINGS.values():
        make(members[0])
    with django_assert_num_queries(18):  # type: ignore[operator]
        found = items_of(rin, members[0])
    assert {item.kind for item in found} >= {"rating", "nomination", "win", "session", "follow"}


@pytest.mark.parametrize("n", [1, 9])
def test_the_page_takes_no_query_for_each_row(
    client: Client, rin: User, ana: User, n: int, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for place in range(n):
        reviewed(ana, AT - timedelta(minutes=place))
        heard(ana, AT - timedelta(minutes=place))
    client.force_login(rin)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(FEED)

"""Who has heard how much of the week's album, and who may know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.factories import AlbumFactory, TrackFactory
from club.models import DiaryEntry, Phase, Week
from listening.models import IncognitoRange, Listener
from social.models import Block, User
from social.visibility import Visibility
from taste.album_progress.weeks import WeekProgress, begun_by_week, progress_of_week
from taste.tests.progress.scenes import DAY, N_SONGS, album_of, hears, listening_week, songs, there

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    return listening_week()


@pytest.fixture
def now(week: Week) -> datetime:
    return week.poll_close_at + 5 * DAY


def seen(week: Week, viewer: User | AnonymousUser | None, now: datetime) -> WeekProgress:
    found = progress_of_week(week, viewer, now=now)
    assert found is not None
    return found


def lines(week: Week, viewer: User | None, now: datetime) -> dict[str, tuple[int, int | None]]:
    return {each.member.handle: (each.n_heard, each.n_of) for each in seen(week, viewer, now).shown}


def test_tracks_are_counted_once_and_the_furthest_stands_first(week: Week, now: datetime, stranger: User) -> None:
    ann, ben = there(week, "ann"), there(week, "ben")
    at = now - DAY
    hears(ann, album_of(week), 2, at=at)
    hears(ann, album_of(week), 2, at=at + timedelta(hours=3))
    hears(ben, album_of(week), at=at)
    found = seen(week, stranger, now)
    assert [(each.member, each.n_heard, each.n_of) for each in found.shown] == [(ben, 5, 5), (ann, 2, 5)]
    assert [each.is_whole for each in found.shown] == [True, False]
    assert found.shown[1].first_at == at


def test_the_same_song_from_another_release_counts(week: Week, now: datetime, stranger: User) -> None:
    ann = there(week, "ann")
    album = album_of(week)
    again = TrackFactory(title=songs(album)[0], artist=album.artist, album=AlbumFactory(artist=album.artist))
    assert again.pk not in set(album.lines.values_list("track_id", flat=True))
    hears(ann, album, titles=[again.title, "Something else"], at=now - DAY, called="Greatest Hits")
    assert lines(week, stranger, now) == {"ann": (1, N_SONGS)}


def test_plays_of_before_the_week_are_no_beginning_but_are_told_to_oneself(week: Week, now: datetime) -> None:
    ann = there(week, "ann")
    hears(ann, album_of(week), 3, at=week.opens_at - 30 * DAY)
    found = seen(week, ann, now)
    assert not found.shown
    assert found.own is not None
    assert (found.own.progress.n_heard, found.own.n_known, len(found.own.left)) == (0, 3, N_SONGS)


def test_what_was_heard_after_the_ratings_closed_is_no_longer_of_the_week(stranger: User) -> None:
    week = listening_week(Phase.CLOSED)
    ann = there(week, "ann")
    hears(ann, album_of(week), 2, at=week.discussion_at - DAY)
    hears(ann, album_of(week), 5, at=week.ratings_close_at + DAY)
    assert lines(week, stranger, week.ratings_close_at + 30 * DAY) == {"ann": (2, N_SONGS)}


def test_an_album_without_a_track_list_is_counted_by_what_was_played_from_it(week: Week, now: datetime) -> None:
    ann = there(week, "ann")
    hears(ann, album_of(week), 3, at=now - DAY)
    album_of(week).lines.all().delete()
    [line] = seen(week, ann, now).shown
    assert (line.n_heard, line.n_of, line.is_whole) == (3, None, False)


def test_a_diary_entry_says_it_was_heard(week: Week, now: datetime, stranger: User) -> None:
    ann, ben = there(week, "ann"), there(week, "ben")
    for member, extent in ((ann, "whole"), (ben, "part")):
        DiaryEntry.objects.create(
            user=member, album=album_of(week), listened_on=now.date(), extent=extent, created_at=now
        )
    assert [(each.member, each.n_heard, each.is_whole) for each in seen(week, stranger, now).shown] == [
        (ann, N_SONGS, True),
        (ben, 0, False),
    ]
    DiaryEntry.objects.update(visibility=Visibility.ME)
    assert not seen(week, stranger, now).shown
    own = seen(week, ann, now).own
    assert own is not None
    assert own.progress.is_whole


def test_a_diarys_days_are_those_of_where_its_member_lives(stranger: User) -> None:
    opened = datetime(2025, 11, 18, 2, 0, tzinfo=UTC)  # the 17th in Honolulu
    week = listening_week(opens_at=opened)
    east, west = there(week, "east", timezone="Pacific/Auckland"), there(week, "west", timezone="Pacific/Honolulu")
    now = datetime(2025, 11, 25, 13, 0, tzinfo=UTC)  # the 26th in Auckland
    first, today = date(2025, 11, 17), date(2025, 11, 26)
    for member, day in ((west, first), (east, today)):
        DiaryEntry.objects.create(user=member, album=album_of(week), listened_on=day, created_at=now)
    assert lines(week, stranger, now).keys() == {"east", "west"}
    DiaryEntry.objects.filter(user=east).update(listened_on=first)  # there it was the 18th when the week opened
    assert lines(week, stranger, now).keys() == {"west"}
    assert begun_by_week([week], now=now) == {week.pk: {west.pk}}


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ({}, True),
        ({"shows_progress": False}, False),
        ({"listens_visibility": Visibility.ME}, False),
        ({"listens_visibility": Visibility.FOLLOWERS}, False),
        ({"visibility": Visibility.FOLLOWERS}, False),
        ({"is_active": False}, False),
    ],
)
def test_a_name_stands_by_consent_and_where_the_listens_may_be_read(
    week: Week, now: datetime, stranger: User, said: dict[str, object], is_shown: bool
) -> None:
    ann = there(week, "ann")
    hears(ann, album_of(week), 2, at=now - DAY)
    User.objects.filter(pk=ann.pk).update(**said)
    ann.refresh_from_db()
    assert bool(seen(week, stranger, now).shown) is is_shown
    if ann.is_active:
        own = seen(week, ann, now).own
        assert own is not None
        assert own.progress.n_heard == 2
        assert [track.title for track in own.left] == songs(album_of(week))[2:]


def test_visitors_read_of_those_alone_who_show_everything_to_everybody(week: Week, now: datetime) -> None:
    public = there(week, "pub", visibility=Visibility.PUBLIC, listens_visibility=Visibility.PUBLIC)
    members = there(week, "members")
    for each in (public, members):
        hears(each, album_of(week), 2, at=now - DAY)
    assert lines(week, None, now).keys() == {"pub"}
    assert seen(week, AnonymousUser(), now).own is None


def test_a_block_hides_in_both_directions(week: Week, now: datetime, stranger: User) -> None:
    ann, ben = there(week, "ann"), there(week, "ben")
    for each in (ann, ben):
        hears(each, album_of(week), 2, at=now - DAY)
    Block.objects.create(blocker=ann, blocked=stranger, created_at=now)
    Block.objects.create(blocker=stranger, blocked=ben, created_at=now)
    assert not seen(week, stranger, now).shown


def test_private_times_and_second_tellings_are_not_counted(week: Week, now: datetime, stranger: User) -> None:
    ann = there(week, "ann")
    at = now - DAY
    IncognitoRange.objects.create(user=ann, starts_at=at, ends_at=at + timedelta(minutes=9))
    hears(ann, album_of(week), 3, at=at)
    assert lines(week, stranger, now) == {"ann": (1, N_SONGS)}


# --- The number of all together -------------------------------------------------------------------------------------
def crowd(week: Week, now: datetime, *, n_named: int, n_unnamed: int, unnamed_begun: int) -> None:
    for place in range(n_named):
        hears(there(week, f"named{place}"), album_of(week), 1, at=now - DAY)
    for place in range(n_unnamed):
        member = there(week, f"unnamed{place}", shows_progress=False)
        if place < unnamed_begun:
            hears(member, album_of(week), 1, at=now - DAY)
        else:
            hears(member, AlbumFactory(n_tracks=2), 2, at=now - DAY)


@pytest.mark.parametrize(
    ("n_named", "n_unnamed", "unnamed_begun", "told"),
    [
        (2, 4, 2, (4, 6)),
        (5, 0, 0, (5, 5)),  # all of them show it themselves
        (1, 3, 1, (None, None)),  # four are too few
        (5, 1, 1, (None, None)),  # the number less the names would be one person
        (5, 2, 1, (None, None)),
        (2, 4, 4, (None, None)),  # would tell it of every one of the four
        (2, 4, 0, (None, None)),
    ],
)
def test_the_number_never_tells_what_each_of_those_without_a_name_did(
    week: Week,
    now: datetime,
    stranger: User,
    n_named: int,
    n_unnamed: int,
    unnamed_begun: int,
    told: tuple[int | None, int | None],
) -> None:
    crowd(week, now, n_named=n_named, n_unnamed=n_unnamed, unnamed_begun=unnamed_begun)
    found = seen(week, stranger, now)
    assert (found.n_begun, found.n_there) == told
    assert len(found.shown) == n_named


def test_whoever_hides_their_listens_or_was_never_there_is_not_counted(
    week: Week, now: datetime, stranger: User
) -> None:
    crowd(week, now, n_named=2, n_unnamed=4, unnamed_begun=2)
    for handle, level in (("hidden", Visibility.ME), ("followed", Visibility.FOLLOWERS)):
        hears(there(week, handle, listens_visibility=level), album_of(week), 1, at=now - DAY)
    hears(stranger, album_of(week), 1, at=now - DAY)
    found = seen(week, stranger, now)
    assert (found.n_begun, found.n_there) == (4, 6)


def test_the_queries_are_as_many_for_one_as_for_many(week: Week, now: datetime, stranger: User) -> None:
    def n_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            seen(week, stranger, now)
        return len(asked)

    crowd(week, now, n_named=1, n_unnamed=0, unnamed_begun=0)
    with_one = n_queries()
    crowd_of = [there(week, f"more{place}") for place in range(12)]
    for each in crowd_of:
        hears(each, album_of(week), 2, at=now - DAY)
    assert n_queries() == with_one <= 9
    assert Listener.objects.count() == 13


# --- For reminders --------------------------------------------------------------------------------------------------
def test_reminders_know_who_has_begun_of_those_who_show_it_to_members(week: Week, now: datetime) -> None:
    ann = there(week, "ann")
    quiet = there(week, "quiet", shows_progress=False)
    hidden = there(week, "hidden", listens_visibility=Visibility.FOLLOWERS)
    early = there(week, "early")
    noted = there(week, "noted")
    for each in (ann, quiet, hidden):
        hears(each, album_of(week), 1, at=now - DAY)
    hears(early, album_of(week), 5, at=week.opens_at - DAY)
    DiaryEntry.objects.create(user=noted, album=album_of(week), listened_on=now.date(), created_at=now)
    assert begun_by_week([week], now=now) == {week.pk: {ann.pk, noted.pk}}
    week.phase = Phase.DISCUSSION
    assert begun_by_week([week], now=now) == {}

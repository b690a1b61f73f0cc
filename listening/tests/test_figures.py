"""What is said of a member's listens, from small histories worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from catalog.models import AlbumTrack, Tag, Tagging
from catalog.tests.factories import AlbumFactory, TrackFactory
from listening.figures import completeness, discoveries, genres, milestones, overview, tops
from listening.figures.history import clock, history_of
from listening.figures.ranges import parse
from listening.ingest import withdraw
from listening.tests.histories import NOW, at, counted, evenings, heard, listener, moved, track
from listening.totals import recount_days
from social.models import User

pytestmark = pytest.mark.django_db
UTC_ZONE = ZoneInfo("UTC")


def span(text: str, zone: str = "UTC") -> Any:
    return parse(text, now=NOW, zone=ZoneInfo(zone))


def names(found: tops.Top) -> list[tuple[int, str, int, int | None]]:
    return [(row.place, str(row.music), row.n, row.before) for row in found.rows]


@pytest.fixture
def ana() -> User:
    """October: Can 3, Neu 1. November: Neu 2, Can 1, Faust 1."""
    ana = listener("ana")
    heard(ana, track("Halleluhwah", "Can"), "2025-10-01 10:00", "2025-10-02 10:00", "2025-10-03 10:00")
    heard(ana, track("Hero", "Neu"), "2025-10-03 10:05")
    heard(ana, track("Hero", "Neu"), "2025-11-03 10:00")
    heard(ana, track("Isi", "Neu"), "2025-11-04 10:00")
    heard(ana, track("Halleluhwah", "Can"), "2025-11-05 10:00")
    heard(ana, track("Jennifer", "Faust"), "2025-11-06 10:00")
    counted(ana)
    return ana


def test_the_most_played_of_a_range_with_their_places_before(ana: User) -> None:
    found = tops.top(ana, "artist", span("month"))
    assert names(found) == [(1, "Neu", 2, 2), (2, "Can", 1, 1), (2, "Faust", 1, None)]
    assert (found.n_all, found.compared) == (3, True)


def test_the_most_played_of_all_time_come_from_the_totals(ana: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = tops.top(ana, "artist", span("all"))
    assert names(found) == [(1, "Can", 4, None), (2, "Neu", 3, None), (3, "Faust", 1, None)]
    assert (found.n_all, found.compared) == (3, False)
    assert not [query for query in asked if "listening_listenevent" in query["sql"]]


def test_lists_may_begin_further_down(ana: User) -> None:
    assert names(tops.top(ana, "track", span("all"), n=2, skip=2))[0][0] == 3


@pytest.mark.parametrize("text", ["all", "month", "2025-10-01,2025-11-30"])
def test_duplicates_and_other_members_do_not_count(ana: User, text: str) -> None:
    first = heard(ana, track("Jennifer", "Faust"), "2025-11-07 10:00")[0]
    heard(ana, track("Jennifer", "Faust"), "2025-11-07 10:01", source="spotify", duplicate_of=first)
    bo = listener("bo")
    heard(bo, track("Jennifer", "Faust"), "2025-11-07 10:00", "2025-11-07 11:00")
    counted(ana, bo)
    row = next(row for row in tops.top(ana, "artist", span(text)).rows if str(row.music) == "Faust")
    assert row.n == 2


def test_a_range_is_cut_where_the_members_days_are_cut() -> None:
    ana = listener("ana", zone="Asia/Tokyo")
    heard(ana, track("Mother Sky"), "2025-10-31 14:59")  # 23:59 on 31 October in Tokyo
    heard(ana, track("Vitamin C"), "2025-10-31 15:00")  # midnight
    counted(ana)
    assert [str(row.music.title) for row in tops.top(ana, "track", span("month", "Asia/Tokyo")).rows] == ["Vitamin C"]
    assert history_of(ana, now=NOW).n_in(span("month", "Asia/Tokyo")) == 1


def test_albums_are_counted_only_where_the_album_is_known(ana: User) -> None:
    album = AlbumFactory(title="Tago Mago")
    heard(ana, track("Aumgn", "Can"), "2025-11-08 10:00", album=album)
    counted(ana)
    for text in ("all", "month"):
        found = tops.top(ana, "album", span(text))
        assert [row.music for row in found.rows] == [album]
        assert found.n_all == 1


def test_a_track_stands_beside_the_sleeve_it_was_last_heard_from(ana: User) -> None:
    old, new = AlbumFactory(), AlbumFactory()
    song = track("Aumgn", "Can")
    heard(ana, song, "2025-11-08 10:00", album=old)
    heard(ana, song, "2025-11-09 10:00", album=new)
    counted(ana)
    row = next(row for row in tops.top(ana, "track", span("month")).rows if row.music == song)
    assert row.sleeve == new


def test_a_play_counts_for_each_genre_of_its_artist_once(ana: User) -> None:
    can, neu = track("Halleluhwah", "Can").artist, track("Hero", "Neu").artist
    album = AlbumFactory(artist=neu)
    rock, motorik, rare = (
        Tag.objects.create(name=name, name_key=name, is_genre=True) for name in ("krautrock", "motorik", "rare")
    )
    mood = Tag.objects.create(name="sunny", name_key="sunny")
    Tagging.objects.create(tag=rock, artist=can, source="lastfm", weight=100)
    Tagging.objects.create(tag=rock, artist=can, source="musicbrainz", weight=90)
    Tagging.objects.create(tag=mood, artist=can, source="lastfm", weight=100)
    Tagging.objects.create(tag=rock, album=album, source="musicbrainz", weight=50)
    Tagging.objects.create(tag=motorik, artist=neu, source="lastfm", weight=80)
    Tagging.objects.create(tag=rare, artist=AlbumFactory().artist, source="lastfm", weight=80)
    found = [(row.name, row.n, row.n_artists) for row in genres.top_genres(ana, span("all"))]
    assert found == [("krautrock", 7, 2), ("motorik", 3, 1)]


def test_discoveries_are_what_was_first_heard_in_the_range(ana: User) -> None:
    found, n = discoveries.discovered(ana, span("month"))
    assert [(str(row.music), row.first_at, row.n) for row in found] == [("Faust", at("2025-11-06 10:00"), 1)]
    assert n == 1
    assert discoveries.discovered(ana, span("2025-10"))[1] == 2
    assert discoveries.by_date(ana, span("2025-10")) == [at("2025-10-01 10:00"), at("2025-10-03 10:05")]


def test_an_album_is_complete_when_every_line_was_heard_whatever_it_was_played_from() -> None:
    ana, album = listener(), AlbumFactory(n_tracks=3)
    lines = [line.track for line in album.lines.order_by("position")]
    single = TrackFactory()
    AlbumTrack.objects.create(album=album, track=single, position=9)
    heard(ana, lines[0], "2025-11-01 10:00", "2025-11-02 10:00", album=album)
    heard(ana, lines[1], "2025-11-01 11:00", album=AlbumFactory())
    heard(listener("bo"), lines[2], "2025-11-01 11:00")
    counted(ana)
    found = completeness.completeness(ana, [album.pk])[album.pk]
    assert (found.n_heard, found.n_lines, found.is_whole) == (2, 4, False)
    heard(ana, lines[2], "2025-11-03 10:00")
    heard(ana, single, "2025-11-03 11:00")
    counted(ana)
    assert completeness.completeness(ana, [album.pk])[album.pk].is_whole
    assert completeness.albums_heard(ana).n_whole == 1


def test_albums_that_lack_little_come_first() -> None:
    ana, one_left, two_left = listener(), AlbumFactory(n_tracks=3), AlbumFactory(n_tracks=3)
    for place, line in enumerate(one_left.lines.order_by("position")[:2]):
        heard(ana, line.track, NOW - timedelta(days=place), album=one_left)
    heard(ana, two_left.lines.first().track, *(NOW - timedelta(hours=each) for each in range(1, 9)), album=two_left)
    counted(ana)
    found = completeness.albums_heard(ana)
    assert [album for album, _ in found.nearly] == [one_left, two_left]
    assert (found.n_known, found.n_whole) == (2, 0)


def test_weekday_and_hour_are_the_members_across_a_change_of_clocks() -> None:
    ana = listener("ana", zone="Europe/Berlin")
    heard(ana, track("A"), "2025-10-26 00:30", "2025-10-26 01:30")  # 02:30 twice, a Sunday
    heard(ana, track("A"), "2025-03-30 00:30", "2025-03-30 01:30")  # 01:30 and 03:30, a Sunday
    heard(ana, track("A"), "2025-11-16 23:30")  # Monday 00:30
    counted(ana)
    assert clock(ana, span("2025", "Europe/Berlin")) == {(7, 2): 2, (7, 1): 1, (7, 3): 1, (1, 0): 1}
    assert clock(ana, span("all", "Europe/Berlin")) == clock(ana, span("2025", "Europe/Berlin"))
    assert clock(ana, span("2025-03", "Europe/Berlin")) == {(7, 1): 1, (7, 3): 1}


def test_after_a_move_all_history_is_read_in_the_new_zone() -> None:
    ana = listener("ana", zone="Europe/Berlin")
    heard(ana, track("A"), "2025-10-31 22:30")
    counted(ana)
    moved(ana, "Asia/Tokyo")
    still = history_of(ana, now=NOW)
    assert (still.is_moving, still.zone.key, still.dates) == (True, "Europe/Berlin", [date(2025, 10, 31)])
    recount_days(user=ana, now=NOW)
    now_there = history_of(ana, now=NOW)
    assert (now_there.is_moving, now_there.dates) == (False, [date(2025, 11, 1)])
    assert clock(ana, span("all", "Asia/Tokyo")) == {(6, 7): 1}


def test_a_milestone_is_the_very_play() -> None:
    ana = listener("ana", zone="America/New_York")
    evenings(ana, 1_003)
    found = milestones.milestones(history_of(ana, now=NOW))
    plays = list(ana.listens.order_by("played_at"))
    assert [(each.number, each.played_at, each.track) for each in found] == [
        (number, plays[number - 1].played_at, plays[number - 1].track) for number in (1_000, 500, 100)
    ]


def test_sessions_of_a_range(ana: User) -> None:
    found = milestones.sessions(ana, span("2025-10"))
    assert (found.n, found.n_plays, found.is_all) == (3, 4, True)
    assert found.longest is not None
    assert found.longest.length == timedelta(minutes=5)


def test_a_long_range_is_cut_into_sessions_as_far_as_it_was_read(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(milestones, "N_PLAYS", 3)
    found = milestones.sessions(ana, span("all"))
    assert (found.is_all, found.n) == (False, 2)  # the first of the three may have begun before


@pytest.mark.parametrize("n", [20, 400])
def test_figures_ask_as_often_for_a_long_history_as_for_a_short_one(
    n: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ana = listener()
    evenings(ana, n)
    with django_assert_num_queries(2):
        history = history_of(ana, now=NOW)
    for text, n_queries in (("year", 3), ("all", 3)):
        with django_assert_num_queries(n_queries):
            tops.top(ana, "artist", span(text))
    with django_assert_num_queries(3):
        tops.top(ana, "track", span("all"))
    with django_assert_num_queries(2):
        discoveries.discovered(ana, span("year"))
    with django_assert_num_queries(2):
        genres.top_genres(ana, span("year"))
    with django_assert_num_queries(1):
        clock(ana, span("all"))
    with django_assert_num_queries(1):
        milestones.sessions(ana, span("all"))
    with django_assert_num_queries(3):
        completeness.albums_heard(ana)
    with django_assert_num_queries(0):
        history.n_in(span("year"))


@pytest.mark.parametrize("kind", ["artist", "album", "track"])
@pytest.mark.parametrize("with_duplicates", [False, True])
def test_everything_from_the_totals_is_everything_from_the_plays(kind: str, with_duplicates: bool) -> None:
    ana = listener("ana", zone="Pacific/Auckland")
    evenings(ana, 300)
    if with_duplicates:
        for play in list(ana.listens.select_related("track__artist")[:40]):
            heard(ana, play.track, play.played_at, source="spotify", album=play.album, duplicate_of=play)
        counted(ana)
    whole = span("2025-01-01,2025-12-31", "Pacific/Auckland")
    for found in (tops.counts_of_all(ana, kind, whole, n=50), (tops.counts(ana, kind, whole, n=50), None)):
        assert found[0] == tops.counts(ana, kind, span("all"), n=50)
    assert tops.counts_of_all(ana, kind, whole, n=2)[1] == tops.counts_of_all(ana, kind, span("all"), n=2)[1]
    history = history_of(ana, now=NOW)
    assert history.n_in(whole) == 300 == sum(clock(ana, whole).values())


def test_kept_places_of_the_period_before_follow_what_is_taken_out_of_it(ana: User) -> None:
    first = overview.overview(history_of(ana, now=NOW), span("month")).artists
    assert [(str(row.music), row.before) for row in first.rows] == [("Neu", 2), ("Can", 1), ("Faust", None)]
    october = ana.listens.filter(artist__name="Can", played_at__lt=at("2025-11-01 00:00"))
    withdraw(user=ana, listen_ids=list(october.values_list("pk", flat=True)), now=NOW)
    after = overview.overview(history_of(ana, now=NOW), span("month")).artists
    assert [(str(row.music), row.before) for row in after.rows] == [("Neu", 1), ("Can", None), ("Faust", None)]

"""Predictions are made before the poll closes, stay as they were told, and meet the truth afterwards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Album
from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Week
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from social.models import Block, Follow, User
from social.tests.callers import caller_of
from social.tests.factories import UserFactory
from social.visibility import Visibility
from taste.models import PredictedRating
from taste.predicting import predict, record, rounds
from taste.predicting.foretelling import LEAST_RATINGS, TooLittle
from taste.tests.recommending.listening_club import tagged

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = MONDAY + 2 * DAY


def rated(member: User, album: Album, half_stars: int, *, at: datetime = MONDAY - 30 * DAY, **fields: Any) -> Rating:
    row: Rating = RatingFactory(
        week=None, user=member, album=album, half_stars=half_stars, created_at=at, updated_at=at, **fields
    )
    return row


@pytest.fixture
def shelf() -> tuple[list[Album], list[Album]]:
    return (
        [tagged(AlbumFactory(title=f"Dub {place}"), "dub") for place in range(6)],
        [tagged(AlbumFactory(title=f"Folk {place}"), "folk") for place in range(6)],
    )


@pytest.fixture
def club(shelf: tuple[list[Album], list[Album]], rin: User, sol: User, stranger: User) -> list[User]:
    """rin and sol love dub, stranger loves folk; each rated four of both."""
    for place, member in enumerate((rin, sol, stranger)):
        for dub, folk in zip(shelf[0][:4], shelf[1][:4], strict=True):
            rated(member, dub, 4 if place == 2 else 9)
            rated(member, folk, 9 if place == 2 else 4)
    return [rin, sol, stranger]


@pytest.fixture
def week(club: list[User], shelf: tuple[list[Album], list[Album]]) -> Week:
    week: Week = WeekFactory(phase=Phase.NOMINATIONS)
    for kind in shelf:
        NominationFactory(week=week, album=kind[5], user=UserFactory())
    return week


def moved(week: Week, phase: str, winner: Album | None = None) -> None:
    week.phase = phase
    if winner is not None:
        week.winner = Nomination.objects.get(week=week, album=winner)
    week.save()


def told() -> dict[tuple[str, str], PredictedRating]:
    rows = PredictedRating.objects.select_related("user", "album")
    return {(row.user.handle, row.album.title): row for row in rows}


def test_whoever_loves_dub_is_told_to_love_the_dub_nominee(week: Week) -> None:
    assert rounds.predict_due(now=NOW) == 6
    rows = told()
    for handle, loved, other in (("rin", "Dub 5", "Folk 5"), ("stranger", "Folk 5", "Dub 5")):
        assert rows[handle, loved].stars > rows[handle, other].stars + 0.5
        assert rows[handle, loved].n_ratings == 8
        assert "up by your ratings of its genres" in rows[handle, loved].reason
        assert rows[handle, loved].reason.startswith("From your mean of 3.2")


def test_nobody_is_told_anything_from_too_few_ratings(week: Week, shelf: tuple[list[Album], list[Album]]) -> None:
    newcomer = UserFactory()
    for album in shelf[0][: LEAST_RATINGS - 2]:
        rated(newcomer, album, 8)
    rounds.predict_due(now=NOW)
    assert not PredictedRating.objects.filter(user=newcomer).exists()
    answer = predict(newcomer, [shelf[0][5].pk])
    assert answer == TooLittle(2)
    assert "Rate 2 more albums" in str(answer)


def test_the_same_job_twice_writes_nothing_new_and_the_poll_makes_them_once_more(week: Week) -> None:
    rounds.predict_due(now=NOW)
    assert rounds.predict_due(now=NOW + DAY) == 0
    moved(week, Phase.POLL)
    in_poll = week.nominations_close_at + timedelta(hours=1)
    assert rounds.predict_due(now=in_poll) == 6
    assert {row.computed_at for row in told().values()} == {in_poll}
    assert rounds.predict_due(now=in_poll + timedelta(hours=1)) == 0


@pytest.mark.parametrize("phase", [Phase.SCHEDULED, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED, Phase.CANCELLED])
def test_in_no_other_phase_anything_is_predicted(
    week: Week, shelf: tuple[list[Album], list[Album]], phase: str
) -> None:
    moved(week, phase, shelf[0][5])
    assert rounds.predict_due(now=NOW) == 0


def test_from_the_polls_close_on_nothing_changes_even_if_the_week_is_late(week: Week) -> None:
    moved(week, Phase.POLL)
    assert rounds.predict_due(now=week.poll_close_at) == 0


def test_an_album_that_its_member_has_rated_is_not_predicted_any_more(
    week: Week, rin: User, shelf: tuple[list[Album], list[Album]]
) -> None:
    rounds.predict_due(now=NOW)
    before = told()["rin", "Dub 5"]
    rated(rin, shelf[0][5], 2, at=NOW + timedelta(hours=1))
    moved(week, Phase.POLL)
    rounds.predict_due(now=week.nominations_close_at)
    after = told()
    assert (after["rin", "Dub 5"].stars, after["rin", "Dub 5"].computed_at) == (before.stars, NOW)
    assert after["rin", "Folk 5"].computed_at == week.nominations_close_at
    PredictedRating.objects.all().delete()
    rounds.predict_due(now=week.nominations_close_at)
    assert ("rin", "Dub 5") not in told()


def test_the_truth_is_written_beside_follows_a_change_and_leaves_with_the_rating(
    week: Week, rin: User, shelf: tuple[list[Album], list[Album]]
) -> None:
    rounds.predict_due(now=NOW)
    predicted = told()["rin", "Dub 5"].stars
    moved(week, Phase.DISCUSSION, shelf[0][5])
    at = week.discussion_at + timedelta(hours=1)
    rating = RatingFactory(week=week, user=rin, half_stars=10, created_at=at, updated_at=at)
    assert rounds.settle(now=at) == 1
    assert rounds.settle(now=at) == 0
    row = told()["rin", "Dub 5"]
    assert (row.half_stars, row.settled_at, row.stars) == (10, at, predicted)
    Rating.objects.filter(pk=rating.pk).update(half_stars=7, updated_at=at + DAY)
    assert rounds.settle(now=at + DAY) == 1
    assert told()["rin", "Dub 5"].half_stars == 7
    Rating.objects.filter(pk=rating.pk).update(hidden_at=at + DAY)
    assert rounds.settle(now=at + 2 * DAY) == 1
    assert (told()["rin", "Dub 5"].half_stars, told()["rin", "Dub 5"].settled_at) == (None, None)


def page(week: Week, member: User | None, **query: str) -> str:
    client = Client()
    if member is not None:
        client.force_login(member)
    with time_machine.travel(NOW, tick=False):
        html: str = client.get(week.get_absolute_url(), query).content.decode()
    found = re.search(r'<section class="panel-quiet predictions".*?</section>', html, re.DOTALL)
    return found[0] if found else ""


def test_before_the_close_a_member_reads_their_own_and_nobody_elses(
    week: Week, rin: User, mod: User, stranger: User
) -> None:
    rounds.predict_due(now=NOW)
    mine = page(week, rin)
    assert "Only you see it" in mine
    assert mine.index("Dub 5") < mine.index("Folk 5")
    theirs = page(week, stranger)
    assert theirs.index("Folk 5") < theirs.index("Dub 5")
    assert page(week, None) == ""
    assert page(week, rin, **{"as": "visitor"}) == ""
    assert "Rate 5 more albums" in page(week, mod)
    for member in (rin, mod, stranger):
        assert f"{member}" not in theirs.replace(str(stranger), "")
        whole = caller_of(member).get(f"club/weeks/{week.number}").content.decode()
        assert "predict" not in whole


def test_afterwards_all_are_shown_beside_the_truth_as_far_as_ratings_and_tastes_may_be_read(
    week: Week, club: list[User], mod: User, shelf: tuple[list[Album], list[Album]]
) -> None:
    rin, sol, stranger = club
    rounds.predict_due(now=NOW)
    moved(week, Phase.DISCUSSION, shelf[0][5])
    at = week.discussion_at + timedelta(hours=1)
    ratings = [
        RatingFactory(week=week, user=member, half_stars=half, created_at=at, updated_at=at)
        for member, half in ((rin, 9), (sol, 8), (stranger, 5))
    ]

    def names(viewer: User | None) -> set[str]:
        return {line.member.handle for line in record.lines_of(week, viewer)}

    assert names(mod) == set()  # not settled yet
    rounds.settle(now=at)
    assert names(mod) == {"rin", "sol", "stranger"}
    assert names(None) == set()  # tastes are for members by default
    panel = page(week, mod)
    assert "Predicted and rated" in panel
    assert "3 predictions" in panel
    assert "For you" in page(week, rin)
    for fields, seen in (
        ({"taste_visibility": Visibility.ME}, {"sol", "stranger"}),
        ({"taste_visibility": Visibility.FOLLOWERS}, {"sol", "stranger"}),
        ({"visibility": Visibility.ME, "taste_visibility": Visibility.MEMBERS}, {"sol", "stranger"}),
        ({"visibility": Visibility.PUBLIC, "club_visibility": Visibility.ME}, {"sol", "stranger"}),
        ({"club_visibility": Visibility.PUBLIC}, {"rin", "sol", "stranger"}),
    ):
        User.objects.filter(pk=rin.pk).update(**fields)
        assert names(mod) == seen, fields
    Rating.objects.filter(pk=ratings[0].pk).update(visibility=Visibility.FOLLOWERS)
    assert names(mod) == {"sol", "stranger"}
    assert "rin" in names(sol)  # who follows rin
    assert record.record_of(record.lines_of(week, mod)) is None  # of two lines no figure is told
    Block.objects.create(blocker=sol, blocked=mod)
    assert names(mod) == {"stranger"}
    assert Follow.objects.filter(follower=sol, followed=rin).exists()


def test_a_record_is_the_mean_error_and_the_share_within() -> None:
    def line(stars: float, low: float, high: float, truth: float) -> record.Line:
        return record.Line(PredictedRating(stars=stars, low=low, high=high), User(), truth)

    three = [line(4.0, 3.0, 5.0, 4.5), line(3.0, 2.5, 3.5, 4.0), line(2.0, 1.0, 3.0, 2.0)]
    found = record.record_of(three)
    assert found == record.ErrorRecord(3, pytest.approx(0.5), pytest.approx(2 / 3))
    assert record.record_of(three[:2]) is None


def test_a_panel_of_many_takes_as_many_queries_as_of_one(
    week: Week, rin: User, shelf: tuple[list[Album], list[Album]]
) -> None:
    rounds.predict_due(now=NOW)
    moved(week, Phase.CLOSED, shelf[0][5])
    at = week.discussion_at + timedelta(hours=1)

    def settled(member: User) -> None:
        RatingFactory(week=week, user=member, half_stars=8, created_at=at, updated_at=at)
        PredictedRating.objects.update_or_create(
            user=member,
            album=shelf[0][5],
            defaults={"stars": 3.5, "low": 3, "high": 4, "n_ratings": 8, "reason": "…", "computed_at": NOW},
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            record.lines_of(week, rin)
            record.lines_of_all(rin)
        return len(taken)

    settled(UserFactory())
    rounds.settle(now=at)
    few = queries()
    for _ in range(20):
        settled(UserFactory())
    rounds.settle(now=at)
    assert len(record.lines_of(week, rin)) == 21
    assert queries() == few

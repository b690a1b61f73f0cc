"""Rating the week's album, and the figures that follow in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tests.factories import AlbumFactory, TrackFactory
from club import aggregates
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Phase, Rating, Week
from club.ratings import clear_rating, rate, rate_outside, week_summary
from club.revision import current
from club.tasks import check_aggregates
from club.tests.factories import RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def week(db: None) -> Week:
    return WeekFactory(phase=Phase.DISCUSSION)


@pytest.fixture
def now(week: Week) -> datetime:
    return week.discussion_at


def refused(code: str) -> pytest.RaisesExc[ClubRuleBroken]:
    return pytest.RaisesExc(ClubRuleBroken, check=lambda error: error.code == code)


def test_a_new_number_keeps_the_review(week: Week, rin: User, now: datetime) -> None:
    rating, is_new = rate(member=rin, week=week, half_stars=8, review=" Cold. ", spoiler=True, now=now)
    assert (is_new, rating.review, rating.album) == (True, "Cold.", week.winner.album)
    again, is_new = rate(member=rin, week=week, half_stars=9, now=now + SECOND)
    assert (is_new, again.pk, again.half_stars, again.review, again.spoiler) == (False, rating.pk, 9, "Cold.", True)
    assert (again.created_at, again.updated_at) == (now, now + SECOND)
    assert rate(member=rin, week=week, half_stars=9, review="", now=now + SECOND)[0].review == ""
    before = current()
    rate(member=rin, week=week, half_stars=9, review="", now=now + 2 * SECOND)
    assert current() == before, "the same again changes nothing"
    assert Rating.objects.get().updated_at == now + SECOND
    assert again.history.count() == 3


def test_a_track_names_itself_and_free_text_is_no_track(week: Week, rin: User, now: datetime) -> None:
    track = TrackFactory(title="Idioteque")
    assert rate(member=rin, week=week, half_stars=8, track=track, now=now)[0].favorite_track == "Idioteque"
    assert rate(member=rin, week=week, half_stars=8, favorite_track="Optimistic", now=now)[0].track is None


@pytest.mark.parametrize("half_stars", [1, 11, 0, -2, 7.5, True])
def test_only_half_stars_from_one_to_five(week: Week, rin: User, now: datetime, half_stars: int) -> None:
    with refused("bad_value"):
        rate(member=rin, week=week, half_stars=half_stars, now=now)


def test_texts_have_limits(week: Week, rin: User, now: datetime) -> None:
    for texts in ({"review": "x" * 8001}, {"favorite_track": "x" * 301}, {"review": "a\x00"}, {"visibility": "some"}):
        with refused("bad_value"):
            rate(member=rin, week=week, half_stars=7, now=now, **texts)
    assert not Rating.objects.exists()


def test_ratings_are_open_only_during_the_discussion(week: Week, rin: User, now: datetime) -> None:
    waiting = WeekFactory(phase=Phase.LISTENING)
    with pytest.raises(ClubRuleBroken, match="Ratings for WEEK 002 open on Monday 20:00"):
        rate(member=rin, week=waiting, half_stars=7, now=waiting.discussion_at - SECOND)
    assert rate(member=rin, week=waiting, half_stars=7, now=waiting.discussion_at)[1]
    with pytest.raises(ClubRuleBroken, match="Ratings for WEEK 001 closed on Thursday 20:00"):
        rate(member=rin, week=week, half_stars=7, now=week.ratings_close_at)
    assert rate(member=rin, week=week, half_stars=7, now=week.ratings_close_at - SECOND)[1]


def test_figures_count_every_rating_whoever_may_read_it(week: Week, rin: User, sol: User, now: datetime) -> None:
    rate(member=rin, week=week, half_stars=10, visibility=Visibility.ME, now=now)
    rate(member=sol, week=week, half_stars=5, now=now)
    rate(member=UserFactory(), week=week, half_stars=6, now=now)
    week.refresh_from_db()
    summary = week_summary(week)
    assert (summary.count, summary.mean, summary.histogram) == (3, 3.5, (0, 0, 0, 1, 1, 0, 0, 0, 1))
    assert summary.sd == pytest.approx((((5 - 3.5) ** 2 + (2.5 - 3.5) ** 2 + (3 - 3.5) ** 2) / 3) ** 0.5)


def test_an_average_of_few_is_not_shown(week: Week, rin: User, sol: User, now: datetime) -> None:
    for member in (rin, sol):
        rate(member=member, week=week, half_stars=8, now=now)
    week.refresh_from_db()
    assert (week_summary(week).mean, week_summary(week).sd, week_summary(week).count) == (None, None, 2)
    ClubSettings.objects.update(minimum_ratings=2)
    assert week_summary(week).mean == 4.0


def test_taking_a_rating_back(week: Week, rin: User, sol: User, now: datetime) -> None:
    rating, _ = rate(member=rin, week=week, half_stars=8, now=now)
    with refused("not_your_own"):
        clear_rating(rating=rating, by=sol, now=now)
    with refused("wrong_phase"):
        clear_rating(rating=rating, by=rin, now=week.ratings_close_at)
    clear_rating(rating=rating, by=rin, now=now)
    week.refresh_from_db()
    assert (week.rating_count, week.rating_mean, sum(week.rating_histogram)) == (0, None, 0)
    clear_rating(rating=Rating(pk=99, week=week, user=rin), by=rin, now=now)


def test_rating_outside_the_club(rin: User, monday: datetime) -> None:
    album = AlbumFactory()
    rating, is_new = rate_outside(member=rin, album=AlbumFactory(merged_into=album), half_stars=6, now=monday)
    assert (is_new, rating.week, rating.album) == (True, None, album)
    again, is_new = rate_outside(member=rin, album=album, half_stars=7, review="Grew.", now=monday + SECOND)
    assert (is_new, again.pk, again.half_stars) == (False, rating.pk, 7)
    clear_rating(rating=again, by=rin, now=monday + timedelta(days=999))
    assert not Rating.objects.exists()


def test_suspended_members_do_not_rate(week: Week, rin: User, now: datetime) -> None:
    rating = RatingFactory(user=rin)
    rin.suspended_at = now
    for act in (
        lambda: rate(member=rin, week=week, half_stars=7, now=now),
        lambda: rate_outside(member=rin, album=AlbumFactory(), half_stars=7, now=now),
        lambda: clear_rating(rating=rating, by=rin, now=now),
    ):
        with refused("suspended"):
            act()


@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(2, 10))), max_size=12))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_kept_figures_are_always_what_the_rows_say(
    week: Week, now: datetime, acts: list[tuple[int, int | None]]
) -> None:
    Rating.objects.all().delete()
    Week.objects.update(rating_count=0, rating_mean=None, rating_sd=None, rating_histogram=[0] * 9)
    members = [User.objects.get_or_create(handle=f"rater{n}")[0] for n in range(4)]
    given: dict[int, int] = {}
    for who, half_stars in acts:
        if half_stars is None:
            if mine := Rating.objects.filter(user=members[who]).first():
                clear_rating(rating=mine, by=members[who], now=now)
            given.pop(who, None)
        else:
            rate(member=members[who], week=week, half_stars=half_stars, now=now)
            given[who] = half_stars
    assert aggregates.compare() == []
    week.refresh_from_db()
    assert week.rating_count == len(given)
    assert week.rating_mean == (sum(given.values()) / len(given) / 2 if given else None)


def test_wrong_figures_are_found_and_repaired(week: Week, rin: User, now: datetime) -> None:
    rate(member=rin, week=week, half_stars=8, now=now)
    assert check_aggregates() == "0 weeks with wrong figures, 0 repaired"
    Week.objects.update(rating_count=5, rating_mean=1.0, poll_margin=3)
    (wrong,) = aggregates.compare()
    assert str(wrong) == (
        "WEEK 001: rating_count is 5, rows say 1; rating_mean is 1.0, rows say 4.0; poll_margin is 3, rows say None"
    )
    before = current()
    assert check_aggregates() == "1 weeks with wrong figures, 1 repaired"
    assert (aggregates.compare(), current()) == ([], before + 1)
    week.refresh_from_db()
    assert (week.rating_count, week.rating_mean, week.poll_margin) == (1, 4.0, None)

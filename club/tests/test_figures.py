"""The page of statistics: what it says about a small club, and that it asks the database a constant number of times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from club.figures.whole_club import ClubFigures, club_figures, member_against_club
from club.models import ClubSettings, Phase, Vote, Week
from club.tests.factories import MONDAY, NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=4000)


def week_of(number: int, *, winner: User, loser: User, ratings: dict[User, int], genre: str = "Jazz") -> Week:
    """A closed week that `winner`'s nomination won by 2 points to 1, with these half-stars."""
    opens_at = MONDAY + timedelta(days=7 * number)
    week = WeekFactory(number=number, opens_at=opens_at, phase=Phase.CLOSED, winner__user=winner, winner__genre=genre)
    second = NominationFactory(week=week, user=loser, genre="Rock")
    Vote.objects.create(week=week, user=loser, nomination=week.winner, rank=1, cast_at=opens_at)
    Vote.objects.create(week=week, user=winner, nomination=second, rank=2, cast_at=opens_at)
    for member, half_stars in ratings.items():
        RatingFactory(week=week, user=member, half_stars=half_stars)
    week.refresh_from_db()
    return week


@pytest.fixture
def three(rin: User, sol: User, stranger: User) -> list[User]:
    return [rin, sol, stranger]


def test_an_empty_club_has_figures_too() -> None:
    figures = club_figures(LATER)
    assert (figures.n_weeks, figures.overall.count, figures.kindest, figures.hall_of_fame) == (0, 0, None, ())
    assert figures.mean_attendance is None


def test_the_ranking_shrinks_a_mean_of_few_ratings(three: list[User]) -> None:
    rin, sol, stranger = three
    crowd = UserFactory.create_batch(9)
    few = week_of(1, winner=rin, loser=sol, ratings={rin: 10, sol: 10, stranger: 10})
    many = week_of(2, winner=sol, loser=rin, ratings=dict.fromkeys([*crowd, *three], 9))
    below = week_of(3, winner=rin, loser=sol, ratings={rin: 2, sol: 2})

    figures = club_figures(LATER)

    # C = (3 x 5.0 + 12 x 4.5 + 2 x 1.0) / 17 = 71 / 17, m = median(3, 12, 2) = 3
    club_mean = 71 / 17
    assert [(row.week, row.place) for row in figures.ranking] == [(few, 1), (many, 2)]
    assert figures.ranking[0].score == pytest.approx((3 * 5.0 + 3 * club_mean) / 6)
    assert figures.ranking[1].score == pytest.approx((12 * 4.5 + 3 * club_mean) / 15)
    assert below not in [row.week for row in figures.ranking]


def test_the_kindest_and_the_hardest_need_five_weeks(three: list[User]) -> None:
    rin, sol, stranger = three
    for number in range(1, 6):
        week_of(
            number, winner=rin, loser=sol, ratings={rin: 10, sol: 6, stranger: 6} if number < 5 else {rin: 10, sol: 6}
        )
    figures = club_figures(LATER)
    assert figures.kindest is not None
    assert figures.hardest is not None
    assert (figures.kindest.member, figures.kindest.leaning.offset) == (rin, 2.0)
    assert figures.hardest.member == sol
    assert {rater.member for rater in figures.raters} == {rin, sol}


def test_the_nominator_table(three: list[User]) -> None:
    rin, sol, _ = three
    User.objects.filter(pk=sol.pk).update(shows_ballots=True)
    week_of(1, winner=rin, loser=sol, ratings={rin: 8, sol: 6})
    week_of(2, winner=rin, loser=sol, ratings={})
    first, second = club_figures(LATER).nominators
    assert (first.member, first.nominations, first.wins, first.nearly) == (rin, 2, 2, 0)
    assert first.win_rate == pytest.approx((2 + 2 * 0.5) / 4)
    assert first.mean_of_picks == 3.5
    assert (second.member, second.wins, second.nearly, second.polls_voted, second.kingmaker) == (sol, 0, 2, 2, 2)
    assert first.kingmaker is None, "rin does not show ballots"


def test_who_is_not_public_is_counted_but_not_named(three: list[User]) -> None:
    rin, sol, stranger = three
    User.objects.filter(pk=sol.pk).update(club_visibility=Visibility.MEMBERS)
    week_of(1, winner=rin, loser=sol, ratings={rin: 8, sol: 6})
    for_visitors, for_members = club_figures(LATER), club_figures(LATER, viewer=stranger)
    assert for_visitors.n_members == for_members.n_members == 2
    assert for_visitors.overall == for_members.overall
    assert [row.member for row in for_visitors.nominators] == [rin]
    assert {row.member for row in for_members.nominators} == {rin, sol}


def test_groups_attendance_streaks_and_records(three: list[User]) -> None:
    rin, sol, stranger = three
    week_of(1, winner=rin, loser=sol, ratings={stranger: 8}, genre="jazz")
    week_of(2, winner=sol, loser=rin, ratings={}, genre="Jazz")
    figures = club_figures(LATER)
    assert [(row.name, row.nominations, row.wins, row.mean) for row in figures.genres] == [
        ("jazz", 2, 2, 4.0), ("Rock", 2, 0, None),
    ]  # fmt: skip
    assert [(row.members, row.voters, row.raters) for row in figures.attendance] == [(3, 2, 1), (2, 2, 0)]
    assert [row.turnout for row in figures.attendance] == [pytest.approx(2 / 3), pytest.approx(2 / 3)]
    assert figures.mean_attendance == 2.5
    assert {(row.member, row.streak.longest, row.streak.current) for row in figures.streaks} == {
        (rin, 2, 2), (sol, 2, 2), (stranger, 1, 0),
    }  # fmt: skip
    assert [poll.margin for poll in figures.closest] == [1, 1]
    assert [(record.title, record.value) for record in figures.hall_of_fame if record.week] == [
        ("Most talked about", "1 rating"), ("Landslide", "1 point"), ("Fullest field", "2 nominations"),
        ("Best turnout", "67%"),
    ]  # fmt: skip


def test_a_hidden_rating_counts_nowhere(three: list[User]) -> None:
    rin, sol, stranger = three
    week = week_of(1, winner=rin, loser=sol, ratings={rin: 10, sol: 6, stranger: 2})
    RatingFactory._meta.model.objects.filter(week=week, user=stranger).update(hidden_at=LATER)
    assert club_figures(LATER).overall.count == 2
    assert member_against_club(stranger).figures.count == 0


def test_you_against_the_club(three: list[User]) -> None:
    rin, sol, stranger = three
    weeks = [week_of(n, winner=rin, loser=sol, ratings={rin: 10, sol: 6, stranger: 6}) for n in range(1, 6)]
    private = weeks[0].ratings.get(user=rin)
    private.visibility = Visibility.ME
    private.save()
    mine = member_against_club(rin)
    assert (mine.figures.mean, mine.others_mean, mine.style.name) == (5.0, 3.0, "Generous")
    assert [row.week.number for row in mine.loved_more] == [5, 4, 3, 2], "the private one is not told to visitors"
    assert len(member_against_club(rin, viewer=rin).loved_more) == 5
    assert mine.favourite_genre == ("Jazz", 5.0)
    assert (mine.nominations, mine.wins, mine.attended, mine.n_weeks, mine.streak.longest) == (5, 5, 5, 5, 5)
    assert member_against_club(sol).style.name == "Strict"


def n_queries(three: list[User]) -> tuple[int, int]:
    ClubSettings.load()  # made at first use
    with CaptureQueriesContext(connection) as club:
        figures: ClubFigures = club_figures(LATER)
    _ = [str(row.week.winner.album.artist) for row in figures.ranking]
    with CaptureQueriesContext(connection) as member:
        member_against_club(three[0])
    return len(club), len(member)


def test_queries_do_not_grow_with_the_club(three: list[User]) -> None:
    rin, sol, stranger = three
    week_of(1, winner=rin, loser=sol, ratings={rin: 10, sol: 6, stranger: 6})
    with_one = n_queries(three)
    for number in range(2, 21):
        week_of(number, winner=rin, loser=sol, ratings={rin: 10, sol: 6, stranger: 6, UserFactory(): 4})
    assert n_queries(three) == with_one
    assert with_one[0] <= 7
    assert with_one[1] <= 7

"""Finding weeks in the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.tests.factories import AlbumFactory, ArtistFactory
from club.archive import SORTS, archive, facet_rows
from club.figures.whole_club import club_figures
from club.models import ClubSettings, Phase, Week
from club.tests.factories import MONDAY, RatingFactory, WeekFactory
from social.models import User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def week_of(
    title: str,
    artist: str,
    *,
    weeks: int = 0,
    ratings: tuple[int, ...] = (),
    year: int | None = None,
    artist_country: str = "",
    poll_margin: int | None = None,
    **winner: object,
) -> Week:
    maker = ArtistFactory(name=artist, country=artist_country)
    week = WeekFactory(
        phase=Phase.CLOSED,
        opens_at=MONDAY + timedelta(weeks=weeks),
        poll_margin=poll_margin,
        winner__album=AlbumFactory(title=title, artist=maker, release_year=year),
        **{f"winner__{name}": value for name, value in winner.items()},
    )
    for half_stars in ratings:
        RatingFactory(week=week, half_stars=half_stars)
    return week


def found(**wanted: str) -> list[str]:
    return [week.winner.album.title for week in archive(**wanted).with_winner()]


def test_only_decided_weeks_newest_first() -> None:
    WeekFactory(phase=Phase.POLL)
    week_of("Blue", "Joni Mitchell")
    week_of("Hejira", "J. Mitchell", weeks=1)
    assert found() == found(sort="nonsense") == ["Hejira", "Blue"]


def test_every_word_of_a_search_must_be_found_somewhere() -> None:
    week_of("Homogenic", "Björk")
    week = week_of("Ágætis byrjun", "Sigur Rós", weeks=1)
    Week.objects.filter(pk=week.pk).update(theme="Northern lights")
    assert found(q="bjork") == found(q="HOMOGENIC björk") == ["Homogenic"]
    assert found(q="agaetis ros") == found(q="northern") == found(q="WEEK 002") == found(q="2") == ["Ágætis byrjun"]
    assert found(q="bjork northern") == []
    assert found(q="%") == found(q="' OR 1=1 --") == []


def test_filters_take_what_was_said_else_what_is_known(rin: User) -> None:
    week_of("Said", "A", genre="Trip Hop", decade="1990s", country="United Kingdom", user=rin)
    week_of("Known", "B", weeks=1, year=1994, artist_country="GB")
    week_of("Overruled", "C", weeks=2, year=1994, decade="1980s", artist_country="GB", country="Iceland")
    assert found(genre="trip hop") == ["Said"]
    assert found(decade="1990s") == ["Known", "Said"]
    assert found(country="united kingdom") == found(country="GB") == ["Known", "Said"]
    assert found(nominator="RIN", decade="1990s") == ["Said"]
    assert found(decade="long ago") == found(genre="nothing") == found(nominator="nobody") == []
    assert {(row.genre, row.decade, row.country) for row in facet_rows()} == {
        ("Trip Hop", "1990s", "United Kingdom"), ("", "1990s", "United Kingdom"), ("", "1980s", "Iceland"),
    }  # fmt: skip


def test_a_nominator_is_found_by_those_who_may_see_the_name(rin: User, sol: User) -> None:
    week_of("Blue", "A", user=rin)
    User.objects.filter(pk=rin.pk).update(club_visibility=Visibility.MEMBERS)
    assert archive(nominator="rin").count() == 0
    assert archive(nominator="rin", viewer=sol).count() == 1


def test_a_year_is_the_clubs_own() -> None:
    settings = ClubSettings.load()
    settings.timezone = "America/New_York"
    settings.save()
    week = week_of("Blue", "A")
    late = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)  # still 2025 in New York
    Week.objects.filter(pk=week.pk).update(discussion_at=late, ratings_close_at=late + timedelta(days=3))
    assert found(year="2025") == ["Blue"]
    assert found(year="2026") == found(year="99999") == found(year="x") == []
    assert facet_rows()[0].year == 2025


def test_sorting() -> None:
    week_of("Loved by three", "A", ratings=(10, 10, 10), poll_margin=5)
    week_of("Liked by six", "B", weeks=1, ratings=(9, 9, 9, 9, 9, 9), poll_margin=1)
    week_of("Divided", "C", weeks=2, ratings=(2, 2, 10, 10, 6), poll_margin=0)
    week_of("Not ranked", "D", weeks=3, ratings=(10,))
    assert found(sort="ratings") == ["Liked by six", "Divided", "Loved by three", "Not ranked"]
    assert found(sort="closest") == ["Divided", "Liked by six", "Loved by three", "Not ranked"]
    assert found(sort="divided") == ["Divided", "Liked by six", "Not ranked", "Loved by three"]
    by_score = found(sort="score")
    assert by_score[-1] == "Not ranked"
    assert by_score[:-1] == [row.week.winner.album.title for row in club_figures(MONDAY).ranking], (
        "as the statistics rank"
    )


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_of_the_archive_is_a_constant_number_of_queries(
    sort: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    for number in range(20):
        week_of(f"Album {number}", f"Artist {number}", weeks=number, ratings=(7,))
    with django_assert_max_num_queries(4):
        lines = [
            (week.label, str(week.winner.album), str(week.winner.user)) for week in archive(sort=sort).with_winner()
        ]
    assert len(lines) == 20

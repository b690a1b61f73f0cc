"""The pages of an album and of an artist, with what the club knows about them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Album, Artist
from catalog.tests.factories import AlbumFactory, ArtistFactory
from club import revision
from club.models import ClubSettings, Phase, Vote
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def page_of(client: Client, row: Album | Artist) -> str:
    answer = client.get(row.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def structured(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_an_album_shows_what_it_is(client: Client) -> None:
    album = AlbumFactory(
        title="Blue", artist__name="Joni Mitchell", release_year=1971, label="Reprise", country="US", primary_type="EP",
        release_group_mbid="2187d248-1a3b-35d0-a4ec-bead586ff547", n_tracks=3,
    )  # fmt: skip
    page = page_of(client, album)
    assert "<h1" in page
    for words in ("Blue", "Joni Mitchell", "1971", "Reprise", "United States", "EP"):
        assert words in page
    assert "https://musicbrainz.org/release-group/2187d248-1a3b-35d0-a4ec-bead586ff547" in page
    assert [line.track.title in page for line in album.lines.all()] == [True] * 3


def test_discs_are_told_apart_only_when_there_are_several(client: Client) -> None:
    album = AlbumFactory(n_tracks=2)
    assert "Disc 1" not in page_of(client, album)
    line = album.lines.last()
    line.disc = 2
    line.save()
    revision.bump()
    assert "Disc 2" in page_of(client, album)


def test_a_merged_album_and_artist_lead_to_the_one_they_became(client: Client) -> None:
    kept = AlbumFactory()
    gone = AlbumFactory(merged_into=kept, artist=ArtistFactory(merged_into=kept.artist))
    answer = client.get(gone.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())
    assert client.get(gone.artist.get_absolute_url())["Location"] == kept.artist.get_absolute_url()


def test_an_album_of_the_club_shows_its_weeks_results_and_ratings_outside_weeks(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    album = week.winner.album
    Vote.objects.create(week=week, user=UserFactory(), nomination=week.winner, rank=1, cast_at=week.opens_at)
    for half_stars in (8, 9, 10):
        RatingFactory(week=week, half_stars=half_stars)
    RatingFactory(week=None, album=album, half_stars=5)
    page = page_of(client, album)
    assert f"Week {week.number}" in page
    assert "1st of 1 with 2 points" in page
    assert "4 ratings" in page
    assert "1 outside the weeks" in page
    assert 'aria-label="4 ratings. 2.5 stars: 1, 4 stars: 1, 4.5 stars: 1, 5 stars: 1"' in page


def test_before_the_poll_closes_the_page_says_nothing_about_points(client: Client, mod: User) -> None:
    nomination = NominationFactory(week__phase=Phase.POLL)
    Vote.objects.create(
        week=nomination.week, user=UserFactory(), nomination=nomination, rank=1, cast_at=nomination.created_at
    )
    assert "with 2 points" not in page_of(client, nomination.album)
    client.force_login(mod)
    assert "with 2 points" in page_of(client, nomination.album)


def test_an_average_of_two_is_not_shown_and_the_histogram_neither(client: Client) -> None:
    album = AlbumFactory()
    for _ in range(2):
        RatingFactory(week=None, album=album, half_stars=4)
    page = page_of(client, album)
    assert "2 ratings so far" in page
    assert 'class="score"' not in page
    assert "histogram" not in page
    assert "aggregateRating" not in page


def test_a_member_who_hides_is_a_member_and_their_words_are_theirs(client: Client, stranger: User) -> None:
    week = WeekFactory(phase=Phase.CLOSED, winner__user=stranger, winner__pitch="A secret pitch.")
    RatingFactory(week=week, user=stranger, review="A secret review.")
    User.objects.filter(pk=stranger.pk).update(club_visibility=Visibility.ME)
    page = page_of(client, week.winner.album)
    assert "Nominated by a member" in " ".join(page.split())
    assert "Stranger" not in page
    assert "secret" not in page


def test_search_engines_are_told_only_what_everybody_may_see(client: Client, rin: User) -> None:
    week = WeekFactory(phase=Phase.CLOSED, winner__album__title="</script>")
    for review, level in [("Open.", "public"), ("Inside.", "members"), ("Mine.", "me")]:
        RatingFactory(week=week, review=review, visibility=level, user=rin if level == "me" else UserFactory())
    client.force_login(rin)
    data = structured(page_of(client, week.winner.album))
    assert data["name"] == "</script>"
    assert data["aggregateRating"]["ratingCount"] == 3
    assert [review["reviewBody"] for review in data["review"]] == ["Open."]


def test_a_posted_address_shows_title_and_picture(client: Client) -> None:
    album = AlbumFactory(title="Blue")
    page = page_of(client, album)
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{album.get_absolute_url()}">' in page
    assert '<meta property="og:title" content="Blue by' in page
    assert re.search(r'<meta property="og:image" content="http://127\.0\.0\.1:8000/static/img/share[^"]*\.png">', page)


def test_an_artist_shows_albums_weeks_and_the_average_over_all_of_them(client: Client) -> None:
    artist = ArtistFactory(name="Joni Mitchell", country="CA")
    week = WeekFactory(phase=Phase.CLOSED, winner__album=AlbumFactory(artist=artist, title="Blue"))
    other = AlbumFactory(artist=artist, title="Hejira")
    for half_stars in (8, 10):
        RatingFactory(week=week, half_stars=half_stars)
    RatingFactory(week=None, album=other, half_stars=3)
    page = page_of(client, artist)
    assert "Canada" in page
    assert "Hejira" in page
    assert "<dd>3.50</dd>" in page
    assert f'href="/weeks/{week.number}/"' in page


@pytest.mark.parametrize("n", [1, 20])
def test_the_pages_ask_as_many_queries_for_twenty_as_for_one(
    client: Client, n: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    album = AlbumFactory(n_tracks=n)
    for _ in range(n):
        week = WeekFactory(phase=Phase.CLOSED, winner__album=album)
        RatingFactory(week=week, review="Good.")
        NominationFactory(album=AlbumFactory(artist=album.artist))
    with django_assert_max_num_queries(18):
        page_of(client, album)
    with django_assert_max_num_queries(8):
        page_of(client, album.artist)

"""A week's page: what it shows in each phase, to whom, and at what cost."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.tests.factories import AlbumFactory
from club.models import ClubSettings, Phase, Vote, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from club.tests.stage import small_club
from club.views import week_parts
from social.models import Follow, User
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def get(client: Client, week: Week, query: str = "") -> str:
    answer = client.get(f"/weeks/{week.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def nominee_titles(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/albums/[^"]*" dir="auto">([^<]+)</a>', page)


def test_a_week_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/weeks/404/").status_code == 404


def test_a_closed_week_shows_winner_score_poll_and_reviews(client: Client) -> None:
    club = small_club()
    week = club.closed
    page = get(client, week)
    winner = week.winner.album
    assert f"{winner.title}</a></h1>" in page
    assert f'<span class="score">{week.rating_mean:.1f}</span>' in page
    assert nominee_titles(page)[0] == winner.title
    assert "is-winner" in page
    assert "points" in page
    assert "<strong>restraint</strong>" in page
    assert '<details class="spoiler">' in page
    assert f'rel="next" href="/weeks/{week.number + 1}/"' in page


def test_before_the_close_only_the_number_of_voters_is_shown(client: Client) -> None:
    week = small_club().poll
    page = get(client, week)
    assert "4 have voted so far" in page
    assert "points-bar" not in page
    assert "badge" not in page


def test_a_moderator_sees_the_points_earlier_and_is_told_so(client: Client, mod: User) -> None:
    week = small_club().poll
    client.force_login(mod)
    page = get(client, week)
    assert "points-bar" in page
    assert "only moderators see points before the close" in page


def test_nominees_stand_in_poll_order_with_the_sentence_about_a_tie(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED, tie_break="“B” was nominated first.")
    loser = NominationFactory(week=week, album=AlbumFactory(title="Loser"))
    voter = UserFactory()
    Vote.objects.create(week=week, user=voter, nomination=week.winner, rank=1, cast_at=week.opens_at)
    Vote.objects.create(week=week, user=voter, nomination=loser, rank=2, cast_at=week.opens_at)
    page = get(client, week)
    assert nominee_titles(page) == [week.winner.album.title, "Loser"]
    assert "“B” was nominated first." in page
    assert "2 points: 1 first choices" in page


def test_ballots_are_named_by_consent_and_visibility(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    for name, shows, visibility in (("Ana", True, "public"), ("Bo", False, "public"), ("Cleo", True, "members")):
        voter = UserFactory(display_name=name, shows_ballots=shows, club_visibility=visibility)
        Vote.objects.create(week=week, user=voter, nomination=week.winner, rank=1, cast_at=week.opens_at)
    voters = re.search(r'class="voters">([^<]+)<', get(client, week))
    assert voters is not None
    assert voters[1].strip() == "1st from Ana"


def test_a_nominator_who_hides_is_a_member_and_the_pitch_stays_away(client: Client, rin: User, sol: User) -> None:
    rin.club_visibility = "followers"
    rin.save()
    week = WeekFactory(phase=Phase.NOMINATIONS)
    NominationFactory(week=week, user=rin, pitch="My secret pitch.", pitch_track_url="https://example.org/t")
    page = get(client, week)
    assert "Nominated by a member" in re.sub(r"\s+", " ", page)
    assert "My secret pitch." not in page
    assert "example.org" not in page
    client.force_login(sol)  # follows rin
    assert "My secret pitch." in get(client, week)


def test_few_ratings_have_no_mean(client: Client) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week)
    RatingFactory(week=week)
    page = get(client, week)
    assert "2 ratings so far" in page
    assert 'class="score"' not in page
    assert "aggregateRating" not in page


def test_reviews_come_own_first_then_followed_then_newest(client: Client, rin: User, sol: User, stranger: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    start = week.discussion_at
    for hours, member in enumerate((sol, rin, stranger), start=1):
        RatingFactory(week=week, user=member, review=f"By {member}.", created_at=start + timedelta(hours=hours))
    assert re.findall(r"<p>By (\w+)\.</p>", get(client, week)) == ["Stranger", "Rin", "Sol"]
    client.force_login(sol)
    assert re.findall(r"<p>By (\w+)\.</p>", get(client, week)) == ["Sol", "Rin", "Stranger"]


def test_a_hidden_or_private_review_is_not_shown_but_counts_stay(client: Client, rin: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week, user=rin, review="For me alone.", visibility="me")
    RatingFactory(week=week, review="Taken away.", hidden_at=timezone.now())
    RatingFactory(week=week, review="For all.")
    page = get(client, week)
    assert "For all." in page
    assert "For me alone." not in page
    assert "Taken away." not in page
    assert "2 ratings so far" in page
    client.force_login(rin)
    assert "For me alone." in get(client, week)


def test_a_block_hides_the_review_from_both(client: Client, rin: User, stranger: User) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    RatingFactory(week=week, user=rin, review="By rin.")
    stranger.blocks.create(blocked=rin)
    client.force_login(stranger)
    assert "By rin." not in get(client, week)


def test_what_somebody_typed_for_themselves_is_not_printed_among_the_favourite_tracks(client: Client) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    RatingFactory(week=week, favorite_track="My private words", visibility=Visibility.ME)
    RatingFactory(week=week, favorite_track="Other words", user__club_visibility=Visibility.FOLLOWERS)
    RatingFactory(week=week, favorite_track="roads", visibility=Visibility.ME)
    RatingFactory(week=week, favorite_track="Roads")
    assert week_parts.favourite_tracks(week) == [week_parts.Favourite("Roads", 2)]


def test_favourite_tracks_are_counted_whatever_their_spelling(client: Client) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    for name in ("Ember", "ember", "Kite"):
        RatingFactory(week=week, favorite_track=name)
    found = re.findall(r'<li><span dir="auto">(\w+)</span> <b>(\d)</b>', get(client, week))
    assert found == [("Ember", "2"), ("Kite", "1")]


def test_many_reviews_are_one_link_away(client: Client) -> None:
    week = WeekFactory(phase=Phase.DISCUSSION)
    for place in range(26):
        RatingFactory(week=week, review=f"Review {place}.")
    page = get(client, week)
    assert page.count('class="review-text"') == 24
    assert 'href="?reviews=all#reviews"' in page
    assert get(client, week, "?reviews=all").count('class="review-text"') == 26


def test_search_engines_read_the_album_the_mean_and_public_words_only(client: Client, rin: User) -> None:
    week = WeekFactory(phase=Phase.CLOSED)
    for place in range(3):
        RatingFactory(week=week, review=f"Words {place}.", half_stars=8)
    RatingFactory(week=week, user=rin, review="Followers only.", visibility="followers", half_stars=8)
    client.force_login(rin)
    page = get(client, week)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data["@type"] == "MusicAlbum"
    assert data["aggregateRating"]["ratingValue"] == 4
    assert data["aggregateRating"]["ratingCount"] == 4
    assert {review["reviewBody"] for review in data["review"]} == {"Words 0.", "Words 1.", "Words 2."}
    assert '<link rel="canonical" href="http' in page


def test_visitors_are_shown_the_way_in_and_members_the_form(client: Client, stranger: User) -> None:
    club = small_club()
    forms = {club.nominations: "nominate", club.poll: "vote", club.discussion: "rate"}
    for week, verb in forms.items():
        assert f'action="/weeks/{week.number}/{verb}/"' not in get(client, week)
        assert f"/accounts/login/?next=/weeks/{week.number}/%23{verb}" in get(client, week)
    client.force_login(stranger)
    for week, verb in forms.items():
        assert f'action="/weeks/{week.number}/{verb}/"' in get(client, week)
    for week in (club.listening, club.closed):
        assert not re.search(r'action="/weeks/\d+/(nominate|vote|rate|withdraw)/"', get(client, week))


@pytest.mark.parametrize("phase", [Phase.SCHEDULED, Phase.CANCELLED])
def test_weeks_without_nominees_say_so(client: Client, phase: Phase) -> None:
    page = get(client, WeekFactory(phase=phase))
    assert "Nobody has nominated yet" in page


def fill(week: Week, n_rows: int, viewer: User) -> None:
    for place in range(n_rows):
        member = UserFactory(shows_ballots=True)
        NominationFactory(week=week, user=UserFactory(), pitch="Listen.")
        Vote.objects.create(week=week, user=member, nomination=week.winner, rank=1, cast_at=week.opens_at)
        RatingFactory(week=week, user=member, review="" if place % 2 else "Good.", favorite_track="Ember")
        Follow.objects.create(follower=viewer, followed=member)


@pytest.mark.parametrize("n_rows", [1, 20])
def test_the_page_costs_the_same_with_many_rows(
    client: Client, sol: User, n_rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ClubSettings.load()
    week = WeekFactory(phase=Phase.DISCUSSION, winner__album=AlbumFactory(n_tracks=5))
    fill(week, n_rows, sol)
    with django_assert_num_queries(18):
        get(client, week)
    cache.clear()  # of the pieces that the visitor's page left
    client.force_login(sol)
    with django_assert_num_queries(30):
        get(client, week)

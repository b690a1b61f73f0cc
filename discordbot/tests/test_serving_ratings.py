"""Rating through the form: what it opens with, what stays and what goes, what comes back when it is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from catalog.tests.factories import AlbumFactory
from club.errors import ClubRuleBroken
from club.models import Phase, Rating, Week
from club.tests.factories import WeekFactory
from discordbot.forms.rate import RatingWords
from discordbot.members import Person, member_of_club
from discordbot.models import Draft
from discordbot.serving import ratings
from discordbot.tests.reading import buttons_of, fields_of, values_of

ANN = Person(1001, "Ann", "ann")
BEN = Person(1002, "Ben", "ben")

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    return WeekFactory(number=12, phase=Phase.DISCUSSION, winner__album=AlbumFactory(title="Blue", n_tracks=10))


@pytest.fixture
def now(week: Week) -> datetime:
    return week.discussion_at + timedelta(hours=1)


def send(now: datetime, words: RatingWords, *, person: Person = ANN, draft_id: int | None = None) -> Any:
    return ratings.submitted(person=person, number=12, words=words, now=now, draft_id=draft_id)


def test_a_rating_says_what_is_now_true(week: Week, now: datetime) -> None:
    track = week.winner.album.lines.first().track
    for _ in range(2):
        reply = send(now, RatingWords(9, track_id=track.pk, thoughts="Rain."))
    rating = Rating.objects.get()
    assert (rating.half_stars, rating.track, rating.favorite_track, rating.review) == (9, track, track.title, "Rain.")
    assert "You gave **Blue**" in reply.content
    assert " 4.5" in reply.content
    assert track.title in reply.content
    assert list(buttons_of(reply)) == ["Change it", "Take it back", "Week 12 on the website"]
    week.refresh_from_db()
    assert week.rating_count == 1


def test_the_form_opens_with_the_present_rating(week: Week, now: datetime) -> None:
    track = week.winner.album.lines.last().track
    assert values_of(ratings.opened(person=ANN, number=12, now=now)) == {"stars": "", "line": "", "thoughts": ""}
    send(now, RatingWords(9, track_id=track.pk, thoughts="Rain."))
    form = ratings.opened(person=ANN, number=None, now=now)
    assert values_of(form) == {"stars": "9", "line": str(track.pk), "thoughts": "Rain."}
    assert values_of(ratings.opened(person=BEN, number=12, now=now))["stars"] == ""


@pytest.mark.parametrize(("n", "field"), [(0, "track"), (1, "line"), (25, "line"), (26, "track"), (120, "track")])
def test_a_long_track_list_is_written_instead_of_chosen(n: int, field: str) -> None:
    week = WeekFactory(number=12, phase=Phase.DISCUSSION, winner__album=AlbumFactory(n_tracks=n))
    form = ratings.opened(person=ANN, number=12, now=week.discussion_at)
    assert field in fields_of(form)


def test_a_typed_favourite_becomes_the_track_it_names(week: Week, now: datetime) -> None:
    track = week.winner.album.lines.last().track
    send(now, RatingWords(8, favourite=track.title.upper()))
    assert Rating.objects.get().track == track
    send(now, RatingWords(8, favourite="The hidden one"))
    rating = Rating.objects.get()
    assert (rating.track, rating.favorite_track) == (None, "The hidden one")


def test_what_is_not_said_stays_and_what_is_emptied_goes(week: Week, now: datetime) -> None:
    send(now, RatingWords(8, favourite="The hidden one", thoughts="Rain."))
    send(now, RatingWords(5))
    rating = Rating.objects.get()
    assert (rating.half_stars, rating.favorite_track, rating.review) == (5, "The hidden one", "Rain.")
    send(now, RatingWords(5, favourite="", thoughts=""))
    rating.refresh_from_db()
    assert (rating.favorite_track, rating.review) == ("", "")


def test_late_words_come_back_whole_and_open_again(week: Week, now: datetime) -> None:
    late, words = week.ratings_close_at, "A very long thought. " * 180
    send(late, RatingWords(9, favourite="Track", thoughts=words))
    Week.objects.update(phase=Phase.CLOSED)
    reply = send(late, RatingWords(9, favourite="Track", thoughts=words))
    assert "closed on" in reply.content
    assert "outside the club" in reply.content
    shown = "".join([reply.content, *reply.more]).replace("```", "").replace("\n", "")
    assert words.strip() in shown
    assert len(reply.more) == 2
    assert "The album on the website" in buttons_of(reply)
    draft = Draft.objects.get()
    form = ratings.reopened(person=ANN, draft_id=draft.pk, now=late)
    assert values_of(form)["thoughts"] == words
    assert values_of(form)["stars"] == "9"
    with pytest.raises(ClubRuleBroken):
        ratings.reopened(person=BEN, draft_id=draft.pk, now=late)


def test_a_draft_that_was_taken_is_not_kept(week: Week, now: datetime) -> None:
    send(now, RatingWords(None, thoughts="Rain."))
    draft = Draft.objects.get()
    send(now, RatingWords(9, thoughts="Rain."), draft_id=draft.pk, person=BEN)
    assert Draft.objects.exists()
    send(now, RatingWords(9, thoughts="Rain."), draft_id=draft.pk)
    assert not Draft.objects.exists()
    assert Rating.objects.count() == 2


def test_a_rating_is_taken_back(week: Week, now: datetime) -> None:
    send(now, RatingWords(9))
    for _ in range(2):
        reply = ratings.cleared(person=ANN, number=12, now=now)
    assert "is gone" in reply.content
    assert not Rating.objects.exists()


def test_rating_costs_the_same_however_many_have_rated(
    week: Week, now: datetime, django_assert_max_num_queries: Any
) -> None:
    member_of_club(ANN, now=now)
    track = week.winner.album.lines.first().track
    for n in (0, 20):
        Rating.objects.filter(user__linked_accounts__provider_user_id="1001").delete()
        for number in range(n):
            send(now, RatingWords(6), person=Person(2000 + number, f"M{number}"))
        with django_assert_max_num_queries(22):
            send(now, RatingWords(9, track_id=track.pk, thoughts="Rain."))


def test_before_and_after_it_says_when(week: Week) -> None:
    with pytest.raises(ClubRuleBroken, match="closed on"):
        ratings.opened(person=ANN, number=12, now=week.ratings_close_at)
    waiting = WeekFactory(number=13, phase=Phase.LISTENING)
    with pytest.raises(ClubRuleBroken, match="open on"):
        ratings.opened(person=ANN, number=13, now=waiting.poll_close_at)


def test_opening_costs_three_queries_whatever_there_is(
    week: Week, now: datetime, django_assert_num_queries: Any
) -> None:
    member_of_club(ANN, now=now)
    assert connection.features.supports_json_field  # asked once a process, by queries of its own
    with django_assert_num_queries(2):
        ratings.opened(person=ANN, number=12, now=now)
    for number in range(20):
        send(now, RatingWords(6), person=Person(2000 + number, f"M{number}"))
    send(now, RatingWords(9, thoughts="Rain."))
    with django_assert_num_queries(2):
        ratings.opened(person=ANN, number=None, now=now)

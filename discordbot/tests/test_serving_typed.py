"""Forms typed into threads: understood, edited, deleted, answered gently, and chat left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.members import Person
from discordbot.models import Post, TypedMessage
from discordbot.serving import typed as serving
from discordbot.serving.typed import Typed

ANN = Person(1001, "Ann", "ann")
NOMINATIONS, RATINGS, ELSEWHERE = 501, 502, 503
BLUE = "Blue — Joni Mitchell (1971)\nWhy?: The dulcimer.\nPitch track (choose one): River\nTags: Folk / / CA"

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    week = WeekFactory(number=12)
    Post.objects.create(week=week, kind="thread", key="nominations", thread_snowflake=NOMINATIONS, nonce="a")
    return week


@pytest.fixture
def now(monday: datetime) -> datetime:
    return monday + timedelta(hours=5)


@pytest.fixture
def discussion() -> Week:
    week = WeekFactory(
        number=11, phase=Phase.DISCUSSION, opens_at=datetime.fromisoformat("2025-10-27T09:00:00Z"),
        winner__album=AlbumFactory(n_tracks=3),
    )  # fmt: skip
    Post.objects.create(week=week, kind="thread", key="ratings", thread_snowflake=RATINGS, nonce="b")
    return week


def say(
    text: str, now: datetime, *, message: int = 9001, channel: int = NOMINATIONS, person: Person = ANN
) -> serving.Outcome | None:
    return serving.read(typed=Typed(message, channel, person, text), now=now)


def test_a_typed_nomination_is_marked(week: Week, now: datetime) -> None:
    outcome = say(BLUE, now)
    nomination = Nomination.objects.get()
    assert (str(nomination.album), nomination.pitch, nomination.pitch_track) == (
        "Blue — Joni Mitchell",
        "The dulcimer.",
        "River",
    )
    assert (nomination.genre, nomination.decade, nomination.country) == ("Folk", "1970s", "CA")
    assert outcome == serving.Outcome(mark="✅")


def test_the_same_message_twice_is_one_nomination(week: Week, now: datetime) -> None:
    assert say(BLUE, now) == say(BLUE, now)
    assert Nomination.objects.count() == TypedMessage.objects.count() == 1


@pytest.mark.parametrize("text", ["What a week!", "I agree — totally", "who is in?", "😀"])
def test_chat_is_left_alone(week: Week, now: datetime, text: str) -> None:
    assert say(text, now) is None
    assert not TypedMessage.objects.exists()


def test_other_channels_are_not_read(week: Week, now: datetime) -> None:
    assert say(BLUE, now, channel=ELSEWHERE) is None
    assert not Nomination.objects.exists()


def test_an_edit_changes_the_words(week: Week, now: datetime) -> None:
    say(BLUE, now)
    say("Blue — Joni Mitchell (1971)\nWhy?: Because.", now)
    nomination = Nomination.objects.get()
    assert (nomination.pitch, nomination.pitch_track, nomination.genre, nomination.decade) == (
        "Because.",
        "",
        "",
        "1970s",
    )


def test_an_edit_changes_the_album(week: Week, now: datetime) -> None:
    say(BLUE, now)
    assert say(BLUE.replace("Blue — Joni Mitchell", "Hejira — Joni Mitchell"), now) == serving.Outcome(mark="✅")
    assert Nomination.objects.standing().get().album.title == "Hejira"


def test_an_edit_to_an_album_that_is_taken_changes_nothing(week: Week, now: datetime) -> None:
    say(BLUE, now)
    NominationFactory(week=week, album=AlbumFactory(title="Hejira", artist=Nomination.objects.get().album.artist))
    outcome = say("Hejira — Joni Mitchell (1976)\nWhy?: Jaco.", now)
    assert outcome is not None
    assert "nominated already" in outcome.hint
    assert outcome.unmark == ""
    assert {row.album.title for row in Nomination.objects.standing()} == {"Blue", "Hejira"}


def test_what_is_missing_is_said_once_and_taken_away_when_mended(week: Week, now: datetime) -> None:
    outcome = say("Blue\nWhy?: The dulcimer.", now)
    assert outcome is not None
    assert "Who made “Blue”?" in outcome.hint
    assert "album_name — artist_name (year)" in outcome.hint
    assert (outcome.unmark, outcome.old_hint) == ("✅", None)
    serving.hinted(message=9001, hint=777)
    again = say("Blue by\nWhy?: The dulcimer.", now)
    assert again is not None
    assert again.old_hint == 777
    assert say(BLUE, now) == serving.Outcome(mark="✅", old_hint=777)
    assert say(BLUE, now) == serving.Outcome(mark="✅")


def test_a_mistaken_form_that_becomes_chat_is_forgotten(week: Week, now: datetime) -> None:
    say("Blue\nWhy?: The dulcimer.", now)
    serving.hinted(message=9001, hint=777)
    assert say("never mind", now) == serving.Outcome(old_hint=777)
    assert not TypedMessage.objects.exists()


def test_a_nomination_edited_into_chat_stands_until_it_is_deleted(week: Week, now: datetime) -> None:
    say(BLUE, now)
    outcome = say("never mind", now)
    assert outcome is not None
    assert "Delete the message" in outcome.hint
    assert Nomination.objects.standing().exists()
    serving.deleted(messages=[9001], now=now)
    assert not Nomination.objects.standing().exists()


def test_a_second_nomination_is_answered_with_the_first(week: Week, now: datetime) -> None:
    say(BLUE, now)
    outcome = say("Hejira — Joni Mitchell (1976)\nWhy?: Jaco.", now, message=9002)
    assert outcome is not None
    assert "You have nominated “Blue”" in outcome.hint


def test_after_the_deadline_edits_and_deletion_change_nothing(week: Week, now: datetime) -> None:
    say(BLUE, now)
    NominationFactory(week=week)
    late = week.nominations_close_at
    outcome = say(BLUE.replace("Blue — Joni Mitchell", "Hejira — Joni Mitchell"), late)
    assert outcome is not None
    assert outcome.hint
    Week.objects.update(phase=Phase.POLL)
    assert serving.deleted(messages=[9001], now=late) == []
    assert Nomination.objects.standing().filter(album__title="Blue").exists()


def test_a_year_that_cannot_be_meant_is_asked_about(week: Week, now: datetime) -> None:
    outcome = say("Blue — Joni Mitchell (1850)\nWhy?: x", now)
    assert outcome is not None
    assert "1850" in outcome.hint


# --- Ratings --------------------------------------------------------------------------------------------------------
def test_a_typed_rating_is_marked_and_followed(discussion: Week) -> None:
    now = discussion.discussion_at + timedelta(hours=1)
    track = discussion.winner.album.lines.first().track
    text = f"Rating: ★★★½\nFavorite track: {track.title.lower()}\nfinal thoughts: Rain."
    assert say(text, now, channel=RATINGS) == serving.Outcome(mark="⭐")
    rating = Rating.objects.get()
    assert (rating.half_stars, rating.track, rating.review) == (7, track, "Rain.")
    say("Rating: 4,5", now, channel=RATINGS)
    rating.refresh_from_db()
    assert (rating.half_stars, rating.favorite_track, rating.review) == (9, "", "")
    outcome = say("Rating: 7 of 5", now, channel=RATINGS)
    assert outcome is not None
    assert outcome.hint
    serving.deleted(messages=[9001], now=now)
    assert not Rating.objects.exists()


def test_a_second_short_message_keeps_the_review_of_the_first(discussion: Week) -> None:
    now = discussion.discussion_at + timedelta(hours=1)
    say("Rating: 4\nfinal thoughts: Rain.", now, channel=RATINGS)
    say("Rating: 5", now, channel=RATINGS, message=9002)
    rating = Rating.objects.get()
    assert (rating.half_stars, rating.review) == (10, "Rain.")


def test_a_rating_stands_when_its_message_is_deleted_too_late(discussion: Week) -> None:
    say("Rating: 4", discussion.discussion_at + timedelta(hours=1), channel=RATINGS)
    serving.deleted(messages=[9001], now=discussion.ratings_close_at)
    assert Rating.objects.exists()


# --- After a pause --------------------------------------------------------------------------------------------------
def test_only_what_is_new_or_changed_is_read_again(week: Week, now: datetime) -> None:
    say(BLUE, now)
    say("Blue\nWhy?: x", now, message=9002)
    hour = timedelta(hours=1)
    seen = {9001: now - hour, 9003: now + hour}  # 9002 was deleted meanwhile
    later = now + 2 * hour

    def unread(seen: dict[int, datetime], asked_at: datetime = later) -> tuple[list[int], list[int]]:
        return serving.unread(channel=NOMINATIONS, seen=seen, asked_at=asked_at)

    assert unread(seen) == ([9003], [9002])
    assert unread(seen, asked_at=now - hour) == ([9003], [])  # read while Discord was being asked
    assert unread({9001: now + hour, 9002: now}) == ([9001], [])
    assert unread({9001: now}) == ([], [9002])
    assert unread({}) == ([], [])  # the bot may not read the history


def test_only_threads_that_take_something_are_read(week: Week, discussion: Week, now: datetime) -> None:
    assert set(serving.threads_to_read(now)) == {NOMINATIONS, RATINGS}
    Week.objects.filter(pk=week.pk).update(phase=Phase.POLL)
    assert serving.threads_to_read(now) == [RATINGS]

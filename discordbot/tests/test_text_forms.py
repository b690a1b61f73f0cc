"""What members type in a thread is understood, or answered with what is missing; chat is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discordbot.tests import typed_nominations, typed_ratings
from discordbot.text_forms import Misread, NominationText, RatingText, read_nomination, read_rating, read_stars

CHAT = [
    "",
    "hello all",
    "so why did nobody pick jazz this time?",
    "I am at 4.5 coffees today",
    "4",
    "who is in for Sunday? 8pm works",
    "https://example.org/some/album",
    "lol",
    "1999 was a good year - I miss it",
]


@pytest.mark.parametrize(("text", "meant"), typed_nominations.TYPED)
def test_a_nomination_is_read_as_it_was_meant(text: str, meant: NominationText) -> None:
    assert read_nomination(text) == meant


@pytest.mark.parametrize(("text", "meant"), typed_ratings.TYPED)
def test_a_rating_is_read_as_it_was_meant(text: str, meant: RatingText) -> None:
    assert read_rating(text) == meant


def test_a_hundred_ways_are_written_down() -> None:
    assert len(typed_nominations.TYPED) + len(typed_ratings.TYPED) >= 100


@pytest.mark.parametrize("text", CHAT)
def test_chat_is_left_alone(text: str) -> None:
    assert read_nomination(text) is None
    assert read_rating(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Why?: because\nPitch track: River", "album is missing"),
        ("Blue\nWhy?: because", "Who made"),
        ("https://example.org/blue\nWhy?: because", "link alone"),
    ],
)
def test_a_nomination_that_lacks_something_says_what(text: str, word: str) -> None:
    answer = read_nomination(text)
    assert isinstance(answer, Misread)
    assert word in answer.problems[0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Rating (1.0–5.0):", "empty"),
        ("Rating: 3.7", "3.5 or 4.0"),
        ("Rating: 0.5", "outside"),
        ("Rating: 6", "outside"),
        ("Rating: 85/100", "not to 100"),
        ("Rating: great", "cannot be read"),
        ("Rating: 3-4", "cannot be read"),
        ("Favorite track: River\nThoughts: fine", "empty"),
    ],
)
def test_a_rating_that_lacks_something_says_what(text: str, word: str) -> None:
    answer = read_rating(text)
    assert isinstance(answer, Misread)
    assert word in answer.problems[0]


@given(st.integers(2, 10), st.sampled_from([".", ","]), st.sampled_from(["", "/5", " / 5", " stars", " out of 5"]))
def test_every_half_step_is_read_in_every_dress(half_stars: int, point: str, ending: str) -> None:
    assert read_stars(f"{half_stars / 2}".replace(".", point) + ending) == half_stars


@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_nomination(text), NominationText | Misread | None)
    rating = read_rating(text)
    assert isinstance(rating, RatingText | Misread | None)
    if isinstance(rating, RatingText):
        assert 2 <= rating.half_stars <= 10


WORD = st.text(st.characters(whitelist_categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join).filter(lambda name: " by " not in f" {name.lower()} ")


@given(NAME, NAME, st.integers(1900, 2030), st.sampled_from([" — ", " – ", " - ", "—"]))
def test_names_come_back_whole(title: str, artist: str, year: int, dash: str) -> None:
    import unicodedata

    title, artist = unicodedata.normalize("NFC", title), unicodedata.normalize("NFC", artist)
    answer = read_nomination(f"{title}{dash}{artist} ({year})\nWhy?: because")
    assert isinstance(answer, NominationText)
    assert (answer.title, answer.artist, answer.year) == (title, artist, year)

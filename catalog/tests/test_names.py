"""Keys bring the spellings of one name together and keep different music apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.names import decade_of, loose_title_key, name_key, plain_title, tidy, title_key

names = st.text(min_size=1, max_size=80).filter(lambda text: tidy(text) != "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "BEYONCE"),
        ("Sigur Rós", "sigur ros"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Florence + the Machine", "Florence and The Machine"),
        ("R.E.M.", "REM"),
        ("Jay-Z", "Jay Z"),
        ("A$AP Rocky", "ASAP Rocky"),
        ("Drake feat. Rihanna", "Drake"),
        ("Drake (ft. Rihanna)", "Drake"),
        ("Кино", "Kino"),
        ("Guns N’ Roses", "Guns N' Roses"),
        ("  Björk \n", "bjork"),
    ],
)
def test_two_spellings_of_an_artist_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OK Computer (Deluxe Edition)", "OK Computer"),
        ("Abbey Road - Remastered 2009", "Abbey Road"),
        ("Abbey Road (2009 Remaster)", "abbey road"),
        ("Rumours (Super Deluxe Edition) [Remastered]", "Rumours"),
        ("Loveless (30th Anniversary)", "Loveless"),
        ("Umbrella (feat. JAY-Z)", "Umbrella"),
        ("Umbrella ft. JAY-Z", "Umbrella"),
        ("Ágætis byrjun", "Agaetis Byrjun"),
    ],
)
def test_editions_and_guests_do_not_make_another_title(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alive 2007", "Alive 2007 (Live)"),
        ("Weezer", "Weezer (Blue Album)"),
        ("1989", "1989 (Taylor's Version)"),
        ("李健", "李建"),  # read alike, written apart: two people
        ("÷", "×"),
        ("!!!", "???"),
        ("Deluxe", "Remastered"),
        ("Live at Leeds", "Leeds"),
    ],
)
def test_different_music_keeps_different_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_a_live_title_meets_its_studio_name_only_when_candidates_are_compared() -> None:
    assert loose_title_key("Song - Live at Wembley") == loose_title_key("Song (Live)") == title_key("Song")
    assert loose_title_key("Live at Leeds") == "live at leeds"
    assert loose_title_key("Live") == "live"


def test_a_plain_title_keeps_its_spelling() -> None:
    assert plain_title("Ágætis  Byrjun (Deluxe Edition)") == "Ágætis Byrjun"
    assert plain_title("(What's the Story) Morning Glory? (Remastered)") == "(What's the Story) Morning Glory?"


def test_names_lose_what_a_database_refuses() -> None:
    assert tidy("Boards\x00 of\tCanada\u2028") == "Boards of Canada"


def test_decades_read_as_people_say_them() -> None:
    assert (decade_of(1997), decade_of(2000), decade_of(None)) == ("1990s", "2000s", "")


@given(names)
def test_no_name_has_an_empty_key(name: str) -> None:
    assert name_key(name)
    assert title_key(name)
    assert loose_title_key(name)


@given(names)
def test_a_key_fits_its_column_and_holds_no_wild_spaces(name: str) -> None:
    for key, limit in ((name_key(name * 20), 300), (title_key(name * 20), 500)):
        assert 0 < len(key) <= limit
        assert key == key.strip()


@given(names)
def test_case_and_surrounding_space_never_matter(name: str) -> None:
    assert name_key(f"  {name} ") == name_key(name)
    if name.isascii():
        assert title_key(name.upper()) == title_key(name.lower())


@given(st.text(alphabet="abcdefghij klmnop", min_size=1, max_size=30).filter(str.strip))
def test_the_key_of_plain_words_is_those_words(words: str) -> None:
    assert title_key(words) == " ".join(words.split())

"""What a file's name and folders say; no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.audio.file_names import N_GUESSES, guesses

NAMED = [
    ("Nena - 99 Luftballons.mp3", "Nena", "99 Luftballons"),
    ("Björk/1997 - Homogenic/03 Jóga.flac", "Björk", "Jóga"),
    ("Björk/Homogenic/03. Jóga.flac", "Björk", "Jóga"),
    ("Björk/Homogenic/CD1/1-03 Jóga.flac", "Björk", "Jóga"),
    ("Björk/Homogenic/Disc 2/03 - Jóga.flac", "Björk", "Jóga"),
    ("Nena/Nena/99 Luftballons.ogg", "Nena", "99 Luftballons"),
    ("Björk - Homogenic/03 Jóga.flac", "Björk", "Jóga"),
    ("Björk - 1997 - Homogenic/03 Jóga.flac", "Björk", "Jóga"),
    ("Homogenic/03 - Björk - Jóga.opus", "Björk", "Jóga"),
    ("Björk - Homogenic - 03 - Jóga.m4a", "Björk", "Jóga"),
    ("new/bjork_-_joga.wav", "bjork", "joga"),
    ("Björk/A3 Jóga.wav", "Björk", "Jóga"),
    ("Sigur Rós/( )/01 Untitled - Vaka.mp3", "Sigur Rós", "Untitled - Vaka"),
]


@pytest.mark.parametrize(("path", "artist", "title"), NAMED)
def test_the_usual_ways_to_name_a_file_are_understood(path: str, artist: str, title: str) -> None:
    assert (artist, title) in [(each.artist, each.title) for each in guesses(path)]


@pytest.mark.parametrize("path", ["01.mp3", "track.mp3", "- .mp3", "___.flac"])
def test_a_name_that_says_nothing_says_nothing(path: str) -> None:
    assert guesses(path) == []


@given(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=80))
def test_any_name_gives_few_whole_guesses(path: str) -> None:
    found = guesses(path)
    assert len(found) <= N_GUESSES
    assert len(set(found)) == len(found)
    assert all(each.artist.strip() and each.title.strip() for each in found)

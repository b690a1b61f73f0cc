"""What the invented members write: in their own way, never twice the same on a page, and true to the album."""

from __future__ import annotations

import re

import pytest

from catalog.countries import NAMES
from sidetrack.demo.albums import DemoAlbum, demo_albums, families
from sidetrack.demo.members import half_stars, personas
from sidetrack.demo.words import CHOICE, Writer


@pytest.fixture
def writer() -> Writer:
    return Writer(NAMES)


def album(genre: str) -> DemoAlbum:
    return next(each for each in demo_albums() if each.genre == genre)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text.lower()) if len(part) > 24]


@pytest.mark.parametrize("genre", ["Jazz", "Death metal", "Ambient", "Flamenco", "Hyperpop"])
def test_no_sentence_stands_twice_on_a_page(writer: Writer, genre: str) -> None:
    said: list[str] = []
    for persona in personas():
        given = half_stars(persona, album(genre), is_own=False)
        said += sentences(writer.review(persona, album(genre), given, page="reviews"))
    assert len(said) > 30
    assert len(said) == len(set(said))


def test_pitches_of_a_week_are_all_different(writer: Writer) -> None:
    said = [
        sentence
        for persona, fact in zip(personas()[:12], demo_albums(), strict=False)
        for sentence in sentences(writer.pitch(persona, fact, page="pitches"))
    ]
    assert len(said) == len(set(said))


def test_the_same_seed_writes_the_same_words() -> None:
    one, other = ([Writer(NAMES).pitch(persona, album("Soul"), page="1") for persona in personas()] for _ in range(2))
    assert one == other


def test_nobody_praises_the_singing_where_nobody_sings(writer: Writer) -> None:
    quiet = album("Ambient")
    assert quiet.voice == "none"
    texts = [
        writer.review(persona, quiet, stars, page=f"{persona.handle} {stars}")
        for persona in personas()
        for stars in range(2, 11)
    ]
    assert not [text for text in texts if re.search(r"\bvoice (wins|and I)|singing|\bwords went\b", text)]


def test_every_sentence_can_be_filled_in(writer: Writer) -> None:
    pools = [writer.pitches.values(), *(group.values() for group in writer.reviews.values())]
    cards = [card for group in pools for cards in group for card in cards]
    cards += [moment for persona in personas() for moment in persona.moments]
    assert len(cards) > 500
    for card in cards:
        text = writer.filled(card, album("Samba"), "Xica da Silva")
        assert not set("{}[]|") & set(text), card
        assert not CHOICE.search(text)
        assert text[0].isupper() or not text[0].isalpha()


def test_every_family_of_genres_has_words(writer: Writer) -> None:
    for family in set(families().values()):
        assert writer.pitches[family]
        assert {"good", "fair", "bad"} == writer.reviews[family].keys()


def test_two_members_of_twenty_four_disagree_about_an_album() -> None:
    given = {half_stars(persona, album("Death metal"), is_own=False) for persona in personas()}
    assert max(given) - min(given) >= 4

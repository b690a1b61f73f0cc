"""Genres are told from the other words that people tag music with."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from catalog.genres import is_genre


@pytest.mark.parametrize(
    "name",
    ["rock", "Trip-Hop", "hip hop", "norwegian black metal", "folktronica", "Drum & Bass", "R&B", "J-Pop", "indie",
     "singer-songwriter", "gypsy jazz", "nerdcore", "new wave of british heavy metal", "k-pop", "synth-pop"],
)  # fmt: skip
def test_a_genre(name: str) -> None:
    assert is_genre(name)


@pytest.mark.parametrize(
    "name",
    ["seen live", "80s", "british", "albums I own", "my favourite rock", "beautiful", "female vocalists", "", "2008",
     "songs that make me want to rock", "under 2000 listeners", "spotify", "love at first listen", "hope"],
)  # fmt: skip
def test_another_word(name: str) -> None:
    assert not is_genre(name)


@pytest.mark.realdata
def test_nearly_all_that_listeners_say_of_genres_is_recognised(real_data: Path) -> None:
    """Tags of 1,892 people on Last.fm, weighed by how often they were given, against a list of genres kept by hand."""

    def plain(name: str) -> str:
        return name.strip().lower().replace("-", " ")

    genres = {plain(line) for line in (real_data / "club/genres/genres.txt").read_text(encoding="utf-8").splitlines()}
    said: Counter[str] = Counter()
    with (real_data / "club/artist_top_tags.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said[row["tag"]] += int(row["count"])
    listed = {tag: count for tag, count in said.items() if plain(tag) in genres}
    recognised = sum(count for tag, count in listed.items() if is_genre(tag))
    assert recognised / sum(listed.values()) > 0.98
    usual = [tag for tag, _ in said.most_common(40)]
    no_genres = {"female vocalists", "80s", "british", "90s", "70s", "seen live", "60s", "brazilian", "male vocalists"}
    assert [tag for tag in usual if tag.lower() in no_genres and is_genre(tag)] == []

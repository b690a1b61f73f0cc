"""Which tracks make a blend: arithmetic without a database."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.blends.choosing import AIM, LEAST, PER_ARTIST_AT_MOST, SHARES, Candidate, choose, quotas
from taste.blends.telling import note, reason

SOME = st.lists(
    st.builds(
        Candidate,
        track=st.integers(1, 400),
        artist=st.integers(1, 30),
        n_a=st.integers(0, 60),
        n_b=st.integers(0, 60),
        fit_a=st.none() | st.floats(0, 1),
        fit_b=st.none() | st.floats(0, 1),
    ),
    max_size=200,
    unique_by=lambda each: each.track,
)


def rich(n: int = 100) -> list[Candidate]:
    """n candidates of each origin, every one by an artist of their own."""
    plays = {"both": (9, 9), "a": (9, 0), "b": (0, 9), "new": (0, 0)}
    return [
        Candidate(place * n + at, place * n + at, *pair, 0.5, 0.5)
        for place, pair in enumerate(plays.values())
        for at in range(n)
    ]


@pytest.mark.parametrize(
    ("lean", "expected"),
    [
        ("even", {"both": 21, "a": 12, "b": 12, "new": 5}),
        ("a", {"both": 16, "a": 22, "b": 7, "new": 5}),
        ("b", {"both": 16, "a": 7, "b": 22, "new": 5}),
        ("new", {"both": 6, "a": 2, "b": 2, "new": 40}),
    ],
)
def test_a_lean_decides_the_shares(lean: str, expected: dict[str, int]) -> None:
    assert quotas(lean, AIM) == expected
    assert Counter(each.origin for each in choose(rich(), lean)) == expected


@given(SOME, st.sampled_from(sorted(SHARES)))
def test_a_list_is_whole_or_none_and_the_same_whatever_the_order(some: list[Candidate], lean: str) -> None:
    chosen = choose(some, lean)
    assert chosen == choose(some[::-1], lean)
    assert chosen == [] or LEAST <= len(chosen) <= AIM
    assert len({each.track for each in chosen}) == len(chosen)
    assert max(Counter(each.artist for each in chosen).values(), default=0) <= PER_ARTIST_AT_MOST


@given(SOME)
def test_leaning_to_one_is_leaning_to_the_other_seen_from_there(some: list[Candidate]) -> None:
    turned = [Candidate(each.track, each.artist, each.n_b, each.n_a, each.fit_b, each.fit_a) for each in some]
    n = Counter(each.origin for each in choose(some, "a"))
    m = Counter(each.origin for each in choose(turned, "b"))
    assert abs(n["a"] - m["b"]) <= 1  # who fills what is short begins with the first of the two
    assert abs(n["both"] - m["both"]) <= 1


def test_what_one_lacks_the_others_fill() -> None:
    without_b = [each for each in rich() if each.origin != "b"]
    n = Counter(each.origin for each in choose(without_b, "even"))
    assert sum(n.values()) == AIM
    assert n["both"] > 21
    assert n["a"] > 12


def test_an_artist_stands_twice_where_there_is_enough() -> None:
    one_artist = [Candidate(1000 + at, 5000, 90, 90) for at in range(20)]
    chosen = choose([*rich(), *one_artist], "even")
    assert sum(each.artist == 5000 for each in chosen) == 2
    assert choose(one_artist, "even") == []  # four tracks are no list


@pytest.mark.parametrize(
    ("n_a", "n_b", "origin"),
    [
        (41, 12, "both"),
        (2, 2, "both"),
        (1, 1, "both"),
        (41, 1, "a"),
        (1, 2, "b"),
        (3, 0, "a"),
        (0, 1, "b"),
        (0, 0, "new"),
    ],
)
def test_whose_a_track_is(n_a: int, n_b: int, origin: str) -> None:
    assert Candidate(1, 1, n_a, n_b).origin == origin


@pytest.mark.parametrize(
    ("n_a", "n_b", "plays_artist", "sounds_like", "words"),
    [
        (41, 12, "ab", "", "Both of you play it: Ana 41 plays, Bo 12 plays."),
        (41, 1, "a", "", "Ana: 41 plays; Bo 1 play."),
        (1, 0, "a", "", "Ana: 1 play. New to Bo."),
        (7, 0, "ab", "", "Ana: 7 plays. Bo plays Low, but not this one yet."),
        (0, 7, "ab", "", "Bo: 7 plays. Ana plays Low, but not this one yet."),
        (0, 0, "ab", "", "New to both: by Low, whom both of you play."),
        (0, 0, "b", "Roads", "New to both: by Low, whom Bo plays."),
        (0, 0, "", "Roads", "New to both: sounds like “Roads”."),
    ],
)
def test_each_reason_says_what_is_so(n_a: int, n_b: int, plays_artist: str, sounds_like: str, words: str) -> None:
    track = Candidate(1, 1, n_a, n_b)
    assert reason(track, "Ana", "Bo", artist="Low", plays_artist=plays_artist, sounds_like=sounds_like) == words


def test_long_names_leave_room_for_the_rest() -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwll" * 3
    for n_a, n_b, who in ((9, 9, "ab"), (9, 0, "ab"), (9, 1, "a"), (0, 0, "b"), (0, 0, "")):
        said = reason(Candidate(1, 1, n_a, n_b), name, name, artist=name, plays_artist=who, sounds_like=name)
        assert len(said) <= 200
        assert said.endswith(".")


def test_the_note_counts_what_is_on_the_list() -> None:
    from datetime import date

    chosen = [Candidate(1, 1, 9, 9), Candidate(2, 2, 9, 9), Candidate(3, 3, 9, 0)]
    said = note(chosen, "Ana", "Bo", lean="Even", until=date(2025, 11, 20))
    assert said == "Even: 2 that both play, 1 of Ana. From plays until 20 November 2025."

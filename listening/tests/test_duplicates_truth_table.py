"""What counts as one play told twice, case by case; read it as the specification of `listening.duplicates`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.duplicates import LONGEST_S, Kind, Stamp, groups, likeness, match, preferred

SONG, OTHER = ("portishead", "roads"), ("portishead", "glory box")
NOON = 1_763_640_000  # a full minute
AT = NOON + 17  # seconds are known
LENGTH = 240  # of the song
LASTFM, BRAINZ, SPOTIFY = ("lastfm", None), ("listenbrainz", None), ("spotify", 7)
FILE, OTHER_FILE = ("lastfm", 3), ("lastfm", 4)


def told(
    delivery: tuple[str, int | None],
    *offsets: int,
    length: int | None = None,
    music: tuple[str, str] = SONG,
    start: int = AT,
) -> list[Stamp]:
    """What one delivery tells of one music: a stamp for each offset in seconds."""
    ms = None if length is None else length * 1000
    return [Stamp(start + each, music, delivery, ms, delivery[0]) for each in offsets]


# one delivery, another, and how many plays they make together
TABLE = [
    # stamps that agree
    ("the same second", told(LASTFM, 0), told(BRAINZ, 0), 1),
    ("a second apart", told(LASTFM, 0), told(BRAINZ, 1), 1),
    ("ten seconds apart, of a track of eight", told(LASTFM, 0), told(BRAINZ, 10, length=8), 1),
    ("another track at the same second", told(LASTFM, 0), told(BRAINZ, 0, music=OTHER), 2),
    ("the same delivery, a second apart", told(LASTFM, 0, 1), [], 2),
    # services stamp 4 to 54 s apart
    ("skew of 4 s", told(LASTFM, 0), told(BRAINZ, 4), 1),
    ("skew of 54 s, length unknown", told(LASTFM, 0), told(BRAINZ, 54), 1),
    ("skew of 54 s, the other way", told(LASTFM, 54), told(BRAINZ, 0), 1),
    ("skew of 54 s, within the length", told(LASTFM, 0), told(BRAINZ, 54, length=LENGTH), 1),
    ("54 s apart, of a track of 30 s", told(LASTFM, 0), told(BRAINZ, 54, length=30), 2),
    ("60 s apart, length unknown", told(LASTFM, 0), told(BRAINZ, 60), 1),
    ("61 s apart, length unknown", told(LASTFM, 0), told(BRAINZ, 61), 2),
    # nobody plays one track twice at once
    ("scrobbled at half of it", told(SPOTIFY, 0, length=LENGTH), told(LASTFM, 120), 1),
    ("the length told by the later stamp alone", told(LASTFM, 0), told(SPOTIFY, 120, length=LENGTH), 1),
    ("heard for 100 s, then again", told(SPOTIFY, 0, length=100), told(LASTFM, 180), 2),
    # one says when it began, the other when it ended
    ("start and end", told(SPOTIFY, 0, length=LENGTH), told(BRAINZ, LENGTH), 1),
    ("start and end, the end told first", told(BRAINZ, LENGTH), told(SPOTIFY, 0, length=LENGTH), 1),
    ("start and end, 10 s off", told(SPOTIFY, 0, length=LENGTH), told(BRAINZ, LENGTH + 10), 1),
    ("start and end, 11 s off", told(SPOTIFY, 0, length=LENGTH), told(BRAINZ, LENGTH + 11), 2),
    ("start and end, no length known", told(LASTFM, 0), told(BRAINZ, LENGTH), 2),
    ("the end of a mix of two hours", told(SPOTIFY, 0, length=7200), told(BRAINZ, 7200), 1),
    # a track on repeat: as many plays as the delivery that tells most
    ("both tell the loop", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 0, 240, 480), 3),
    ("both, skewed by 30 s", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 30, 270, 510), 3),
    ("both, skewed by half its length", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 120, 360, 600), 3),
    ("one misses the last", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 0, 240), 3),
    ("one misses the first", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 240, 480), 3),
    ("one misses the middle", told(SPOTIFY, 0, 240, 480, length=LENGTH), told(LASTFM, 0, 480), 3),
    ("each misses another", told(SPOTIFY, 0, 240, length=LENGTH), told(LASTFM, 0, 480), 3),
    ("a short track, length unknown", told(LASTFM, 0, 40, 80), told(BRAINZ, 4, 44, 84), 3),
    ("a loop stamped at its ends has one more", told(SPOTIFY, 0, 240, length=LENGTH), told(BRAINZ, 240, 480), 3),
    # files with minutes only
    ("the minute it began", told(FILE, 0, start=NOON), told(BRAINZ, 59, start=NOON), 1),
    ("the minute, of a track of 35 s", told(FILE, 0, start=NOON), told(BRAINZ, 55, start=NOON, length=35), 1),
    ("the minute before", told(FILE, 0, start=NOON), told(LASTFM, 61, start=NOON), 2),
    ("two files, minutes and seconds", told(FILE, 0, start=NOON), told(OTHER_FILE, 42, start=NOON), 1),
    ("two files with seconds, 42 s apart", told(FILE, 0), told(OTHER_FILE, 42), 2),
    (
        "the minute it ended: Spotify's files of one year and of all time",
        told(("spotify", 1), -45, start=NOON, length=45),
        told(("spotify", 2), -3, start=NOON, length=45),
        1,
    ),
    # one source, read in two ways
    ("a file and the account", told(FILE, 0), told(LASTFM, 0), 1),
    ("where the file ends and the account goes on", told(FILE, 0, length=LENGTH), told(LASTFM, LENGTH), 2),
    ("the same with crossfade", told(FILE, 0, length=LENGTH), told(LASTFM, LENGTH - 8), 2),
    ("Spotify's account counts back by the whole track", told(("spotify", None), 0, length=240),
     told(SPOTIFY, 170, length=70), 1),
    # not bridged: whoever hears it an hour later heard it twice
    ("a DST hour", told(LASTFM, 0, length=LENGTH), told(("maloja", 2), 3600, length=LENGTH), 2),
    ("stamps in local time, two hours off", told(LASTFM, 0), told(("device", 2), 7200), 2),
    ("a pause of five minutes inside it", told(LASTFM, 0), told(SPOTIFY, 300, length=LENGTH), 2),
    ("lengths beyond two hours are not believed", told(SPOTIFY, 0, length=90_000), told(LASTFM, 7300), 2),
]  # fmt: skip


@pytest.mark.parametrize(("case", "one", "other", "n_plays"), TABLE, ids=[row[0] for row in TABLE])
def test_how_many_plays_two_deliveries_tell(case: str, one: list[Stamp], other: list[Stamp], n_plays: int) -> None:
    assert len(one) + len(other) - len(match(one, other)) == n_plays, case
    assert len(one) + len(other) - len(match(other, one)) == n_plays, f"{case}, the other way"
    assert _n_plays([*one, *other]) == n_plays, f"{case}, decided anew"


THREE = [
    ("three agree", [told(LASTFM, 0), told(BRAINZ, 5), told(SPOTIFY, 0, length=LENGTH)], 1),
    ("the third bridges two", [told(LASTFM, 0), told(BRAINZ, 100), told(("pano", 1), 50)], 1),
    (
        "start, end, and an end with skew",
        [told(SPOTIFY, 0, length=LENGTH), told(BRAINZ, LENGTH), told(LASTFM, LENGTH + 30)],
        1,
    ),
    (
        "a loop told by three",
        [told(LASTFM, 0, 240, 480), told(BRAINZ, 6, 246, 486), told(SPOTIFY, 0, 240, 480, length=LENGTH)],
        3,
    ),
    ("a short loop that one of three tells", [told(LASTFM, 0), told(BRAINZ, 5), told(("pano", 1), 0, 40)], 2),
    ("account, file and another service", [told(LASTFM, 0), told(FILE, 0), told(BRAINZ, 20)], 1),
]


@pytest.mark.parametrize(("case", "deliveries", "n_plays"), THREE, ids=[row[0] for row in THREE])
def test_how_many_plays_three_deliveries_tell(case: str, deliveries: list[list[Stamp]], n_plays: int) -> None:
    assert _n_plays([stamp for delivery in deliveries for stamp in delivery]) == n_plays, case


def test_loops_pair_round_by_round() -> None:
    lastfm, spotify = told(LASTFM, 0, 480, 240), told(SPOTIFY, 0, 240, 480, length=LENGTH)
    assert match(lastfm, spotify) == {0: 0, 1: 2, 2: 1}


def test_the_kinds_are_told_apart() -> None:
    def kind(apart: int, length: int | None = None, start: int = AT) -> Kind | None:
        alike = likeness(*told(LASTFM, 0, start=start), *told(BRAINZ, apart, length=length, start=start))
        return alike.kind if alike else None

    assert kind(1) is Kind.EXACT
    assert kind(10) is Kind.CLOSE
    assert kind(54) is Kind.SKEW
    assert kind(120, length=LENGTH) is Kind.DURING
    assert kind(55, length=30, start=NOON) is Kind.MINUTE
    assert kind(245, length=LENGTH) is Kind.START_AND_END
    assert kind(300, length=LENGTH) is None
    assert len({each.words for each in Kind}) == len(Kind)


def test_a_play_that_is_told_by_the_delivery_already_is_not_told_by_it_again() -> None:
    first, again = told(BRAINZ, 0, 45)
    held = [replace(told(LASTFM, 2)[0], play=1), replace(first, play=1)]
    assert match([again], held) == {}
    assert match([again], held[:1]) == {0: 0}


def test_of_two_held_plays_the_nearer_takes_the_new_one_and_both_stay_two() -> None:
    held = [replace(told(LASTFM, 0)[0], play=1), replace(told(SPOTIFY, 100)[0], play=2)]
    assert match(told(BRAINZ, 51), held) == {0: 1}
    assert match(told(BRAINZ, 49), held) == {0: 0}


def test_what_the_member_keeps_apart_matches_nothing() -> None:
    apart = [replace(told(LASTFM, 0)[0], is_kept_apart=True)]
    assert match(told(BRAINZ, 0), apart) == {}
    assert match(apart, told(BRAINZ, 0)) == {}
    assert groups([*apart, *told(BRAINZ, 0)]) == []


def test_the_source_that_the_member_believes_first_stands_then_the_row_stored_first() -> None:
    rows = {12: "lastfm", 9: "koito", 15: "spotify", 14: "spotify"}
    assert preferred(rows, ["spotify", "lastfm"]) == 14
    assert preferred(rows, ["lastfm"]) == 12
    assert preferred(rows, []) == 9


def _n_plays(stamps: list[Stamp]) -> int:
    return len(stamps) - sum(len(group) - 1 for group in groups(stamps))


_seconds = st.integers(0, 1500).map(lambda offset: AT + offset)
_lengths = st.sampled_from([None, 30_000, 100_000, 240_000])


def _deliveries(*names: tuple[str, int | None]) -> st.SearchStrategy[list[Stamp]]:
    stamp = st.builds(
        lambda second, music, delivery, ms: Stamp(second, music, delivery, ms, delivery[0]),
        _seconds, st.sampled_from([SONG, OTHER]), st.sampled_from(names), _lengths,
    )  # fmt: skip
    return st.lists(stamp, max_size=25, unique_by=lambda each: (each.delivery, each.second, each.music))


@given(_deliveries(LASTFM), _deliveries(SPOTIFY, FILE))
def test_each_held_play_is_taken_once_by_the_same_music_and_near(new: list[Stamp], held: list[Stamp]) -> None:
    found = match(new, held)
    assert len(set(found.values())) == len(found)
    for at, old in found.items():
        assert new[at].music == held[old].music
        assert new[at].delivery != held[old].delivery
        assert abs(new[at].second - held[old].second) <= LONGEST_S


@given(_deliveries(LASTFM), _deliveries(BRAINZ))
def test_who_arrives_first_makes_no_difference(one: list[Stamp], other: list[Stamp]) -> None:
    both = [*one, *other]
    pairs = {frozenset((one[at], other[old])) for at, old in match(one, other).items()}
    assert pairs == {frozenset((one[old], other[at])) for at, old in match(other, one).items()}
    assert pairs == {frozenset(both[at] for at in group) for group in groups(both)}


@given(_deliveries(LASTFM, BRAINZ, SPOTIFY, FILE), st.data())
def test_the_order_of_rows_makes_no_difference(stamps: list[Stamp], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(stamps))
    assert {frozenset(stamps[at] for at in group) for group in groups(stamps)} == {
        frozenset(shuffled[at] for at in group) for group in groups(shuffled)
    }


@given(_deliveries(LASTFM, BRAINZ, SPOTIFY, FILE))
def test_a_play_holds_one_stamp_of_each_delivery(stamps: list[Stamp]) -> None:
    for group in groups(stamps):
        deliveries = [stamps[at].delivery for at in group]
        assert len(deliveries) == len(set(deliveries)) > 1


@given(_deliveries(LASTFM))
def test_a_delivery_alone_is_never_told_twice(stamps: list[Stamp]) -> None:
    assert groups(stamps) == []
    assert match(stamps[:10], stamps[10:]) == {}

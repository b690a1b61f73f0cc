"""One play told twice: which stamps of different deliveries are one and the same play. Pure: no Django, no clients.

A delivery is one source by one way: the sync of an account, or one imported file. Within a delivery two plays are two
plays, however near: a track on repeat is told once for each time. Between deliveries stamps of one play differ: clocks
and clients by 4 to 54 s (measured by ListenBrainz, PR 201), a file with minutes only by up to a minute, a stamp at the
end of the track by its length. `likeness` says how two stamps agree, best kinds first; `match` and `groups` pair them,
the best first, so that a play holds at most one stamp of each delivery.

Whole hours (a time zone, a DST hour) are never bridged: who hears an album again an hour later heard it twice.
The truth table is `tests/test_duplicates_truth_table.py`; the kinds are those of multi-scrobbler.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

EXACT_S, CLOSE_S, SKEW_S = 1, 10, 60
MAX_LENGTH_S = 2 * 3600  # a longer track is taken for one of two hours: somebody must read that far around each play
LONGEST_S = MAX_LENGTH_S + CLOSE_S  # how far apart two stamps of one play can be
_MAX_NEIGHBOURS = 100  # stamps of one music looked at after each: nobody hears it that often in a track's length


@dataclass(frozen=True, slots=True)
class Stamp:
    """One row as matching sees it."""

    second: int  # unix seconds of the stored start
    music: Hashable  # what was played, coarse: (artist key, loose title key); equal means the same music
    delivery: Hashable  # (source, import batch id or None)
    ms: int | None  # how long it was played, else how long the track is; None unknown
    source: str
    is_kept_apart: bool = False  # the member says: a play of its own
    play: Hashable = None  # of a row that is held: the id of the row that stands for it, its own where it stands


class Kind(IntEnum):
    """How two stamps agree, best first."""

    EXACT = 1
    CLOSE = 2
    SKEW = 3
    DURING = 4
    MINUTE = 5
    START_AND_END = 6

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Kind.EXACT: "the same second",
    Kind.CLOSE: "within 10 seconds",
    Kind.SKEW: "within a minute",
    Kind.DURING: "while the other was still playing",
    Kind.MINUTE: "the same minute",
    Kind.START_AND_END: "one says when it began, the other when it ended",
}


class Likeness(NamedTuple):
    """Smaller is more alike."""

    kind: Kind
    distance: float  # seconds from agreeing in this way


def likeness(a: Stamp, b: Stamp) -> Likeness | None:
    """How two stamps would be one play, by their times alone; None where they would not.

    Two deliveries of one source never differ by a client's clock nor by which end of the track they stamp.
    """
    first, second = (a, b) if a.second <= b.second else (b, a)
    apart = second.second - first.second
    if apart <= CLOSE_S:
        return Likeness(Kind.EXACT if apart <= EXACT_S else Kind.CLOSE, apart)
    lengths = [min(ms / 1000, MAX_LENGTH_S) for ms in (first.ms, second.ms) if ms]
    is_one_source = a.source == b.source
    if apart <= SKEW_S and not is_one_source and (not lengths or apart < lengths[0]):
        return Likeness(Kind.SKEW, apart)
    # A track that follows itself with crossfade begins a little before its end: that is left to two sources' stamps.
    if lengths and apart < lengths[0] - (CLOSE_S if is_one_source else 0):
        return Likeness(Kind.DURING, apart)
    if apart <= SKEW_S and (_has_minutes_only(first) or _has_minutes_only(second)):
        return Likeness(Kind.MINUTE, apart)
    if lengths and not is_one_source:
        off = min(abs(apart - length) for length in lengths)
        if off <= CLOSE_S:
            return Likeness(Kind.START_AND_END, off)
    return None


def _has_minutes_only(stamp: Stamp) -> bool:
    """It began, or by its length ended, on a full minute: Spotify's one-year files say the minute of the end."""
    if stamp.second % 60 == 0:
        return True
    return stamp.ms is not None and not 0 < (stamp.second * 1000 + stamp.ms) % 60_000 <= 59_000


def match(new: Sequence[Stamp], held: Sequence[Stamp]) -> dict[int, int]:
    """Which of the new stamps, all of one delivery, tell a play that is held: index in `new` → index in `held`.

    `held` reaches LONGEST_S around the new ones and includes their own delivery's rows, so that what those tell is
    not told again. Who arrives first makes no difference to which stamps are paired.
    """
    musics = {stamp.music for stamp in new}
    near = [index for index, stamp in enumerate(held) if stamp.music in musics]
    if not near:
        return {}
    stamps = [*new, *(held[index] for index in near)]
    found = {}
    for group in _groups(stamps):
        olds = [at for at in group if at >= len(new)]
        if olds:
            for at in group:
                if at < len(new):
                    best = min(olds, key=lambda old: (_how_near(stamps[at], stamps[old]), old))
                    found[at] = near[best - len(new)]
    return found


def groups(stamps: Sequence[Stamp]) -> list[list[int]]:
    """The plays that are told more than once: for each the indexes of its stamps, in the order given."""
    return [sorted(group) for group in _groups(stamps)]


def preferred(sources: Mapping[int, str], order: Sequence[str]) -> int:
    """Which row of a play stands for it: of the source first in the member's order, then the one stored first.

    sources: row id → source, not empty. A source that the order does not name comes after those it names.
    """
    places = {source: place for place, source in enumerate(order)}
    return min(sources, key=lambda row: (places.get(sources[row], len(places)), row))


def _how_near(a: Stamp, b: Stamp) -> tuple[float, float]:
    """For choosing among one play's rows: some agree with each other only through a third."""
    alike = likeness(a, b)
    return (alike.kind, alike.distance) if alike else (len(Kind) + 1, abs(a.second - b.second))


def _groups(stamps: Sequence[Stamp]) -> Iterator[list[int]]:
    by_music: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, stamp in enumerate(stamps):
        if not stamp.is_kept_apart:
            by_music[stamp.music].append(index)
    for indexes in by_music.values():
        if len(indexes) > 1 and len({stamps[index].delivery for index in indexes}) > 1:
            yield from _plays_of_one_music(stamps, indexes)


def _plays_of_one_music(stamps: Sequence[Stamp], indexes: list[int]) -> Iterator[list[int]]:
    """Join the most alike pairs first; a play never takes a second stamp of a delivery that tells it already.

    Two plays that were told apart before stay two: only `groups`, where nothing is decided yet, sees them anew.
    """
    members: dict[int, list[int]] = {index: [index] for index in indexes}  # of a play, by any of its stamps
    told: dict[Hashable, int] = {}
    for index in indexes:
        if (play := stamps[index].play) is not None:
            _join(members, told.setdefault(play, index), index)
    for _, a, b in sorted(_pairs(stamps, indexes)):
        one, other = ([stamps[index] for index in members[each]] for each in (a, b))
        are_decided = any(stamp.play is not None for stamp in one) and any(stamp.play is not None for stamp in other)
        if not are_decided and {stamp.delivery for stamp in one}.isdisjoint(stamp.delivery for stamp in other):
            _join(members, a, b)
    for index, group in members.items():
        if len(group) > 1 and group[0] == index:
            yield group


def _join(members: dict[int, list[int]], a: int, b: int) -> None:
    if members[a] is not members[b]:
        members[a] += members[b]
        for index in members[b]:
            members[index] = members[a]


def _pairs(stamps: Sequence[Stamp], indexes: list[int]) -> Iterator[tuple[tuple[float, ...], int, int]]:
    """Each two that may be one play, with what they are sorted by: nothing of it depends on who came first."""
    names = {each: place for place, each in enumerate(sorted({stamps[i].delivery for i in indexes}, key=repr))}
    by_time = sorted(indexes, key=lambda index: (stamps[index].second, names[stamps[index].delivery], index))
    longest = max((stamps[index].ms or 0 for index in indexes), default=0) / 1000
    reach = max(SKEW_S, min(longest, MAX_LENGTH_S) + CLOSE_S)
    seconds: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in by_time:
        seconds[stamps[index].delivery].append(stamps[index].second)
    for place, a in enumerate(by_time):
        first = stamps[a]
        for b in by_time[place + 1 : place + 1 + _MAX_NEIGHBOURS]:
            second = stamps[b]
            if second.second - first.second > reach:
                break
            if first.delivery == second.delivery or (first.play is not None and second.play is not None):
                continue
            alike = likeness(first, second)
            if alike is None or (
                alike.kind is Kind.START_AND_END
                and any(_is_on_repeat(seconds[each.delivery], first, second, each) for each in (first, second))
            ):
                continue
            order = (*alike, first.second, second.second, names[first.delivery], names[second.delivery])
            yield order, a, b


def _is_on_repeat(seconds: list[int], first: Stamp, second: Stamp, of: Stamp) -> bool:
    """Whether the delivery tells a play right before or after: then a length apart is the next round, not an end."""
    reach = second.second - first.second + CLOSE_S
    return bisect_right(seconds, of.second + reach) - bisect_left(seconds, of.second - reach) > 1

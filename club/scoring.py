"""Who wins a poll, and why. Pure: plain values in, frozen values out; no Django.

A first choice is worth two points, a second choice one, also when it stands alone. Most points win; then most first
choices; then the album that was nominated earlier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

POINTS = {1: 2, 2: 1}
MAX_TITLE = 40  # a sentence of 300 characters names up to four albums


class BallotLine(NamedTuple):
    """One choice of one voter; rank 1 or 2."""

    voter_id: int
    rank: int
    nomination_id: int


# Ten thousand ballots are counted while somebody waits: these read a line's parts without a step of Python each.
_VOTER, _RANK = itemgetter(0), itemgetter(1)
_VOTER_AND_RANK, _VOTER_AND_ALBUM, _RANK_AND_ALBUM = itemgetter(0, 1), itemgetter(0, 2), itemgetter(1, 2)


@dataclass(frozen=True, slots=True)
class Nominee:
    """A standing nomination. The points of a poll that was held elsewhere, without ballots, come with it."""

    nomination_id: int
    title: str
    nominated_at: datetime
    points_elsewhere: int = 0
    firsts_elsewhere: int = 0
    seconds_elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class PollEntry:
    """One nominee's part of the result; place counts from 1 and is never shared."""

    nomination_id: int
    points: int
    firsts: int
    seconds: int
    place: int


@dataclass(frozen=True, slots=True)
class PollResult:
    """Every nominee in order of place. Without nominees there is no winner."""

    entries: tuple[PollEntry, ...]
    winner_id: int | None
    tie_break: str
    voters: int

    @property
    def total_points(self) -> int:
        return sum(entry.points for entry in self.entries)

    @property
    def margin(self) -> int | None:
        """Points between the first and the second place; None with fewer than two nominees, or without a vote."""
        if len(self.entries) < 2 or self.total_points == 0:
            return None
        return self.entries[0].points - self.entries[1].points


def turnout(voters: int, members: int) -> float | None:
    """The share of members who voted, 0 to 1; None without members.

    More voters than members (guests who voted once) count as everybody: 1.0.
    """
    return min(voters / members, 1.0) if members else None


def counted(lines: Iterable[BallotLine], nomination_ids: Iterable[int]) -> list[BallotLine]:
    """The lines that count, whatever order they come in.

    One line per voter and rank, and one per voter and album (the better rank); lines for albums that do not stand
    are dropped. Raises ValueError for a rank other than 1 or 2.
    """
    cast, standing = list(lines), set(nomination_ids)
    if wrong := set(map(_RANK, cast)) - set(POINTS):
        raise ValueError(f"A ballot has a first and a second choice, not a choice of rank {min(wrong)}.")
    if len(set(map(_VOTER_AND_RANK, cast))) == len(set(map(_VOTER_AND_ALBUM, cast))) == len(cast):
        # as the database keeps them: nothing is doubled
        return [line for line in cast if line.nomination_id in standing]
    kept: list[BallotLine] = []
    used: set[tuple[int, int]] = set()
    chosen: set[tuple[int, int]] = set()
    for line in sorted(line for line in cast if line.nomination_id in standing):
        voter_id, rank, nomination_id = line
        if (voter_id, rank) not in used and (voter_id, nomination_id) not in chosen:
            used.add((voter_id, rank))
            chosen.add((voter_id, nomination_id))
            kept.append(line)
    return kept


def tally(ballots: Iterable[BallotLine], nominees: Sequence[Nominee], *, voters_elsewhere: int = 0) -> PollResult:
    """The result of a poll: every nominee with points, first and second choices, in order of place.

    Any order of the lines gives the same result; the points sum to 2 per first choice and 1 per second choice.
    """
    lines = counted(ballots, (nominee.nomination_id for nominee in nominees))
    firsts: dict[int, int] = {nominee.nomination_id: nominee.firsts_elsewhere for nominee in nominees}
    seconds: dict[int, int] = {nominee.nomination_id: nominee.seconds_elsewhere for nominee in nominees}
    points: dict[int, int] = {nominee.nomination_id: nominee.points_elsewhere for nominee in nominees}
    for (rank, nomination_id), n_lines in Counter(map(_RANK_AND_ALBUM, lines)).items():
        points[nomination_id] += POINTS[rank] * n_lines
        (firsts if rank == 1 else seconds)[nomination_id] += n_lines

    def strength(nominee: Nominee) -> tuple[int, int, datetime, int]:
        key = nominee.nomination_id
        return (-points[key], -firsts[key], nominee.nominated_at, key)

    ordered = sorted(nominees, key=strength)
    entries = tuple(
        PollEntry(key, points[key], firsts[key], seconds[key], place)
        for place, key in enumerate((nominee.nomination_id for nominee in ordered), start=1)
    )
    return PollResult(
        entries=entries,
        winner_id=entries[0].nomination_id if entries else None,
        tie_break=tie_break(entries, {nominee.nomination_id: nominee.title for nominee in nominees}),
        voters=len(set(map(_VOTER, lines))) + voters_elsewhere,
    )


def tie_break(entries: Sequence[PollEntry], titles: dict[int, str]) -> str:
    """One sentence on how the first place was decided between albums of equal points; "" when there was no tie."""
    tied = [entry for entry in entries if entry.points == entries[0].points]
    if len(tied) < 2:
        return ""
    winner = tied[0]
    name = quoted(titles[winner.nomination_id])
    if winner.points == 0:
        return f"Nobody voted, so the earliest nomination, {name}, won."
    names = [quoted(titles[entry.nomination_id]) for entry in tied]
    both = "both" if len(tied) == 2 else "all"
    who = f"{', '.join(names[:-1])} and {names[-1]} {both}" if len(tied) <= 3 else f"{len(tied)} albums"
    level = [entry for entry in tied if entry.firsts == winner.firsts]
    points = f"{winner.points} point{'s' * (winner.points != 1)}"
    if len(level) == 1:
        return f"{who} had {points}; {name} won with more first choices ({winner.firsts} to {tied[1].firsts})."
    if len(level) == len(tied):
        how = f"{points} and {winner.firsts} first choice{'s' * (winner.firsts != 1)}"
        return f"{who} had {how}; {name} was nominated first."
    return f"{who} had {points}; {name} was nominated first of the {len(level)} with the most first choices."


def quoted(title: str) -> str:
    """The title in quotation marks, cut where it is very long."""
    return f"“{title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + '…'}”"

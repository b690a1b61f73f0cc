"""The 1000th listen, the 10,000th: what it was. And the sessions in which music was heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.models import Track
from listening.figures import arithmetic
from listening.figures.history import History
from listening.figures.ranges import A_DAY, Range, midnight
from listening.figures.tops import musics, plays_in
from listening.models import ListenEvent
from social.models import User

N_PLAYS = 5_000  # at most, of which sessions are made: the newest of a range


@dataclass(frozen=True, slots=True)
class Milestone:
    number: int
    track: Track
    played_at: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Of the newest `n_plays` plays; is_all: those were all plays of the range."""

    n: int
    n_plays: int
    longest: arithmetic.Session | None
    newest: arithmetic.Session | None
    is_all: bool

    @property
    def mean(self) -> float | None:
        """Plays a session."""
        return self.n_plays / self.n if self.n else None


def milestones(history: History, *, within: Range | None = None, n: int = 20) -> list[Milestone]:
    """The newest `n` of those reached so far (within a range), the newest first; one query each, and two.

    The day is known from the days' sums, so each is looked for among the plays of one day.
    """
    found = [each for each in arithmetic.reached(history.plays) if within is None or within.holds(each.day)][-n:]
    placed: list[tuple[int, datetime, int]] = []
    for each in found:
        ends = midnight(each.day, history.zone), midnight(each.day + A_DAY, history.zone)
        plays = ListenEvent.objects.counted().filter(user=history.member, played_at__gte=ends[0], played_at__lt=ends[1])
        row = plays.order_by("played_at", "id").values_list("played_at", "track_id")[each.place : each.place + 1]
        placed += [(each.number, *play) for play in row]
    tracks: dict[int, Any] = musics("track", [track_id for _, _, track_id in placed], member=history.member)
    return [Milestone(number, tracks[pk], at) for number, at, pk in reversed(placed) if pk in tracks]


def sessions(member: User, span: Range) -> Sessions:
    """How the newest plays of a range fell into sessions; one query."""
    starts = list(plays_in(member, span).order_by("-played_at").values_list("played_at", flat=True)[: N_PLAYS + 1])
    is_all = len(starts) <= N_PLAYS
    found = arithmetic.sessions(starts[:N_PLAYS][::-1])
    if not is_all:  # its beginning lies before what was read
        found = found[1:]
    return Sessions(
        n=len(found),
        n_plays=sum(each.n for each in found),
        longest=max(found, key=lambda each: (each.length, each.n), default=None),
        newest=found[-1] if found else None,
        is_all=is_all,
    )

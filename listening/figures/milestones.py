"""The 1000th listen, the 10,000th: what it was. And the sessions in which music was heard."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

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
    """The newest `n` of those reached so far (within a range), the newest first; three queries, however many.

    The day is known from the days' sums, so they are looked for among the plays of those days alone.
    """
    found = [each for each in arithmetic.reached(history.plays) if within is None or within.holds(each.day)][-n:]
    if not found:
        return []
    zone = history.zone
    begins = {each.day: (midnight(each.day, zone), midnight(each.day + A_DAY, zone)) for each in found}
    on_one = reduce(or_, (Q(played_at__gte=first, played_at__lt=last) for first, last in begins.values()))
    plays = ListenEvent.objects.counted().filter(on_one, user=history.member).order_by("played_at", "id")
    rows = list(plays.values_list("played_at", "track_id"))
    moments = [moment for moment, _ in rows]
    placed: list[tuple[int, datetime, int]] = []
    for each in found:
        first, last = (bisect_left(moments, moment) for moment in begins[each.day])
        placed += [(each.number, *rows[at]) for at in (first + each.place,) if at < last]
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

"""A page of the feed: sources merged, days headed, runs folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from heapq import merge
from itertools import groupby, islice

from django.utils.functional import Promise

from sidetrack import slots
from social.feed.asking import Cursor, Item, Question, Source
from social.models import User

PAGE_SIZE = 30
RUN = 3  # so many in a row of one member and one kind are folded
N_STRIP = 6  # pictures that a folded run shows


@dataclass(frozen=True, slots=True)
class Run:
    """One item, or several in a row of one member and one kind, as one row of the page."""

    items: tuple[Item, ...]
    words: str | Promise = ""  # of a folded run
    strip_template: str = ""

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def is_folded(self) -> bool:
        return len(self.items) > 1

    @property
    def strip(self) -> list[object]:
        """What its pictures are of, each once."""
        return list(dict.fromkeys(item.subject for item in self.items if item.subject is not None))[:N_STRIP]


@dataclass(frozen=True, slots=True)
class Day:
    """is_continued: the page before ended in the middle of it."""

    date: date
    runs: tuple[Run, ...]
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class FeedPage:
    """older: from where the next page goes on; None at the end."""

    days: tuple[Day, ...]
    older: Cursor | None

    @property
    def is_empty(self) -> bool:
        return not self.days


def sources() -> dict[str, Source]:
    """All sources by their kind."""
    return {source.kind: source for each in slots.call("feed:sources") for source in each}


def read_feed(
    *,
    viewer: User,
    of_everybody: bool = False,
    before: Cursor | None = None,
    size: int = PAGE_SIZE,
    zone: tzinfo,
    now: datetime,
) -> FeedPage:
    """One page, newest first; in a number of queries that depends on the kinds of things, not on their number.

    of_everybody: the whole club's doings instead of those whom the viewer follows.
    """
    question = Question(viewer, of_everybody, before, limit=size + 1, now=now)
    known = sources()
    streams = [[Cursor(at, kind, pk) for at, pk in source.newest(question)] for kind, source in known.items()]
    found = list(islice(merge(*streams, reverse=True), size + 1))
    older = found[size - 1] if len(found) > size else None
    items = _loaded(found[:size], known, viewer)
    last_day = before.at.astimezone(zone).date() if before else None
    days = [
        Day(day, tuple(folded(list(group), known)), is_continued=day == last_day)
        for day, group in groupby(items, key=lambda item: item.at.astimezone(zone).date())
    ]
    return FeedPage(tuple(days), older)


def _loaded(keys: Sequence[Cursor], known: dict[str, Source], viewer: User) -> list[Item]:
    """In the order of the keys; one round of queries for each kind that is on the page."""
    found: dict[tuple[str, int], Item] = {}
    for kind, source in known.items():
        if ids := [key.id for key in keys if key.kind == kind]:
            found |= {(kind, item.id): item for item in source.load(ids, viewer)}
    return [found[key.kind, key.id] for key in keys if (key.kind, key.id) in found]


def folded(items: Iterable[Item], known: dict[str, Source]) -> list[Run]:
    """Runs of at least three become one row. What somebody wrote stands for itself, and ends a run."""
    runs: list[Run] = []
    for (kind, _, folds), group in groupby(items, key=lambda item: (item.kind, item.actor.pk, item.folds)):
        row = tuple(group)
        say = known[kind].of_many
        if folds and say is not None and len(row) >= RUN:
            runs.append(Run(row, say(len(row)), known[kind].strip))
        else:
            runs += [Run((item,)) for item in row]
    return runs

"""Which plays that come in are told already by another source: rows of the database seen as stamps.

`duplicates` holds the rules and knows no database; this module reads the rows around the plays and names what to do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol
from uuid import UUID

from catalog.models import Artist, Track
from catalog.names import loose_title_key, name_key
from listening.bulk.listens import Held, of_ids, titles_around
from listening.duplicates import LONGEST_S, Stamp, match, preferred
from listening.models import Listener, ListenEvent, RemovedListen, Source
from sidetrack.bulk.given import NUMBER
from sidetrack.bulk.rows import matching

BY_ID = {"id": NUMBER}
REACH = timedelta(seconds=LONGEST_S)
DEFAULT_ORDER = [str(source) for source in Source]
_loose_title_key = lru_cache(maxsize=100_000)(loose_title_key)

JOINS = frozenset({"and", "with", "x", "vs", "versus", "feat", "ft", "featuring", "und", "et", "y"})

Delivery = tuple[str, int | None]
Named = tuple[str, str]  # artist and title


class Row(Protocol):
    """What telling apart looks at in a row that is held."""

    @property
    def id(self) -> int: ...
    @property
    def played_at(self) -> datetime: ...
    @property
    def source(self) -> str: ...
    @property
    def import_batch_id(self) -> int | None: ...
    @property
    def track_id(self) -> int: ...
    @property
    def ms_played(self) -> int | None: ...
    @property
    def duplicate_of_id(self) -> int | None: ...
    @property
    def is_kept_apart(self) -> bool: ...


class Music(NamedTuple):
    """What a track is called, coarsely, and how long it is."""

    key: Hashable
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A play that came in, as far as telling it apart needs it. `track_id` is None while nobody knows the names."""

    played_at: datetime
    msid: UUID
    track_id: int | None
    artist: str
    title: str
    ms: int | None


@dataclass(frozen=True)
class Verdict:
    """A play that is told already. `row` is the row that stood for it until now.

    stands: whether the new row takes its place, because the member believes its source more.
    """

    row: Held
    stands: bool


class Surroundings:
    """The rows that a member holds around the plays of one delivery, as far as they could be the same plays."""

    def __init__(
        self, listener: Listener, *, delivery: Delivery, moments: Sequence[datetime], tell: Callable[[int], Told]
    ) -> None:
        """moments: when the plays began, in order; `tell` answers with the play of an index."""
        self._order = source_order(listener)
        self._delivery = delivery
        self._tell = tell
        has_rows = bool(listener.n_listens or listener.n_duplicates)
        self._rows = self._rows_that_matter(listener, moments) if has_rows else []
        self._by_id = {row.id: row for row in self._rows}
        self._add_standing_rows()
        self._removed = removed_around(listener, moments)

    def known(self) -> set[tuple[datetime, UUID]]:
        """Seconds and names that the same source told before."""
        return {(row.played_at, row.msid) for row in self._rows if row.source == self._delivery[0]}

    def verdicts(self, among: Iterable[int]) -> tuple[dict[int, Verdict], set[int]]:
        """Of the plays with these indexes the ones that another delivery tells too, and the ones that were removed.

        What the member removed as one source told it, no other puts back.
        """
        everything: list[Row | RemovedListen] = [*self._rows, *self._removed]
        if all(delivery_of(row) == self._delivery for row in everything):
            return {}, set()
        indexes = list(among)
        told = [self._tell(index) for index in indexes]
        musics = musics_of(
            {row.track_id for row in everything} | {each.track_id for each in told},
            named={(each.artist, each.title) for each in told if each.track_id is None},
        )
        new = [self._stamp_of_told(each, musics) for each in told]
        held = [stamp_of(row, musics) for row in self._rows] + [stamp_of_removed(row, musics) for row in self._removed]
        verdicts, removed = {}, set()
        for at, held_at in match(new, held).items():
            if held_at >= len(self._rows):
                removed.add(indexes[at])
                continue
            row = self._rows[held_at]
            standing = self._by_id.get(row.duplicate_of_id or row.id, row)
            best = preferred({standing.id: standing.source, NEWEST: self._delivery[0]}, self._order)
            verdicts[indexes[at]] = Verdict(standing, stands=best == NEWEST)
        return verdicts, removed

    def _rows_that_matter(self, listener: Listener, moments: Sequence[datetime]) -> list[Held]:
        """Within reach of the plays: what is called alike, and what began in the same second."""
        near = titles_around(user_id=listener.pk, ranges=ranges_around(moments))
        if not near:
            return []
        first, last = min(row[1] for row in near) - LONGEST_S, max(row[1] for row in near) + LONGEST_S
        told = [self._tell(at) for at, moment in enumerate(moments) if first <= moment.timestamp() <= last]
        ids = {(each.track_id,) for each in told if each.track_id is not None}
        titles = dict(matching(Track, BY_ID, list(ids), ("id", "title")))
        seconds: defaultdict[str, list[int]] = defaultdict(list)
        for each in told:
            title = each.title if each.track_id is None else titles[each.track_id]
            seconds[_loose_title_key(title)].append(int(each.played_at.timestamp()))
        at_once = {int(each.played_at.timestamp()) for each in told}
        return of_ids(
            [
                id_
                for id_, second, title in near
                if second in at_once or _is_near(second, seconds.get(_loose_title_key(title), ()))
            ]
        )

    def _add_standing_rows(self) -> None:
        """Rows that stand for one of these from farther away: plays of an hour and more."""
        far = {row.duplicate_of_id for row in self._rows if row.duplicate_of_id} - self._by_id.keys()
        if far:
            rows = ListenEvent.objects.filter(pk__in=far).values_list(*Held.__dataclass_fields__)
            self._rows = [*self._rows, *(Held(*row) for row in rows)]
            self._by_id = {row.id: row for row in self._rows}

    def _stamp_of_told(self, told: Told, musics: Mapping[int | Named, Music]) -> Stamp:
        music = musics[(told.artist, told.title) if told.track_id is None else told.track_id]
        second = int(told.played_at.timestamp())
        return Stamp(second, music.key, self._delivery, told.ms or music.duration_ms, self._delivery[0])


def _is_near(second: int, seconds: Sequence[int]) -> bool:
    """Whether one of them, which are in order, is within reach."""
    place = bisect_left(seconds, second - LONGEST_S)
    return place < len(seconds) and seconds[place] <= second + LONGEST_S


NEWEST = 2**63  # in the place of the id that a row about to be written will get: later than any


def source_order(listener: Listener) -> list[str]:
    """The sources by how much the member believes them; those not named by the member follow in our order."""
    chosen = [source for source in listener.source_order if source in DEFAULT_ORDER]
    return chosen + [source for source in DEFAULT_ORDER if source not in chosen]


def removed_around(listener: Listener, moments: Collection[datetime]) -> list[RemovedListen]:
    """What the member took out near these moments."""
    if not moments:
        return []
    between = (min(moments) - REACH, max(moments) + REACH)
    return list(RemovedListen.objects.filter(user=listener.pk, played_at__range=between))


def delivery_of(row: Row | RemovedListen) -> Delivery:
    return row.source, row.import_batch_id


def ranges_around(moments: Collection[datetime]) -> list[tuple[datetime, datetime]]:
    """The times within reach of the moments, as few ranges as do not overlap."""
    ranges: list[tuple[datetime, datetime]] = []
    for moment in sorted(moments):
        if ranges and moment - REACH <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], moment + REACH)
        else:
            ranges.append((moment - REACH, moment + REACH))
    return ranges


def musics_of(track_ids: Collection[int | None], *, named: Iterable[Named] = ()) -> dict[int | Named, Music]:
    """Each track, and each pair of artist and title that no track has yet, as duplicates are told by it; two queries.

    One source names two artists where another names the first (“Robert Plant & Alison Krauss”, “Robert Plant, Alison
    Krauss”, “Robert Plant”): among the musics of one title a name stands for those that go on after it.
    """
    ids = [(each,) for each in set(track_ids) if each is not None]
    tracks = matching(Track, BY_ID, ids, ("id", "artist_id", "title", "duration_ms"))
    artist_keys = dict(matching(Artist, BY_ID, [(each,) for each in {row[1] for row in tracks}], ("id", "name_key")))
    keys: dict[int | Named, tuple[str, str]] = {}
    lengths: dict[int | Named, int | None] = {}
    for track_id, artist_id, title, length in tracks:
        keys[track_id], lengths[track_id] = (_bare(artist_keys[artist_id]), _loose_title_key(title)), length
    for artist, title in named:
        keys[artist, title] = (_bare(name_key(artist)), _loose_title_key(title))
    first = _first_artists(set(keys.values()))
    return {each: Music(first[key], lengths.get(each)) for each, key in keys.items()}


def _bare(artist_key: str) -> str:
    """Without the words between artists."""
    return " ".join(word for word in artist_key.split() if word not in JOINS) or artist_key


def _first_artists(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """(artist, title) → the same, or with the shortest other artist of that title with whose words this one begins."""
    by_title: defaultdict[str, list[str]] = defaultdict(list)
    for artist, title in sorted(keys, key=lambda key: (len(key[0]), key)):
        by_title[title].append(artist)
    return {
        (artist, title): (next(each for each in artists if artist == each or artist.startswith(f"{each} ")), title)
        for title, artists in by_title.items()
        for artist in artists
    }


def stamp_of(row: Row, musics: Mapping[int | Named, Music]) -> Stamp:
    music = musics[row.track_id]
    return Stamp(
        second=int(row.played_at.timestamp()),
        music=music.key,
        delivery=delivery_of(row),
        ms=row.ms_played or music.duration_ms,
        source=row.source,
        is_kept_apart=row.is_kept_apart,
        play=row.duplicate_of_id or row.id,
    )


def stamp_of_removed(row: RemovedListen, musics: Mapping[int | Named, Music]) -> Stamp:
    """A play that its member took out keeps its place, so that no other source puts it back."""
    music = musics[row.track_id]
    second = int(row.played_at.timestamp())
    return Stamp(
        second, music.key, delivery_of(row), row.ms_played or music.duration_ms, row.source, play=f"out {row.pk}"
    )

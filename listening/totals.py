"""Totals of one member, kept true while listens are written: collect changes in a `Tally`, then write it.

tally = Tally(listener)
tally.count(listen)        # or discount(listen); anything with track_id, artist_id, album_id, played_at, ms_played
tally.write(now=now)       # in the transaction that changed the listens, the listener being locked
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum

from listening.bulk import totals as bulk
from listening.models import DayTotal, HourTotal, Listener, ListenEvent
from listening.occasions import marking
from sidetrack.bulk.given import writer
from social.models import User

QUARTER_S = 900  # every zone's offset is a multiple of a quarter of an hour
A_READ = 20_000


class Counted(Protocol):
    """What totals look at in a listen."""

    @property
    def track_id(self) -> int: ...
    @property
    def artist_id(self) -> int: ...
    @property
    def album_id(self) -> int | None: ...
    @property
    def played_at(self) -> datetime: ...
    @property
    def ms_played(self) -> int | None: ...


class LocalHours:
    """The day and hour of a moment in one zone; asks the zone once a quarter of an hour.

    stored: what to make of a day, such as `writer()`.
    """

    def __init__(self, zone: str, stored: Callable[[date], Any] = lambda day: day) -> None:
        self._zone, self._stored = ZoneInfo(zone), stored
        self._known: dict[int, tuple[Any, int]] = {}

    def __call__(self, moment: datetime) -> tuple[Any, int]:
        quarter = int(moment.timestamp()) // QUARTER_S
        found = self._known.get(quarter)
        if found is None:
            local = datetime.fromtimestamp(quarter * QUARTER_S, UTC).astimezone(self._zone)
            found = self._known[quarter] = (self._stored(local.date()), local.hour)
        return found


class _Amounts:
    """n, ms, first and last by key. Moments and days may be text already, as SQLite keeps them: it has their order."""

    def __init__(self) -> None:
        self.rows: dict[Hashable, list[Any]] = {}

    def note(self, key: Hashable, ms: int, moment: Any) -> None:
        row = self.rows.get(key)
        if row is None:
            self.rows[key] = [1, ms, moment, moment]
            return
        row[0] += 1
        row[1] += ms
        if moment < row[2]:
            row[2] = moment
        elif moment > row[3]:
            row[3] = moment

    def listed(self, table: bulk.Table, *, with_bounds: bool) -> list[tuple[Any, ...]]:
        """In the order of keys, so that two writers never wait for each other crosswise."""
        width = 4 if with_bounds and table.has_bounds else 2
        keys: list[Any] = sorted(self.rows)
        if len(table.keys) > 1:
            return [(*key, *self.rows[key][:width]) for key in keys]
        return [(key, *self.rows[key][:width]) for key in keys]


class Tally:
    """Changes of one member's totals, collected and then written in ten statements at most."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._stored = writer()
        self._hours = LocalHours(listener.zone, self._stored)
        self._more = {table.name: _Amounts() for table in bulk.TABLES}
        self._less = {table.name: _Amounts() for table in bulk.TABLES}
        self._n = self._ms = self._n_duplicates = 0
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._is_less = False
        self._changed: datetime | None = None  # the earliest play of all that changed
        self._less_first: datetime | None = None
        self._less_last: datetime | None = None

    def count(self, listen: Counted) -> None:
        self.count_all([listen])

    def count_all(self, listens: Sequence[Counted]) -> None:
        """`count` for each of them."""
        if not listens:
            return
        for listen in listens:
            self._note(self._more, listen)
        first, last = min(each.played_at for each in listens), max(each.played_at for each in listens)
        self._n += len(listens)
        self._ms += sum([each.ms_played or 0 for each in listens])
        self._first = first if self._first is None else min(self._first, first)
        self._last = last if self._last is None else max(self._last, last)
        self._changed = first if self._changed is None else min(self._changed, first)

    def discount(self, listen: Counted) -> None:
        self._note(self._less, listen)
        moment = listen.played_at
        self._changed = moment if self._changed is None else min(self._changed, moment)
        self._less_first = moment if self._less_first is None or moment < self._less_first else self._less_first
        self._less_last = moment if self._less_last is None or moment > self._less_last else self._less_last
        self._n -= 1
        self._ms -= listen.ms_played or 0
        self._is_less = True

    def duplicates(self, more: int) -> None:
        """So many more rows (or fewer) are duplicates of others."""
        self._n_duplicates += more

    def write(self, *, now: datetime) -> None:
        """Change the tables. The listens must have been changed before, the listener locked by this transaction."""
        for table in bulk.TABLES:
            more, less = self._more[table.name], self._less[table.name]
            # More first: what is both counted and discounted must not come to nothing in between.
            bulk.add(table, user_id=self.listener.pk, rows=more.listed(table, with_bounds=True))
            bulk.take(table, user_id=self.listener.pk, rows=less.listed(table, with_bounds=False))
        listener = self.listener
        listener.n_listens += self._n
        listener.ms_played += self._ms
        listener.n_duplicates += self._n_duplicates
        if self._is_less:
            counted = ListenEvent.objects.filter(user=listener.pk, duplicate_of__isnull=True).order_by("played_at")
            listener.first_at = counted.values_list("played_at", flat=True).first()
            listener.last_at = counted.values_list("played_at", flat=True).last()
        elif self._first and self._last:
            listener.first_at = min(self._first, listener.first_at or self._first)
            listener.last_at = max(self._last, listener.last_at or self._last)
        if self._changed is not None:
            listener.occasions_from = min(self._changed, listener.occasions_from or self._changed)
        if self._less_first is not None and self._less_last is not None:
            marking.forget_within(listener.pk, self._less_first, self._less_last)
        touch(listener, now=now)

    def _note(self, amounts: dict[str, _Amounts], listen: Counted) -> None:
        ms, played_at = listen.ms_played or 0, listen.played_at
        hour, moment = self._hours(played_at), self._stored(played_at)
        amounts[bulk.ARTISTS.name].note(listen.artist_id, ms, moment)
        amounts[bulk.TRACKS.name].note(listen.track_id, ms, moment)
        if listen.album_id is not None:
            amounts[bulk.ALBUMS.name].note(listen.album_id, ms, moment)
        amounts[bulk.DAYS.name].note(hour[0], ms, moment)
        amounts[bulk.HOURS.name].note(hour, ms, moment)


def lock(user: User) -> Listener:
    """The member's row, locked until the end of the transaction; made where there is none."""
    locked = Listener.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        Listener.objects.get_or_create(user=user, defaults={"zone": user.timezone})
        locked = Listener.objects.select_for_update().get(pk=user.pk)
    return locked


def touch(listener: Listener, *, now: datetime) -> None:
    """Save the listener's numbers; kept answers about them are stale from now on."""
    listener.revision += 1
    listener.changed_at = now
    listener.save()


@transaction.atomic
def recount(*, user: User, now: datetime) -> Listener:
    """Count everything of one member from nothing, in the member's zone of today."""
    listener = lock(user)
    for table in (bulk.ARTISTS, bulk.ALBUMS, bulk.TRACKS):
        bulk.recount_music(table, user_id=user.pk)
    of_member = ListenEvent.objects.filter(user=user)
    numbers = of_member.aggregate(
        n=Count("pk", filter=Q(duplicate_of__isnull=True)),
        n_duplicates=Count("pk", filter=Q(duplicate_of__isnull=False)),
        ms=Sum("ms_played", filter=Q(duplicate_of__isnull=True)),
        first_at=Min("played_at", filter=Q(duplicate_of__isnull=True)),
        last_at=Max("played_at", filter=Q(duplicate_of__isnull=True)),
    )
    listener.n_listens, listener.n_duplicates = numbers["n"], numbers["n_duplicates"]
    listener.ms_played = numbers["ms"] or 0
    listener.first_at, listener.last_at = numbers["first_at"], numbers["last_at"]
    listener.zone = user.timezone
    listener.occasions_from = listener.first_at
    _recount_days(listener)
    touch(listener, now=now)
    return listener


@transaction.atomic
def recount_days(*, user: User, now: datetime) -> bool:
    """Read the member's history in the zone they live in now; False when it is read so already."""
    listener = lock(user)
    if listener.zone == user.timezone:
        return False
    listener.zone = user.timezone
    _recount_days(listener)
    touch(listener, now=now)
    return True


def _recount_days(listener: Listener) -> None:
    days, hours = hour_amounts(listener)
    for model, table, amounts in ((DayTotal, bulk.DAYS, days), (HourTotal, bulk.HOURS, hours)):
        model.objects.filter(user=listener.pk).delete()
        bulk.add(table, user_id=listener.pk, rows=amounts.listed(table, with_bounds=False))


def hour_amounts(listener: Listener) -> tuple[_Amounts, _Amounts]:
    """Days and hours as plain counting of every play gives them, in `listener.zone`."""
    local: Callable[[datetime], tuple[date, int]] = LocalHours(listener.zone)
    days, hours = _Amounts(), _Amounts()
    counted = ListenEvent.objects.filter(user=listener.pk, duplicate_of__isnull=True)
    plays: Iterable[tuple[datetime, int | None]] = counted.values_list("played_at", "ms_played").iterator(A_READ)
    for played_at, ms in plays:
        day, hour = local(played_at)
        days.note(day, ms or 0, played_at)
        hours.note((day, hour), ms or 0, played_at)
    return days, hours

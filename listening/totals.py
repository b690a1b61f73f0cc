"""Totals of one member, kept true while listens are written: collect changes in a `Tally`, then write it.

tally = Tally(listener)
tally.count(listen)        # or discount(listen); anything with track_id, artist_id, album_id, played_at, ms_played
tally.write(now=now)       # in the transaction that changed the listens, the listener being locked
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum

from listening.bulk import totals as bulk
from listening.models import DayTotal, HourTotal, Listener, ListenEvent
from listening.occasions import marking
from social.models import User

QUARTER_S = 900  # every zone's offset is a multiple of a quarter of an hour
A_READ = 20_000

Days: TypeAlias = dict[date, bulk.Amount]
DayHours: TypeAlias = dict[tuple[date, int], bulk.Amount]


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


class Hours:
    """n and ms by quarter of an hour, which any zone's hours and days are made of."""

    def __init__(self) -> None:
        self._quarters: dict[int, list[int]] = {}

    def note(self, moment: datetime, ms: int) -> None:
        quarter = int(moment.timestamp()) // QUARTER_S
        held = self._quarters.get(quarter)
        if held is None:
            self._quarters[quarter] = [1, ms]
        else:
            held[0] += 1
            held[1] += ms

    def days_and_hours(self, zone: str) -> tuple[Days, DayHours]:
        """(n, ms) by day and by (day, hour) as a clock in the zone shows them, in their order."""
        local = ZoneInfo(zone)
        days: Days = {}
        hours: DayHours = {}
        for quarter in sorted(self._quarters):
            moment = datetime.fromtimestamp(quarter * QUARTER_S, local)
            day, key = moment.date(), (moment.date(), moment.hour)
            n, ms = self._quarters[quarter]
            of_day, of_hour = days.get(day, (0, 0)), hours.get(key, (0, 0))
            days[day], hours[key] = (of_day[0] + n, of_day[1] + ms), (of_hour[0] + n, of_hour[1] + ms)
        return days, hours


class _Amounts:
    """n, ms, first and last of one kind of music, by id."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, int, datetime, datetime]] = {}

    def note(self, key: int, ms: int, moment: datetime) -> None:
        n, sum_ms, first, last = self.rows.get(key, (0, 0, moment, moment))
        self.rows[key] = (n + 1, sum_ms + ms, min(first, moment), max(last, moment))

    def listed(self) -> list[tuple[int, int, int, datetime, datetime]]:
        """In the order of ids, so that two writers never wait for each other crosswise."""
        return [(key, *self.rows[key]) for key in sorted(self.rows)]


class _Side:
    """What is counted, or discounted."""

    def __init__(self) -> None:
        self.music = {table.name: _Amounts() for table in bulk.MUSIC}
        self.hours = Hours()
        self.n = self.ms = 0
        self.first: datetime | None = None
        self.last: datetime | None = None

    def note(self, listen: Counted) -> None:
        ms, moment = listen.ms_played or 0, listen.played_at
        for table, key in zip(bulk.MUSIC, (listen.track_id, listen.album_id, listen.artist_id), strict=True):
            if key is not None:
                self.music[table.name].note(key, ms, moment)
        self.note_time(moment, ms)

    def note_time(self, moment: datetime, ms: int) -> None:
        self.hours.note(moment, ms)
        self.n += 1
        self.ms += ms
        self.first = moment if self.first is None or moment < self.first else self.first
        self.last = moment if self.last is None or moment > self.last else self.last


class Tally:
    """Changes of one member's totals, collected, then written in a few statements a table, however many listens."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._more, self._less = _Side(), _Side()
        self._n_duplicates = 0
        self._inserted: tuple[int, int] | None = None

    def count(self, listen: Counted) -> None:
        self._more.note(listen)

    def discount(self, listen: Counted) -> None:
        self._less.note(listen)

    def count_inserted(self, listens: Iterable[Counted], *, first_id: int, last_id: int) -> None:
        """`count` for each of the listens that this transaction wrote under these ids and between; once a tally.

        listens: those of them that stand. What music they are is counted where they lie: the member's lock lets nobody
        else write a listen of theirs meanwhile.
        """
        for listen in listens:
            self._more.note_time(listen.played_at, listen.ms_played or 0)
        self._inserted = (first_id, last_id)

    def duplicates(self, more: int) -> None:
        """So many more rows (or fewer) are duplicates of others."""
        self._n_duplicates += more

    def write(self, *, now: datetime) -> None:
        """Change the tables. The listens must have been changed before, the listener locked by this transaction."""
        more, less, user_id = self._more, self._less, self.listener.pk
        for table in bulk.MUSIC:
            # More first: what is both counted and discounted must not come to nothing in between.
            if self._inserted is not None:
                bulk.add_inserted(table, user_id=user_id, first_id=self._inserted[0], last_id=self._inserted[1])
            bulk.add(table, user_id=user_id, rows=more.music[table.name].listed())
            bulk.take(table, user_id=user_id, rows=[row[:3] for row in less.music[table.name].listed()])
        zone = self.listener.zone
        bulk.add_days_and_hours(*more.hours.days_and_hours(zone), user_id=user_id)
        bulk.take_days_and_hours(*less.hours.days_and_hours(zone), user_id=user_id)
        self._write_listener(more, less)
        if less.first is not None and less.last is not None:
            marking.forget_within(user_id, less.first, less.last)
        touch(self.listener, now=now)

    def _write_listener(self, more: _Side, less: _Side) -> None:
        listener = self.listener
        listener.n_listens += more.n - less.n
        listener.ms_played += more.ms - less.ms
        listener.n_duplicates += self._n_duplicates
        if less.n:
            counted = ListenEvent.objects.filter(user=listener.pk, duplicate_of__isnull=True).order_by("played_at")
            listener.first_at = counted.values_list("played_at", flat=True).first()
            listener.last_at = counted.values_list("played_at", flat=True).last()
        elif more.first and more.last:
            listener.first_at = min(more.first, listener.first_at or more.first)
            listener.last_at = max(more.last, listener.last_at or more.last)
        changed = [moment for moment in (more.first, less.first, listener.occasions_from) if moment is not None]
        if more.n or less.n:
            listener.occasions_from = min(changed)


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
    for table in bulk.MUSIC:
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
    for model in (DayTotal, HourTotal):
        model.objects.filter(user=listener.pk).delete()
    bulk.add_days_and_hours(*days_and_hours(listener), user_id=listener.pk)


def days_and_hours(listener: Listener) -> tuple[Days, DayHours]:
    """Days and hours as plain counting of every play gives them, in `listener.zone`."""
    hours = Hours()
    counted = ListenEvent.objects.filter(user=listener.pk, duplicate_of__isnull=True)
    plays: Iterable[tuple[datetime, int | None]] = counted.values_list("played_at", "ms_played").iterator(A_READ)
    for played_at, ms in plays:
        hours.note(played_at, ms or 0)
    return hours.days_and_hours(listener.zone)

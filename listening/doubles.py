"""Which rows of a member are one play, told anew: after the order of sources, a correction or an undo changed.

`ingest` decides for what comes in; this module decides for what is held. Read `recompute` first. A long history is
gone through in chunks, each a transaction of its own, while `Listener.deciding_from` says how far it has come: a job
that was cut off goes on there, and pages show the progress.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from listening.bulk import listens as bulk
from listening.duplicates import groups, preferred
from listening.models import Listener, ListenEvent, Source
from listening.plays import EARLIEST
from listening.telling_apart import REACH, musics_of, ranges_around, source_order, stamp_of
from listening.totals import Tally, lock, touch
from social.errors import Refused
from social.models import User

A_CHUNK = 5_000  # rows: a transaction on SQLite holds up the whole site
AT_ONCE = timedelta(days=30)  # of listening, gone through while somebody waits: half a second for much music a day
FAR = timedelta(days=36_500)

Range = tuple[datetime, datetime]


def recompute(*, user: User, now: datetime, since: datetime | None = None, until: datetime | None = None) -> int:
    """Forget which rows were one play and tell it anew, from `since` to before `until`; how many rows changed place."""
    n_changed, began = 0, since
    while True:
        with transaction.atomic():
            listener = lock(user)
            ended = _end_of_chunk(listener, began, until)
            n_changed += decide(listener, [(began or EARLIEST, ended or until or now + FAR)], now=now)
        if ended is None:
            return n_changed
        began = ended


def go_on(*, user: User, now: datetime) -> bool:
    """One more chunk of a history that is told anew; False once nothing is left. Two workers at once share the work."""
    with transaction.atomic():
        listener = lock(user)
        if listener.deciding_from is None:
            return False
        ended = _end_of_chunk(listener, listener.deciding_from, None)
        decide(listener, [(listener.deciding_from, ended or now + FAR)], now=now)
        listener.deciding_from = ended
        listener.save(update_fields=["deciding_from"])
        return ended is not None


def go_on_later(listener: Listener, *, since: datetime) -> None:
    """Leave it to a job to tell the duplicates anew from `since` on; the listener is locked."""
    from django_q.tasks import async_task

    listener.deciding_from = min(since, listener.deciding_from or since)
    listener.save(update_fields=["deciding_from"])
    transaction.on_commit(lambda: async_task("listening.tasks.tell_duplicates_anew", listener.pk))


def decide(listener: Listener, ranges: Sequence[Range], *, now: datetime) -> int:
    """Tell anew the plays of which the first row began within one of the ranges; how many rows changed place.

    The listener is locked by the caller's transaction. The ranges follow each other and do not overlap. Rows around
    them are read too, so that no play is cut in two.
    """
    rows = bulk.around(user_id=listener.pk, ranges=_wider(ranges))
    musics = musics_of({row.track_id for row in rows})
    plays = groups([replace(stamp_of(row, musics), play=None) for row in rows])
    told_twice = {at for play in plays for at in play}
    plays += [[at] for at in range(len(rows)) if at not in told_twice]
    order, is_within = source_order(listener), _within(ranges)
    tally = Tally(listener)
    pointing: list[tuple[int, int | None]] = []
    for play in plays:
        members = [rows[at] for at in play]
        if not is_within(members[0].played_at):  # rows come by time
            continue
        standing = preferred({row.id: row.source for row in members}, order)
        for row in members:
            target = standing if row.id != standing else None
            if target == row.duplicate_of_id:
                continue
            pointing.append((row.id, target))
            if target is None:
                tally.count(row)
                tally.duplicates(-1)
            elif row.duplicate_of_id is None:
                tally.discount(row)
                tally.duplicates(1)
    if pointing:
        # Also rows outside of the ranges may stand behind one that no longer stands itself.
        bulk.stand_behind([(id_, target) for id_, target in pointing if target is not None])
        bulk.point(pointing)
        tally.write(now=now)
    return len(pointing)


def decide_around(listener: Listener, moments: Collection[datetime], *, now: datetime) -> None:
    """The same for the plays near these moments: now where that is quick, else by a job."""
    ranges = ranges_around(moments)
    if sum((ended - began for began, ended in ranges), timedelta()) <= AT_ONCE:
        decide(listener, ranges, now=now)
    else:
        go_on_later(listener, since=ranges[0][0])


@transaction.atomic
def choose_order(*, user: User, order: Sequence[str], now: datetime) -> bool:
    """Believe the sources in this order; those not named follow in ours. False when that was the order already.

    Of a short history the duplicates are told anew at once, of a long one by a job.
    """
    if len(set(order)) < len(order) or not set(order) <= set(Source.values):
        raise Refused("Name each source once.", code="bad_order")
    listener = lock(user)
    before = source_order(listener)
    listener.source_order = list(order)
    if source_order(listener) == before:
        return False
    n_rows = listener.n_listens + listener.n_duplicates
    touch(listener, now=now)
    if not listener.n_duplicates:
        return True
    if n_rows <= A_CHUNK:
        listener.deciding_from = EARLIEST
        listener.save(update_fields=["deciding_from"])
        while go_on(user=user, now=now):
            pass
    else:
        go_on_later(listener, since=EARLIEST)
    return True


def keep_apart(*, user: User, listen_id: int, now: datetime) -> bool:
    """The member says: this row is a play of its own. False when they have said so before."""
    return _say_apart(user, listen_id, is_apart=True, now=now)


def keep_together(*, user: User, listen_id: int, now: datetime) -> bool:
    """Take `keep_apart` back: the row is compared with the others again."""
    return _say_apart(user, listen_id, is_apart=False, now=now)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the duplicates are told anew: share from 0 to 1 of the rows."""

    n_done: int
    n_rows: int

    @property
    def share(self) -> float:
        return self.n_done / self.n_rows if self.n_rows else 1.0


def progress(listener: Listener) -> Progress | None:
    """None while nothing is being told anew."""
    if listener.deciding_from is None:
        return None
    held = ListenEvent.objects.filter(user=listener.pk)
    return Progress(held.filter(played_at__lt=listener.deciding_from).count(), held.count())


@transaction.atomic
def _say_apart(user: User, listen_id: int, *, is_apart: bool, now: datetime) -> bool:
    listener = lock(user)
    row = ListenEvent.objects.filter(user=user, pk=listen_id).first()
    if row is None:
        raise Refused("This play is no longer here.", code="no_such_listen")
    if row.is_kept_apart == is_apart:
        return False
    ListenEvent.objects.filter(pk=row.pk).update(is_kept_apart=is_apart)
    decide_around(listener, [row.played_at], now=now)
    return True


def _end_of_chunk(listener: Listener, began: datetime | None, until: datetime | None) -> datetime | None:
    """Where the next chunk begins; None when this one reaches the end."""
    rows = ListenEvent.objects.filter(user=listener.pk)
    if began is not None:
        rows = rows.filter(played_at__gte=began)
    if until is not None:
        rows = rows.filter(played_at__lt=until)
    last = rows.order_by("played_at").values_list("played_at", flat=True)[A_CHUNK : A_CHUNK + 1].first()
    # Whatever shares that second comes along: a chunk must end later than it began.
    return last + timedelta(seconds=1) if last is not None else None


def _wider(ranges: Sequence[Range]) -> list[Range]:
    """With what lies within reach of them, as few as do not overlap."""
    wider: list[Range] = []
    for began, ended in ranges:
        if wider and began - REACH <= wider[-1][1]:
            wider[-1] = (wider[-1][0], ended + REACH)
        else:
            wider.append((began - REACH, ended + REACH))
    return wider


def _within(ranges: Sequence[Range]) -> Callable[[datetime], bool]:
    """Whether a moment lies in one of the ranges: from its beginning to before its end."""
    starts = [began for began, _ in ranges]

    def is_within(moment: datetime) -> bool:
        place = bisect_right(starts, moment) - 1
        return place >= 0 and moment < ranges[place][1]

    return is_within

"""A play at another time than its sources say."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from listening.bulk import listens as bulk
from listening.corrections.removing import take_out, whole_plays
from listening.doubles import decide_around
from listening.models import Listener, ListenEvent, RemovedListen, Source
from listening.plays import EARLIEST, to_second
from listening.totals import Tally, lock
from social.errors import Refused
from social.models import User
from social.standing import require_active


@transaction.atomic
def move_listen(*, user: User, listen_id: int, played_at: datetime, now: datetime) -> ListenEvent:
    """The play began at `played_at`: a row made by hand takes the place of all that tell it.

    Undone by restoring what is remembered, or by moving it again. The same time again changes nothing.
    """
    require_active(user, now)
    played_at = to_second(played_at)
    if not EARLIEST <= played_at <= now:
        raise Refused(f"A play lies between {EARLIEST:%B %Y} and now.", code="bad_time")
    listener = lock(user)
    rows = {row.pk: row for row in whole_plays(listener, [listen_id])}
    if listen_id not in rows:
        raise Refused("This play is no longer here.", code="no_such_listen")
    play = rows[rows[listen_id].duplicate_of_id or listen_id]
    if play.played_at == played_at:
        return play
    if ListenEvent.objects.filter(user=user, source=Source.MANUAL, played_at=played_at, msid=play.msid).exists():
        raise Refused("You have this track at that time already.", code="taken")
    _take_from_there(listener, list(rows.values()), played_at, now=now)
    there = RemovedListen.objects.filter(user=user, source=Source.MANUAL, played_at=played_at, msid=play.msid)
    there.delete()  # the same was put there and deleted before: this is it again
    moved = bulk.NewListen(played_at, play.msid, play.track_id, play.artist_id, play.album_id, play.ms_played)
    ids = bulk.insert(user_id=user.pk, source=Source.MANUAL, batch_id=None, rows=[moved])
    tally = Tally(listener)
    tally.count(moved)
    tally.write(now=now)
    decide_around(listener, [play.played_at, played_at], now=now)
    return ListenEvent.objects.get(pk=ids[0])


def _take_from_there(listener: Listener, rows: list[ListenEvent], played_at: datetime, *, now: datetime) -> None:
    """Remember where the sources' rows were; of a row that was put there by hand, only where it went in the end."""
    why = RemovedListen.Why.MOVED
    removed = take_out(listener, rows, now=now, why=why, moved_to=played_at)
    for row in rows:
        if row.source == Source.MANUAL:
            earlier = RemovedListen.objects.filter(user=listener.pk, why=why, moved_to=row.played_at, msid=row.msid)
            for removed_at in set(earlier.values_list("removed_at", flat=True)):
                moved_before = RemovedListen.objects.filter(
                    user=listener.pk, why=why, moved_to=row.played_at, removed_at=removed_at
                )
                moved_before.update(moved_to=played_at, removed_at=now)
                steps = [each.pk for each in removed if (each.source, each.msid) == (row.source, row.msid)]
                RemovedListen.objects.filter(pk__in=steps).delete()

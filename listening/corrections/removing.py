"""Plays out, and back in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from catalog.bulk_rows import parts
from listening.bulk import listens as bulk
from listening.doubles import decide_around
from listening.ingest import withdraw
from listening.models import Correction, ImportBatch, Listener, ListenEvent, RemovedListen, Source
from listening.totals import Tally, lock
from social.errors import Refused
from social.models import User

A_READ = 5_000
IDENTITY = ["user", "source", "played_at", "msid"]
REMEMBERED = ["track", "album", "ms_played", "import_batch_id", "correction", "why", "moved_to", "removed_at"]


@transaction.atomic
def delete_listens(*, user: User, listen_ids: Collection[int], now: datetime) -> list[RemovedListen]:
    """Take these plays out for good, with every row that tells them; what is remembered, to restore them by.

    Ids of others' listens and unknown ones are passed over.
    """
    listener = lock(user)
    return take_out(listener, whole_plays(listener, listen_ids), now=now)


@transaction.atomic
def restore(*, user: User, removed_ids: Collection[int], now: datetime) -> int:
    """Put plays back that were deleted or moved; how many rows came back. What is back already is passed over.

    What was taken out as “not music”, or is called so since, comes back when that is undone.
    """
    listener = lock(user)
    chosen = list(RemovedListen.objects.filter(user=user, pk__in=removed_ids))
    removed = [*chosen, *_moved_along(chosen)]
    words = _words_on(listener, removed)
    if any(each.correction_id or _is_silenced(each, words) for each in removed):
        raise Refused("Say first that it is music after all.", code="not_music")
    return put_back(listener, removed, now=now)


def whole_plays(listener: Listener, listen_ids: Collection[int]) -> list[ListenEvent]:
    """The rows with these ids, and all others that tell the same plays."""
    rows: dict[int, ListenEvent] = {}
    of_member = ListenEvent.objects.filter(user=listener.pk)
    for ids in parts(sorted(set(listen_ids)), A_READ):
        chosen = of_member.filter(pk__in=ids).values_list("pk", "duplicate_of")
        standing = {stands or id_ for id_, stands in chosen}
        rows |= of_member.filter(Q(pk__in=standing) | Q(duplicate_of__in=standing)).in_bulk()
    return list(rows.values())


def take_out(
    listener: Listener,
    rows: Sequence[ListenEvent],
    *,
    now: datetime,
    why: str = RemovedListen.Why.DELETED,
    moved_to: datetime | None = None,
    correction_id: int | None = None,
) -> list[RemovedListen]:
    """Take out these rows, which are whole plays, and remember them; the listener is locked."""
    if not rows:
        return []
    tally = Tally(listener)
    for row in rows:
        if row.duplicate_of_id is None:
            tally.discount(row)
        else:
            tally.duplicates(-1)
    bulk.delete([row.pk for row in rows])
    tally.write(now=now)
    remembered = [
        RemovedListen(
            user_id=listener.pk, source=row.source, played_at=row.played_at, msid=row.msid, track_id=row.track_id,
            album_id=row.album_id, ms_played=row.ms_played, import_batch_id=row.import_batch_id, why=why,
            moved_to=moved_to, correction_id=correction_id, removed_at=now,
        )
        for row in rows
    ]  # fmt: skip
    return RemovedListen.objects.bulk_create(
        remembered, batch_size=500, update_conflicts=True, unique_fields=IDENTITY, update_fields=REMEMBERED
    )


def put_back(listener: Listener, removed: Iterable[RemovedListen], *, now: datetime) -> int:
    """Make listens of these again, and forget that they were taken out; the listener is locked.

    What the member said of their names meanwhile holds: “not music” stays out, another track is that track.
    """
    rows = {each.pk: each for each in removed}
    words = _words_on(listener, rows.values())
    for each in [each for each in rows.values() if _is_silenced(each, words)]:
        RemovedListen.objects.filter(pk=each.pk).update(
            correction=words[each.msid], why=RemovedListen.Why.NOT_MUSIC, moved_to=None
        )
        del rows[each.pk]
    if not rows:
        return 0
    withdraw(user=listener.user, listen_ids=_put_in_their_place(listener, rows.values()), now=now)
    listener.refresh_from_db()
    tally = Tally(listener)
    n_back = 0
    for (source, batch_id), listens in _by_delivery(listener, rows, words).items():
        for part in parts(listens, A_READ):
            ids = bulk.insert(user_id=listener.pk, source=source, batch_id=batch_id, rows=part)
            for index in ids:
                tally.count(part[index])
            n_back += len(ids)
    RemovedListen.objects.filter(pk__in=rows).delete()
    tally.write(now=now)
    decide_around(listener, {each.played_at for each in rows.values()}, now=now)
    return n_back


def _words_on(listener: Listener, removed: Iterable[RemovedListen]) -> dict[UUID, Correction]:
    """What the member says that the names of these rows mean."""
    said = Correction.objects.filter(user=listener.pk, undone_at=None, msid__in={each.msid for each in removed})
    return {correction.msid: correction for correction in said.select_related("track")}


def _is_silenced(each: RemovedListen, words: dict[UUID, Correction]) -> bool:
    return each.msid in words and words[each.msid].track is None


def _by_delivery(
    listener: Listener, removed: dict[int, RemovedListen], words: dict[UUID, Correction]
) -> dict[tuple[str, int | None], list[bulk.NewListen]]:
    """The rows as they will be written; of an import that was taken back meanwhile they no longer belong to it."""
    gone = [ImportBatch.State.UNDOING, ImportBatch.State.UNDONE]
    batches = set(ImportBatch.objects.filter(user=listener.pk).exclude(state__in=gone).values_list("pk", flat=True))
    artists = dict(RemovedListen.objects.filter(pk__in=removed).values_list("track", "track__artist").distinct())
    deliveries: defaultdict[tuple[str, int | None], list[bulk.NewListen]] = defaultdict(list)
    for each in removed.values():
        track_id, artist_id, album_id = each.track_id, artists[each.track_id], each.album_id
        if (word := words.get(each.msid)) and word.track:
            track_id, artist_id, album_id = word.track.pk, word.track.artist_id, word.album_id or album_id
        batch_id = each.import_batch_id if each.import_batch_id in batches else None
        deliveries[each.source, batch_id].append(
            bulk.NewListen(each.played_at, each.msid, track_id, artist_id, album_id, each.ms_played)
        )
    return deliveries


def _moved_along(removed: Collection[RemovedListen]) -> list[RemovedListen]:
    """The other rows of the plays that were moved: they went together and come back together."""
    moves = {(each.user_id, each.moved_to, each.removed_at) for each in removed if each.moved_to}
    along: list[RemovedListen] = []
    for user_id, moved_to, removed_at in moves:
        along += RemovedListen.objects.filter(user=user_id, moved_to=moved_to, removed_at=removed_at)
    return along


def _put_in_their_place(listener: Listener, removed: Iterable[RemovedListen]) -> list[int]:
    """The rows that stand where moved plays went."""
    by_hand = ListenEvent.objects.filter(user=listener.pk, source=Source.MANUAL)
    places = {(each.moved_to, each.msid) for each in removed if each.moved_to}
    ids: list[int] = []
    for moved_to, msid in places:
        ids += by_hand.filter(played_at=moved_to, msid=msid).values_list("pk", flat=True)
    return ids

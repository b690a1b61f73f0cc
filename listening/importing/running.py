"""An import in earnest: chunk by chunk, each in one transaction with what is counted and how far the file is read.

Killed between two chunks, nothing is lost; killed within one, nothing of it was written.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from catalog.bulk_naming import Names
from listening import ingest
from listening.importing import leases, telling
from listening.importing.counting import Counts
from listening.importing.reading import Chunk, OpenFile, Place, open_file
from listening.models import ImportBatch
from sidetrack.bulk.writing import writing_much

State = ImportBatch.State
N_BETWEEN_COLLECTIONS = 20_000


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Python looks for rings of forgotten objects after every 700 new ones; a history makes millions, and no rings.

    Half of an import's time went there. One thread at a time may hold this: imports run in workers and in commands.
    """
    before = gc.get_threshold()
    gc.set_threshold(N_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def run(
    batch: ImportBatch,
    path: Path,
    *,
    clock: leases.Clock,
    seconds: float | None = None,
    tell: leases.Tell = leases.silent,
) -> bool:
    """Read a leased import's file from where it stands; whether that is over: its end, or stopped.

    tell: is told the batch after each chunk. `Unusable` where the file cannot be read, LeaseLost.
    """
    ends = time.monotonic() + seconds if seconds is not None else None
    names = Names(is_demo=batch.user.is_demo)
    with (
        _seldom_collecting(),
        writing_much(),
        open_file(path, name=batch.file_name, zone=ZoneInfo(batch.user.timezone)) as file,
    ):
        for chunk in file.chunks(Place.of(batch.position)):
            source = file.format.source
            prepared = ingest.prepare(user=batch.user, source=source, plays=chunk.plays, now=clock(), names=names)
            batch = _store(batch, file, chunk, prepared, clock=clock)
            tell(batch)
            if batch.state != State.RUNNING:
                return True
            if ends is not None and time.monotonic() >= ends:
                return False
        _end(batch, file, clock=clock)
    return True


@transaction.atomic
def _store(
    batch: ImportBatch, file: OpenFile, chunk: Chunk, prepared: ingest.Prepared, *, clock: leases.Clock
) -> ImportBatch:
    """One chunk: its plays, the counts, and the place after it; or none of it."""
    now = clock()
    held = leases.hold(batch, now=now)
    held.user = batch.user
    if held.wants_stop:
        held.state, held.wants_stop, held.lease_until = State.STOPPED, False, None
        held.save()
        return held
    held.state = State.RUNNING
    held.source, held.file_format = file.format.source, file.format.slug
    held.started_at = held.started_at or now
    outcome = ingest.store(prepared, now=now, batch=held)
    file.also_left_out(chunk, outcome.skipped)
    counts = Counts.of(held)
    counts.add(chunk, outcome)
    counts.keep(held)
    held.position, held.share_read = chunk.after.as_json(), file.share(chunk)
    held.save()
    return held


@transaction.atomic
def _end(batch: ImportBatch, file: OpenFile, *, clock: leases.Clock) -> None:
    now = clock()
    held = leases.hold(batch, now=now)
    held.source, held.file_format = file.format.source, file.format.slug
    held.state, held.share_read, held.finished_at = State.DONE, 1, now
    held.wants_stop, held.lease_until, held.error = False, None, ""
    held.save()
    telling.tell_done(held, now=now)

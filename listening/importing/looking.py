"""The dry run: what an import would bring, before anything is written."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from catalog.bulk_naming import Names
from listening import ingest
from listening.importing import leases
from listening.importing.counting import Counts
from listening.importing.reading import Chunk, OpenFile, Place, open_file
from listening.models import ImportBatch
from listening.plays import Outcome, Skipped

State = ImportBatch.State
REMEMBERED = 500_000  # plays of the file: beyond, one that the file repeats may be told as new


def look(
    batch: ImportBatch,
    path: Path,
    *,
    clock: leases.Clock,
    seconds: float | None = None,
    tell: leases.Tell = leases.silent,
) -> bool:
    """Read a leased import's file from where the look stopped; whether it came to the end. Changes only the batch.

    `Unusable` where the file cannot be read.
    """
    ends = time.monotonic() + seconds if seconds is not None else None
    names, seen = Names(is_demo=batch.user.is_demo), set[int]()
    with open_file(path, name=batch.file_name, zone=ZoneInfo(batch.user.timezone)) as file:
        counts = Counts.from_json(batch.preview)
        for chunk in file.chunks(Place.of(batch.position)):
            outcome = _outcome(batch, file, chunk, names, seen, now=clock())
            counts.add(chunk, outcome)
            batch = _note(batch, file, counts, chunk, now=clock())
            tell(batch)
            if ends is not None and time.monotonic() >= ends:
                return False
        _end(batch, file, counts, now=clock())
    return True


def _outcome(
    batch: ImportBatch, file: OpenFile, chunk: Chunk, names: Names, seen: set[int], *, now: datetime
) -> Outcome:
    """What `ingest` would answer, and that it knew the plays that stood in the file before."""
    once: list[int] = []
    for index, play in enumerate(chunk.plays):
        key = hash((play.played_at, play.msid))
        if key not in seen:
            once.append(index)
            if len(seen) < REMEMBERED:
                seen.add(key)
    plays = [chunk.plays[index] for index in once]
    outcome = ingest.preview(user=batch.user, source=file.format.source, plays=plays, now=now, batch=batch, names=names)
    outcome = replace(
        outcome,
        n_known=outcome.n_known + len(chunk.plays) - len(once),
        skipped=tuple(Skipped(once[each.index], each.reason) for each in outcome.skipped),
    )
    file.also_left_out(chunk, outcome.skipped)
    return outcome


@transaction.atomic
def _note(batch: ImportBatch, file: OpenFile, counts: Counts, chunk: Chunk, *, now: datetime) -> ImportBatch:
    held = leases.hold(batch, now=now)
    held.preview = counts.as_json()
    held.position, held.share_read = chunk.after.as_json(), file.share(chunk)
    held.save()
    held.user = batch.user
    return held


@transaction.atomic
def _end(batch: ImportBatch, file: OpenFile, counts: Counts, *, now: datetime) -> None:
    held = leases.hold(batch, now=now)
    held.file_format, held.source = file.format.slug, file.format.source
    held.preview = {**counts.as_json(), "left_alone": list(file.left_alone)[:20]}
    held.position, held.share_read, held.lease_until = {}, 0, None
    held.state = State.PREVIEWED
    held.save()

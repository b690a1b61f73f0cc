"""An import taken back as a whole, in slices: its listens go, and what they stood for is counted again.

What the file told before the member's account of the same service did was not stored a second time: that account is
read again from there on.
"""

from __future__ import annotations

import time

from django.db import transaction

from listening import ingest
from listening.importing import leases
from listening.models import ImportBatch, ListenEvent
from listening.syncing.asking import read_again

State = ImportBatch.State
AT_ONCE = 2_000


def undo(
    batch: ImportBatch, *, clock: leases.Clock, seconds: float | None = None, tell: leases.Tell = leases.silent
) -> bool:
    """Take out the listens of a leased import; whether none is left."""
    ends = time.monotonic() + seconds if seconds is not None else None
    while batch.state == State.UNDOING:
        batch = _withdraw(batch, clock=clock)
        tell(batch)
        if batch.state == State.UNDOING and ends is not None and time.monotonic() >= ends:
            return False
    return True


@transaction.atomic
def _withdraw(batch: ImportBatch, *, clock: leases.Clock) -> ImportBatch:
    now = clock()
    held = leases.hold(batch, now=now)
    held.user = batch.user
    rows = ListenEvent.objects.filter(import_batch=held)
    ids = list(rows.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])
    if ids:
        ingest.withdraw(user=batch.user, listen_ids=ids, now=now)
        n_taken = held.position.get("taken", 0) + len(ids)
        held.position, held.share_read = {"taken": n_taken}, min(1.0, n_taken / max(1, held.n_new + held.n_duplicates))
    else:
        held.state, held.share_read, held.finished_at, held.lease_until = State.UNDONE, 0, now, None
        held.position, held.error = {}, ""
        if held.first_at is not None:
            read_again(user=batch.user, source=held.source, since=held.first_at, now=now)
    held.save()
    return held

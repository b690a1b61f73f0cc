"""One worker at a time for each import. A worker that dies loses it after `LEASE`; then another goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q

from listening.models import ImportBatch

State = ImportBatch.State
LEASE = timedelta(minutes=5)  # longer than one chunk takes on the slowest machine
MAX_STARTS = 5  # without a chunk done: this file kills its worker
Clock = Callable[[], datetime]
Tell = Callable[[ImportBatch], None]


class LeaseLost(Exception):
    """Another worker has the import, or its member took it away: stop without a trace."""


def silent(batch: ImportBatch) -> None:
    """Tells nobody how far an import is."""


def free(now: datetime) -> Q:
    """Imports that nobody works at."""
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now)


def take(batch_id: int, states: Iterable[str], *, now: datetime) -> ImportBatch | None:
    """The import for this worker, its start counted before any work; None where another has it, or it is elsewhere."""
    until = now + LEASE
    taken = ImportBatch.objects.filter(free(now), pk=batch_id, state__in=list(states)).update(
        lease_until=until, n_starts=F("n_starts") + 1
    )
    return ImportBatch.objects.select_related("user").filter(pk=batch_id, lease_until=until).first() if taken else None


def hold(batch: ImportBatch, *, now: datetime) -> ImportBatch:
    """The import's row, locked, its lease moved on; call it inside the transaction of the work. LeaseLost."""
    held = ImportBatch.objects.select_for_update().filter(pk=batch.pk, lease_until=batch.lease_until).first()
    if held is None:
        raise LeaseLost(f"Import {batch.pk} is another worker's.")
    # A lease also tells workers apart: the new one must differ from the old.
    until = now + LEASE
    held.lease_until = until if until != batch.lease_until else until + timedelta(microseconds=1)
    held.n_starts = 0
    return held

"""What a member says about an import: go, stop, go on, take it back, forget it. Said twice it changes nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from listening.importing.leases import free
from listening.importing.receiving import forget_file, queue
from listening.models import ImportBatch
from social.errors import Refused
from social.standing import require_active

State = ImportBatch.State


def confirm(*, batch: ImportBatch, now: datetime) -> None:
    """Import what the dry run showed."""
    require_active(batch.user, now)
    _move(batch, [State.PREVIEWED], State.QUEUED, done=[State.QUEUED, State.RUNNING, State.DONE])


def stop(*, batch: ImportBatch, now: datetime) -> None:
    """Stop after the chunk that is being written; at once where nobody works at it."""
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(free(now), pk=batch.pk, state__in=[State.QUEUED, State.RUNNING])
        if waiting.update(state=State.STOPPED, wants_stop=False, lease_until=None):
            return
        if ImportBatch.objects.filter(pk=batch.pk, state__in=[State.QUEUED, State.RUNNING]).update(wants_stop=True):
            return
    _require(batch, [State.STOPPED])


def resume(*, batch: ImportBatch, now: datetime) -> None:
    """Go on where it stopped or failed."""
    require_active(batch.user, now)
    if batch.state in {State.STOPPED, State.FAILED} and not batch.file:
        raise Refused(
            "The file is not kept any more. Bring it again: what is held already is not doubled.", code="gone"
        )
    goal = State.QUEUED if batch.file_format else State.UPLOADED  # known once it was looked at to the end
    _move(batch, [State.STOPPED, State.FAILED], goal, done=[State.UPLOADED, State.QUEUED, State.RUNNING, State.DONE])


def undo(*, batch: ImportBatch, now: datetime) -> None:
    """Take back all that the import brought. Its file goes at once: what is taken back is not gone on with."""
    require_active(batch.user, now)
    with transaction.atomic():
        _move(batch, [State.DONE, State.STOPPED, State.FAILED], State.UNDOING, done=[State.UNDOING, State.UNDONE])
        forget_file(batch)


def forget(*, batch: ImportBatch) -> None:
    """Remove an import that brought nothing, or was taken back, with its file."""
    with transaction.atomic():
        row = ImportBatch.objects.select_for_update().filter(pk=batch.pk).first()
        if row is None:
            return
        if row.state in {State.QUEUED, State.RUNNING, State.UNDOING}:
            raise Refused("It is being worked at. Stop it first.", code="busy")
        forget_file(row)
        try:
            row.delete()
        except ProtectedError:
            raise Refused("It brought listens. Take it back first.", code="not_empty") from None


def _move(batch: ImportBatch, origins: Iterable[str], goal: str, *, done: Iterable[str]) -> None:
    """From one of `origins` to `goal`, and into the queue; a success that changes nothing where it is `done`."""
    with transaction.atomic():
        values = {"state": goal, "wants_stop": False, "n_starts": 0, "error": ""}
        if goal == State.UNDOING:
            values |= {"position": {}, "share_read": 0, "file_hash": ""}
        if ImportBatch.objects.filter(pk=batch.pk, state__in=list(origins)).update(**values):
            queue(batch)
            return
    _require(batch, done)


def _require(batch: ImportBatch, states: Iterable[str]) -> None:
    batch.refresh_from_db(fields=["state"])
    if batch.state not in set(states):
        raise Refused(f"The import is in another state now: {batch.get_state_display().lower()}.", code="wrong_state")

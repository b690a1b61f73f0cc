"""Jobs of imports. Each may run twice, and says in a line what it did."""

from __future__ import annotations

import logging
from pathlib import Path

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from listening.formats.packages import Unusable
from listening.importing import leases, receiving, telling
from listening.importing.looking import look
from listening.importing.running import run
from listening.importing.undoing import undo
from listening.models import ImportBatch
from social.standing import Closed

logger = logging.getLogger(__name__)

State = ImportBatch.State
MOVING = (State.UPLOADED, State.QUEUED, State.RUNNING, State.UNDOING)
SLICE_S = 60.0  # then others get their turn; far below the queue's limit for a task
AT_A_TERMINAL = "The command that read it broke off. Run the same command again: it goes on where it stopped."
OUR_FAULT = "Something went wrong on our side. What is imported so far is kept; try to go on later."


def go_on(batch_id: int) -> str:
    """Work at one import for a while, whatever it waits for; what is left is queued anew."""
    batch = leases.take(batch_id, MOVING, now=timezone.now())
    if batch is None:
        return f"Import {batch_id} has nothing to do, or a worker."
    try:
        is_over = work(batch, seconds=SLICE_S)
    except leases.LeaseLost:
        return f"Import {batch_id} went to another worker."
    if not is_over:
        _let_go(batch_id)
    told = ImportBatch.objects.filter(pk=batch_id).first()
    return f"Import {batch_id}: {told.get_state_display().lower()}, {told.share_read:.0%}." if told else "Gone."


def work(
    batch: ImportBatch, *, path: Path | None = None, seconds: float | None = None, tell: leases.Tell = leases.silent
) -> bool:
    """Look at, read or take back a leased import; whether that is over. What goes wrong ends it, in words.

    path: where the file lies, when it is not a stored one.
    """
    if batch.n_starts > leases.MAX_STARTS:
        return _fail(batch, f"Its worker was lost {leases.MAX_STARTS} times at the same place, so it was given up.")
    path = path or receiving.stored_at(batch)
    try:
        if batch.state == State.UNDOING:
            is_over = undo(batch, clock=timezone.now, seconds=seconds, tell=tell)
        elif batch.state == State.UPLOADED:
            is_over = look(batch, path, clock=timezone.now, seconds=seconds, tell=tell)
        else:
            is_over = run(batch, path, clock=timezone.now, seconds=seconds, tell=tell)
    except Closed as error:
        return _fail(batch, error.message)
    except Unusable as error:
        return _fail(batch, str(error), is_hopeless=batch.state == State.UPLOADED)
    except (leases.LeaseLost, OperationalError):  # the database is busy: the sweep goes on with it
        raise
    except Exception:
        logger.exception("Import %s broke.", batch.pk)
        return _fail(batch, OUR_FAULT)
    if is_over:
        _tidy(batch.pk)
    return is_over


def sweep() -> str:
    """Queue the imports that wait for a worker or lost theirs."""
    now = timezone.now()
    elsewhere = ImportBatch.objects.filter(file="", lease_until__lte=now).exclude(state=State.UNDOING)
    elsewhere.filter(state__in=MOVING).update(state=State.FAILED, error=AT_A_TERMINAL, lease_until=None)
    waiting = ImportBatch.objects.filter(leases.free(now), state__in=MOVING).order_by("pk")
    waiting = waiting.exclude(~Q(state=State.UNDOING), file="")  # a terminal reads it
    for batch in waiting:
        receiving.queue(batch)
    return f"Queued {len(waiting)} imports."


def forget_old_files() -> str:
    """Delete files of imports that are over, and those nobody came back to."""
    return f"Forgot {receiving.forget_old_files(now=timezone.now())} imported files."


@transaction.atomic
def _fail(batch: ImportBatch, words: str, *, is_hopeless: bool = False) -> bool:
    """Remember why in words. What is stored stays, and so does the file for another try, unless that is hopeless.

    Nothing happens where another worker ended it meanwhile, or its member has it taken back.
    """
    doing = {State.UNDOING} if batch.state == State.UNDOING else set(MOVING) - {State.UNDOING}
    has_failed = ImportBatch.objects.filter(pk=batch.pk, state__in=doing).update(
        state=State.FAILED, error=words[:500], lease_until=None, wants_stop=False, finished_at=timezone.now()
    )
    if has_failed:
        telling.tell_failed(batch, now=timezone.now())
    if has_failed and is_hopeless:
        receiving.forget_file(batch)
    return True


def _tidy(batch_id: int) -> None:
    batch = ImportBatch.objects.filter(pk=batch_id, state__in=[State.DONE, State.UNDONE]).first()
    if batch:
        receiving.forget_file(batch)


@transaction.atomic
def _let_go(batch_id: int) -> None:
    """Give the lease back and take a place at the queue's end."""
    ImportBatch.objects.filter(pk=batch_id).update(lease_until=None)
    receiving.queue(ImportBatch(pk=batch_id))

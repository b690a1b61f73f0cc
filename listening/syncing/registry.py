"""Who is due, one account to one worker at a time, and what becomes of a reading. Read `sync_account` first.

A worker holds an account by a lease: a row is taken by a conditional update, so that two never hold it, and the lease
of one that died ends by itself; whoever comes next goes on from the state's checkpoint.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Q, QuerySet

from listening.linking.telling import tell_of_stop
from listening.models import SyncState
from listening.syncing.pace import next_look, next_try
from listening.syncing.reading import (
    BEGUN_FROM,
    LEASE,
    KeyRefused,
    LeaseLost,
    Private,
    Progress,
    Read,
    SyncSource,
    begun_from,
)
from listening.syncing.sources import SOURCES
from sidetrack.http import ExternalApiError, NeedsRelink, NotThere, TryLater
from social.standing import Closed

logger = logging.getLogger(__name__)

Status = SyncState.Status
STOPPED = (Status.NEEDS_RELINK, Status.PRIVATE, Status.OFF)  # until the member does something
KEY_RESTS = timedelta(hours=1)  # after a service refused our own key nobody's account is asked for


@dataclass(frozen=True)
class Synced:
    """What one reading came to; `problem` is empty when it ended well."""

    state_id: int
    n_read: int = 0
    n_new: int = 0
    n_duplicates: int = 0
    n_skipped: int = 0
    n_withdrawn: int = 0
    problem: str = ""

    def __str__(self) -> str:
        if self.problem and not self.n_read:
            return self.problem
        counts = {"new": self.n_new, "told elsewhere too": self.n_duplicates, "left out": self.n_skipped}
        counts["gone there and here"] = self.n_withdrawn
        told = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
        plays = f"{self.n_read} play{'s' * (self.n_read != 1)}"
        return f"{plays} read: {told or 'nothing new'}.{f' {self.problem}' if self.problem else ''}"


def due(now: datetime) -> QuerySet[SyncState]:
    """Accounts whose time has come, that nobody holds, of services that are on; the one waiting longest first."""
    on = [name for name, source in SOURCES.items() if not source.missing()]
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    states = SyncState.objects.filter(free, due_at__lte=now, source__in=on, user__is_active=True)
    return states.exclude(status__in=STOPPED).order_by("due_at", "pk")


def lease(state_id: int, *, now: datetime) -> SyncState | None:
    """Take the account for this worker; None when another has it, or when it is gone."""
    key = str(uuid4())
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    taken = SyncState.objects.filter(free, pk=state_id).update(
        lease_key=key, lease_until=now + LEASE, status=Status.READING, last_tried_at=now
    )
    return SyncState.objects.select_related("user").filter(pk=state_id, lease_key=key).first() if taken else None


def sync_account(
    state_id: int, *, now: datetime, seconds: float | None = None, tell: Callable[[str], None] | None = None
) -> Synced:
    """Read one account from where it stands, and note how it went and when it is next; nothing it meets is raised.

    seconds: stop after so long and go on another time. tell: is told how far it is, page by page.
    """
    known = SyncState.objects.filter(pk=state_id).first()
    source = SOURCES.get(known.source) if known else None
    if source is None:
        return Synced(state_id, problem="There is no such account.")
    if variable := source.missing():
        return Synced(state_id, problem=f"{source.label} is off: set {variable}.")
    state = lease(state_id, now=now)
    if state is None:
        return Synced(state_id, problem="It is being read already.")
    if state.checkpoint.get(BEGUN_FROM) != begun_from(state):  # none, or an earlier start was asked for
        state.checkpoint, state.n_read, state.n_expected = {}, 0, 0
    n_before, start = state.n_read, state.last_ingested_at
    progress = Progress(state, now=now, seconds=seconds, tell=tell)
    problem = ""
    try:
        progress.keep(checkpoint=state.checkpoint, n_read=state.n_read, n_expected=state.n_expected)
        read = source.read(state, now=now, progress=progress)
        _ended(progress, source, read, start)
        problem = read.remark
    except LeaseLost:
        problem = "Another worker went on with it."
    except Closed:
        problem = "Its member left, or their account is switched off."
        _release(progress, status=Status.WAITING, due_at=now)  # `due` passes it over until it is open again
    except ExternalApiError as error:
        problem = _failed(progress, source, error)
        logger.info("Account %s was not read: %s", state_id, error)
    except Exception:
        problem = "Something went wrong on our side. It will be tried again."
        logger.exception("The reading of account %s broke.", state_id)
        _wait(progress, problem, asked_s=None)
    except BaseException:  # the process is being stopped: the next one need not wait for the lease to end
        _release(progress, due_at=now)
        raise
    return Synced(
        state_id,
        n_read=state.n_read - n_before,
        n_new=progress.outcome.n_new,
        n_duplicates=progress.outcome.n_duplicates,
        n_skipped=sum(progress.skipped.values()),
        n_withdrawn=progress.n_withdrawn,
        problem=problem,
    )


def ask_anew(state: SyncState, *, now: datetime, since: datetime | None = None) -> None:
    """Make an account due at once, whatever kept it; `since`: read again from there on, even what is held.

    A reading that runs meanwhile is not disturbed: it sees at its end that an earlier start was asked for.
    """
    values: dict[str, Any] = {"due_at": now, "n_failures": 0}
    if since is not None and state.last_ingested_at is not None and since < state.last_ingested_at:
        values["last_ingested_at"] = since
    rows = SyncState.objects.filter(pk=state.pk)
    rows.update(**values)
    rows.filter(status__in=STOPPED).update(status=Status.NEW, error="")


def _ended(progress: Progress, source: SyncSource, read: Read, start: datetime | None) -> None:
    """Note a reading that went well, whole or as far as its time reached."""
    state, now = progress.state, progress.now
    if not read.is_whole:
        _release(progress, status=Status.READING, due_at=now, error="", n_failures=0)
        return
    due_at = next_look(source.pace, last_new_at=state.last_new_at, now=now)
    values: dict[str, Any] = {"status": Status.OK, "error": read.remark[:500], "n_failures": 0, "checkpoint": {}}
    values |= {"last_success_at": now, "due_at": due_at}
    if read.held_up_to is None or _moved_on(progress, start, read.held_up_to):
        _release(progress, **values)
    else:  # somebody asked meanwhile for plays from before our start
        _release(progress, **{**values, "due_at": now})


def _moved_on(progress: Progress, start: datetime | None, held_up_to: datetime) -> bool:
    """Set how far we hold everything, unless it was moved back since the reading began."""
    rows = SyncState.objects.filter(pk=progress.state.pk, last_ingested_at=start)
    if start is None:
        rows = SyncState.objects.filter(pk=progress.state.pk, last_ingested_at__isnull=True)
    return rows.update(last_ingested_at=held_up_to) > 0


def _failed(progress: Progress, source: SyncSource, error: ExternalApiError) -> str:
    """Note what went wrong, by what it means; the words that the member reads."""
    state, now = progress.state, progress.now
    stop = ""
    match error:
        case KeyRefused():
            words = f"{error} Nobody's {source.label} account is read until this is put right."
            resting = SyncState.objects.filter(source=state.source, due_at__lt=now + KEY_RESTS)
            resting.exclude(pk=state.pk).update(due_at=now + KEY_RESTS)
            _release(progress, status=Status.WAITING, error=words[:500], due_at=now + KEY_RESTS)
            return words
        case Private():
            words = f"{error} {source.private_help}".strip()
            stop = Status.PRIVATE
        case NeedsRelink():
            words = f"{error} Connect {source.label} again in your settings."
            stop = Status.NEEDS_RELINK
        case NotThere():
            words = f"{source.label} knows nobody called “{state.account_name}”. Connect it again in your settings."
            stop = Status.NEEDS_RELINK
    if stop:
        if _release(progress, status=stop, error=words[:500]):
            tell_of_stop(state, words, now=now)
        return words
    return _wait(progress, str(error), asked_s=error.asked_s if isinstance(error, TryLater) else None)


def _wait(progress: Progress, words: str, *, asked_s: float | None) -> str:
    n_failures = progress.state.n_failures + 1
    due_at = next_try(n_failures, asked_s=asked_s, now=progress.now)
    _release(progress, status=Status.WAITING, error=words[:500], n_failures=min(n_failures, 1000), due_at=due_at)
    return words


def _release(progress: Progress, **values: Any) -> bool:
    """Give the account back; nothing happens when the lease went to another worker meanwhile."""
    state = progress.state
    n_released = SyncState.objects.filter(pk=state.pk, lease_key=state.lease_key).update(
        lease_key="", lease_until=None, **values
    )
    return n_released > 0

"""What a source's reader is, and what it is handed.

    def read(state: SyncState, *, now: datetime, progress: Progress) -> Read:
        link = LinkedAccount.objects.get(user=state.user, provider=state.source)
        for page in ...:                                    # from `state.last_ingested_at`, less the source's overlap
            progress.take_in(page.plays, skipped=page.skipped, checkpoint={"page": page.number - 1})
            if progress.is_time_up:
                return Read(held_up_to=None, is_whole=False)
        return Read(held_up_to=...)

A reader goes on where `state.checkpoint` stands, when it holds something; it is emptied after a reading that ended
well, and when somebody asked for an earlier start meanwhile. `last_ingested_at` is `registry`'s to move. Whatever goes
wrong is an exception of `sidetrack.http` or of this module; `registry` turns each into the state's words and next time.
Plays taken in twice change nothing, so a reader that was killed may repeat its last page.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from catalog.bulk_naming import Names
from catalog.bulk_rows import parts
from listening import ingest
from listening.models import SyncState
from listening.plays import Outcome, Play
from listening.syncing.pace import Pace
from sidetrack.http import ExternalApiError

LEASE = timedelta(minutes=10)  # longer than the slowest page with all its retries
BEGUN_FROM = "begun_from"  # in a checkpoint: where the reading stood that left it


class Private(ExternalApiError):
    """The member hides what they play from us: stop asking until they say so."""


class KeyRefused(ExternalApiError):
    """The service refuses this installation's own key: ask it for nobody, for a while."""


class LeaseLost(Exception):
    """Another worker has the account now: stop without a trace."""


@dataclass(frozen=True)
class Read:
    """A reading that came to its end, or (not `is_whole`) to the end of its time: it goes on from its checkpoint.

    held_up_to: all plays up to this moment are held now; None where the source cannot say.
    remark: what the member should know although all went well.
    """

    held_up_to: datetime | None
    remark: str = ""
    is_whole: bool = True


class Reader(Protocol):
    def __call__(self, state: SyncState, *, now: datetime, progress: Progress) -> Read: ...


@dataclass(frozen=True)
class SyncSource:
    """One service that is read.

    missing: names the settings without which it is off; empty when it is on.
    private_help: what a member can do who hides their listening from us.
    """

    source: str
    label: str
    read: Reader
    pace: Pace
    missing: Callable[[], str]
    private_help: str = ""


def begun_from(state: SyncState) -> str:
    return state.last_ingested_at.isoformat() if state.last_ingested_at else ""


class Progress:
    """A reader's hold on one account: takes plays in, remembers how far it came, and keeps the lease alive.

    Each call raises LeaseLost when the lease went to another worker.
    """

    def __init__(
        self,
        state: SyncState,
        *,
        now: datetime,
        seconds: float | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.state = state
        self.begun_from = begun_from(state)
        self.names = Names(is_demo=state.user.is_demo)
        self.outcome = Outcome()
        self.skipped: Counter[str] = Counter()
        self.n_withdrawn = 0
        self._started = (now, time.monotonic())
        self._ends = time.monotonic() + seconds if seconds is not None else None
        self._tell = tell or (lambda words: None)

    @property
    def now(self) -> datetime:
        """The moment by the caller's clock, moving on while the reading lasts."""
        begin, ticks = self._started
        return begin + timedelta(seconds=time.monotonic() - ticks)

    @property
    def is_time_up(self) -> bool:
        """Whether the reader should stop after this page, so that others get their turn too."""
        return self._ends is not None and time.monotonic() >= self._ends

    def expect(self, n_plays: int) -> None:
        """How many plays this reading will bring in all, as far as the source says."""
        self.state.n_expected = n_plays
        self._save("n_expected")

    def take_in(
        self,
        plays: Sequence[Play],
        *,
        skipped: Mapping[str, int] | None = None,
        checkpoint: dict[str, Any] | None = None,
    ) -> Outcome:
        """Store a page; then, and only then, the checkpoint moves. `skipped`: what the reader left out, by reason."""
        self._save()
        outcome = Outcome()
        for chunk in parts(plays, ingest.plays_at_once()):
            outcome += ingest.ingest(
                user=self.state.user, source=self.state.source, plays=chunk, now=self.now, names=self.names
            )
        self.skipped.update(dict(skipped or {}))
        self.skipped.update(each.reason for each in outcome.skipped)
        self.outcome += Outcome(outcome.n_new, outcome.n_known, outcome.n_duplicates)
        self.state.n_read += len(plays) + sum((skipped or {}).values())
        if checkpoint is not None:
            self.state.checkpoint = {**checkpoint, BEGUN_FROM: self.begun_from}
        if outcome.n_new or outcome.n_duplicates:
            self.state.last_new_at = self.now
        self._save("n_read", "checkpoint", "last_new_at")
        self._tell(f"{self.state.n_read} of {max(self.state.n_read, self.state.n_expected)} read")
        return outcome

    def withdraw(self, listen_ids: Sequence[int]) -> int:
        """Take out listens that the source no longer has."""
        self._save()
        n_gone = ingest.withdraw(user=self.state.user, listen_ids=listen_ids, now=self.now)
        self.n_withdrawn += n_gone
        return n_gone

    def keep(self, **fields: Any) -> None:
        """Store columns of the state, such as `snapshot`, at once."""
        for name, value in fields.items():
            setattr(self.state, name, value)
        self._save(*fields)

    def _save(self, *fields: str) -> None:
        self.state.lease_until = self.now + LEASE
        values = {name: getattr(self.state, name) for name in ("lease_until", *fields)}
        if not SyncState.objects.filter(pk=self.state.pk, lease_key=self.state.lease_key).update(**values):
            raise LeaseLost(f"Account {self.state.pk} is read by another worker.")

"""Plays in: the one way by which listens are written. Read `ingest` first.

Every source and every face calls it: sync jobs, files, the ListenBrainz server, REST, the demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from listening.models import ImportBatch
from listening.plays import Outcome, Play
from social.models import User

MAX_PLAYS = 5_000  # a call, which is a transaction: on SQLite the whole site waits for it


def ingest(
    *, user: User, source: str, plays: Sequence[Play], now: datetime, batch: ImportBatch | None = None
) -> Outcome:
    """Store the plays of one source, each once; the same plays again change nothing.

    Names become tracks at once. What the member removed or keeps private stays out. Plays that another source tells
    too are marked as its duplicates. Totals change in the same transaction. ValueError for more than MAX_PLAYS.
    """
    raise NotImplementedError


def preview(*, user: User, source: str, plays: Sequence[Play], now: datetime) -> Outcome:
    """What `ingest` would answer now; nothing is written."""
    raise NotImplementedError


def withdraw(*, user: User, listen_ids: Sequence[int], now: datetime) -> int:
    """Take listens out as if they had never come (the service no longer has them, an import is undone).

    Duplicates that they stood for are counted again. Nothing is remembered: should they come again, they are stored.
    Returns how many there were; unknown ids are passed over.
    """
    raise NotImplementedError

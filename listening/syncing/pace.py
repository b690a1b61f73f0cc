"""When an account is looked at again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_SHARE = 12  # nothing new for an hour: 5 minutes; for a day: 2 hours; for 12 days: a day
FIRST_LOOKS = timedelta(hours=1)  # of an account that never brought a play
FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=24)
QUEUED_FOR = timedelta(minutes=30)  # an account in the queue is not due for a while; a lost job is made up for then


@dataclass(frozen=True)
class Pace:
    """How often an account is read: `fastest` while new plays come, ever slower when none come, `slowest` at last."""

    fastest: timedelta
    slowest: timedelta


def next_look(pace: Pace, *, last_new_at: datetime | None, now: datetime) -> datetime:
    """After a reading that ended well: a twelfth of the time for which nothing new has come."""
    wanted = (now - last_new_at) / QUIET_SHARE if last_new_at else FIRST_LOOKS
    return now + min(max(wanted, pace.fastest), pace.slowest)


def next_try(n_failures: int, *, asked_s: float | None, now: datetime) -> datetime:
    """After the n-th failure in a row (1 the first): twice as long each time, and never before the service asked."""
    wait = min(FIRST_RETRY * (1 << min(n_failures - 1, 20)), LAST_RETRY)
    return now + max(wait, timedelta(seconds=asked_s or 0.0))

"""What to tell whoever reads figures that may not be whole yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from listening.models import Source, SyncState
from social.models import User

LATE = timedelta(hours=26)  # a quiet account is asked once a day


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that was not read for a while; error: why, in words for its member."""

    source: str
    last_success_at: datetime | None
    error: str
    status: str


def stale_sources(member: User, *, now: datetime) -> list[Stale]:
    """The member's sources that are behind; one query. Paused ones are so on purpose."""
    states = SyncState.objects.filter(user=member).exclude(status=SyncState.Status.OFF).order_by("source")
    return [
        Stale(Source(state.source).label, state.last_success_at, state.error, state.status)
        for state in states
        if (state.last_success_at is None and state.n_failures)
        or (state.last_success_at is not None and now - state.last_success_at > LATE)
    ]

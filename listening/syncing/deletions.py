"""Plays that a service no longer has: its member deleted or edited them there, so they go here too."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID

from listening.models import ListenEvent
from listening.syncing.reading import Progress

SETTLES = timedelta(minutes=30)  # what came just now may be missing for a moment at one of a service's machines
FEW, LARGEST_SHARE = 5, 0.25  # so many plays may vanish at once before we rather believe in a fault of the service


def key_of(played_at: datetime, msid: UUID) -> int:
    """Second and names in one number: a long history of pairs would take four times the memory."""
    return int(played_at.timestamp()) << 128 | msid.int


def follow_deletions(progress: Progress, *, label: str, since: datetime, until: datetime, seen: Set[int]) -> str:
    """Take out what the account read by `progress` no longer has; in words, what was kept although it is gone there.

    seen: the keys of all that the service has after `since` and before `until`, wholly read. Imported files and other
    sources are left alone.
    """
    held = ListenEvent.objects.filter(
        user=progress.state.user,
        source=progress.state.source,
        import_batch__isnull=True,
        played_at__gt=since,
        played_at__lt=until - SETTLES,
    )
    n_held, vanished = 0, []
    for pk, played_at, msid in held.values_list("pk", "played_at", "msid").iterator():
        n_held += 1
        if key_of(played_at, msid) not in seen:
            vanished.append(pk)
    if not vanished:
        return ""
    if not is_plausible(len(vanished), n_held):
        return (
            f"{label} no longer has {len(vanished)} of {n_held} listens since {since:%Y-%m-%d}. "
            "They are kept here, in case that is a fault; delete them here if you meant it."
        )
    progress.withdraw(vanished)
    return ""


def is_plausible(n_vanished: int, n_held: int) -> bool:
    """Whether a member may have deleted so many, rather than the service having forgotten them for a while."""
    return n_vanished <= FEW or n_vanished <= n_held * LARGEST_SHARE

"""All that a member listened to, gone: for those who leave, and for the demo."""

from __future__ import annotations

from django.db import transaction

from listening.bulk import listens as bulk
from listening.models import (
    AlbumSession,
    AlbumTotal,
    ArtistTotal,
    DayTotal,
    HourTotal,
    Listener,
    Milestone,
    NowPlaying,
    TrackTotal,
)
from listening.totals import lock
from social.models import User

ROWS_AT_ONCE = 5_000


def forget_listens_in_batches(*, user: User) -> int:
    """Delete the member's listens bit by bit, so that nobody waits for a million; what was cut off goes on.

    `forget_listens` then has little left to do besides the totals.
    """
    n_listens = 0
    for duplicates in (True, False):
        while n := _forget_some(user, duplicates=duplicates):
            n_listens += n
    return n_listens


@transaction.atomic
def _forget_some(user: User, *, duplicates: bool) -> int:
    lock(user)  # who still writes would let new rows stand behind those that go
    return bulk.delete_some_of(user.pk, ROWS_AT_ONCE, duplicates=duplicates)


@transaction.atomic
def forget_listens(*, user: User) -> int:
    """Delete the member's listens, what services said of them, totals and occasions; returns how many listens it were.

    Their imports, syncs, tokens and corrections are the member's own rows, and go with the member.
    """
    lock(user)  # whoever writes listens now is done first; whoever comes later finds the account closed
    n_listens = bulk.delete_all_of(user.pk)
    told = (AlbumSession, Milestone)
    for model in (*told, ArtistTotal, AlbumTotal, TrackTotal, DayTotal, HourTotal, NowPlaying, Listener):
        model._default_manager.filter(user=user).delete()
    return n_listens

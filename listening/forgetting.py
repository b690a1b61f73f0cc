"""All that a member listened to, gone: for those who leave, and for the demo."""

from __future__ import annotations

from django.db import transaction

from listening.bulk import listens as bulk
from listening.models import AlbumTotal, ArtistTotal, DayTotal, HourTotal, Listener, NowPlaying, TrackTotal
from social.models import User


@transaction.atomic
def forget_listens(*, user: User) -> int:
    """Delete the member's listens with what services said of them, and all totals; returns how many listens it were.

    Their imports, syncs, tokens and corrections are the member's own rows, and go with the member.
    """
    n_listens = bulk.delete_all_of(user.pk)
    for model in (ArtistTotal, AlbumTotal, TrackTotal, DayTotal, HourTotal, NowPlaying, Listener):
        model._default_manager.filter(user=user).delete()
    return n_listens

"""Times of which a member wants nothing stored: from now on, or a while of the past.

`ingest` and `now_playing` ask the ranges; a play that a source tells later is left out by its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from listening import corrections
from listening.models import IncognitoRange, ListenEvent, NowPlaying
from listening.totals import lock
from social.errors import Refused
from social.models import User

MOST = 200  # ranges of one member: `ingest` looks at all of them


@dataclass(frozen=True, slots=True)
class Kept:
    """A range that stands now, and how many stored rows of that time were taken out."""

    range: IncognitoRange
    n_removed: int = 0


@transaction.atomic
def keep_private(
    *, user: User, starts_at: datetime, ends_at: datetime | None, removes_stored: bool = False, now: datetime
) -> Kept:
    """Store nothing of this time; the same again changes nothing. Ranges that touch become one.

    ends_at: None goes on until `let_in_again`. removes_stored: what is stored of that time already is deleted, to be
    put back under Corrections. Refused for an end before the start, and for too many ranges.
    """
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(_("It ends before it begins."), code="ends_before_start")
    lock(user)  # `ingest` holds the same row: what it writes at this moment is in or out as a whole
    mine = IncognitoRange.objects.filter(user=user)
    touching = list(mine.filter(_touches(starts_at, ends_at)))
    ends = [ends_at, *(each.ends_at for each in touching)]
    start = min([starts_at, *(each.starts_at for each in touching)])
    end = None if None in ends else max(each for each in ends if each is not None)
    if not touching and mine.count() >= MOST:
        raise Refused(_("That are more times than we can watch. Remove old ones first."), code="too_many")
    if len(touching) == 1 and (touching[0].starts_at, touching[0].ends_at) == (start, end):
        row = touching[0]
    else:
        mine.filter(pk__in=[each.pk for each in touching]).delete()
        row = IncognitoRange.objects.create(user=user, starts_at=start, ends_at=end)
    if start <= now and (end is None or end > now):
        NowPlaying.objects.filter(user=user).delete()
    stored = ListenEvent.objects.filter(user=user, played_at__gte=starts_at)
    if ends_at is not None:
        stored = stored.filter(played_at__lt=ends_at)
    ids = list(stored.values_list("pk", flat=True)) if removes_stored else []
    return Kept(row, len(corrections.delete_listens(user=user, listen_ids=ids, now=now)) if ids else 0)


@transaction.atomic
def let_in_again(*, user: User, now: datetime) -> bool:
    """Plays are stored again from now on; what was played until now stays private. False when nothing was on."""
    lock(user)
    on = IncognitoRange.objects.filter(user=user, starts_at__lt=now).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    )
    return on.update(ends_at=now) > 0


def forget_range(*, user: User, range_id: int) -> bool:
    """The time is private no longer: what a source tells of it from now on comes in. False when it is gone already."""
    n_deleted, _by_model = IncognitoRange.objects.filter(user=user, pk=range_id).delete()
    return n_deleted > 0


def _touches(starts_at: datetime, ends_at: datetime | None) -> Q:
    begins_before_our_end = Q() if ends_at is None else Q(starts_at__lte=ends_at)
    return begins_before_our_end & (Q(ends_at__isnull=True) | Q(ends_at__gte=starts_at))

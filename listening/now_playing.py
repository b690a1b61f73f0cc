"""What a member hears at this moment, as any source says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from catalog.bulk_naming import Heard, Names
from catalog.names import tidy
from listening.models import IncognitoRange, NowPlaying
from listening.plays import MAX_NAME, MAX_TITLE, msid_of
from social.models import User

USUAL_LENGTH = timedelta(minutes=10)  # when the source does not say how long the track is
LONGEST = timedelta(hours=6)  # a DJ mix; what claims to be longer is cut


def now_playing(
    *,
    user: User,
    source: str,
    artist: str,
    title: str,
    album: str = "",
    duration_ms: int | None = None,
    started_at: datetime | None = None,
    client: str = "",
    payload: dict[str, Any] | None = None,
    now: datetime,
) -> NowPlaying | None:
    """Say what the member hears; the last word counts, whoever says it. Nothing becomes a listen, or a track,
    by this; a track that we know is named.

    The same music said again while it still plays keeps its start. It ends by itself, after the track's length.
    None in a time that the member keeps private: nothing is stored, and what was told before ends.
    """
    if is_private(user, now):
        NowPlaying.objects.filter(user=user).delete()
        return None
    length = min(timedelta(milliseconds=duration_ms), LONGEST) if duration_ms else USUAL_LENGTH
    before = NowPlaying.objects.filter(user=user, expires_at__gt=now).first()
    if started_at is None:
        is_same = before is not None and msid_of(before.artist_name, before.title) == msid_of(artist, title)
        started_at = before.started_at if before and is_same else now
        expires_at = now + length
    else:
        expires_at = max(started_at + length, now)
    heard = Heard(artist, title, album)
    known = Names(is_demo=user.is_demo).find([heard]).get(heard)
    row, _ = NowPlaying.objects.update_or_create(
        user=user,
        defaults={
            "source": source,
            "client": client[:64],
            "artist_name": tidy(artist)[:MAX_NAME],
            "title": tidy(title)[:MAX_TITLE],
            "album_title": tidy(album)[:MAX_TITLE],
            "track_id": known.track_id if known else None,
            "album_id": known.album_id if known else None,
            "started_at": started_at,
            "expires_at": expires_at,
            "payload": payload or {},
        },
    )
    return row


def nothing_playing(*, user: User, source: str) -> bool:
    """This source says that nothing plays; what another source said stays. True when something ended by it."""
    n_deleted, _ = NowPlaying.objects.filter(user=user, source=source).delete()
    return n_deleted > 0


def is_private(user: User, now: datetime) -> bool:
    """Whether the member wants nothing of this moment to be stored."""
    lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    return IncognitoRange.objects.filter(lasts, user=user, starts_at__lte=now).exists()

"""Who heard which songs of an album in a time: counted plays alone, so neither told twice nor in a private time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Q

from catalog.models import Album
from listening.models import ListenEvent
from taste.album_progress.songs import Songs


@dataclass(slots=True)
class Heard:
    """places: of the songs; of an album without track list, its tracks' ids."""

    places: set[int] = field(default_factory=set)
    n_plays: int = 0
    first_at: datetime | None = None

    @property
    def n(self) -> int:
        return len(self.places)


def heard_by(
    album: Album, songs: Songs, member_ids: Collection[int], *, since: datetime | None = None, until: datetime
) -> dict[int, Heard]:
    """By member, those who heard any of it from `since` (None: ever) to before `until`; one query."""
    if not member_ids:
        return {}
    music = Q(track__in=list(songs.places)) if songs.places else Q(album=album)
    plays = ListenEvent.objects.counted().filter(music, user__in=member_ids, played_at__lt=until)
    if since is not None:
        plays = plays.filter(played_at__gte=since)
    found: dict[int, Heard] = {}
    rows = plays.order_by().values_list("user_id", "track_id").annotate(first=Min("played_at"), n=Count("*"))
    for user_id, track_id, first, n in rows:
        heard = found.setdefault(user_id, Heard())
        heard.places.add(songs.places.get(track_id, track_id))
        heard.n_plays += n
        heard.first_at = first if heard.first_at is None else min(heard.first_at, first)
    return found

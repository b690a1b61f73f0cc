"""What a mixtape can be made of: plays of a week and of the time before it, lengths, energies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count, Max
from numpy.typing import NDArray

from catalog.models import Track
from listening.figures.ranges import midnight
from listening.models import ListenEvent
from listening.models.listen import ListenQuerySet
from social.models import User
from taste.iso_weeks import A_WEEK
from taste.mapping.reducing import Doubles
from taste.models import AudioFile, TrackFeatures

USUAL_S = 210.0  # of a track whose length nobody told: about the median of recorded songs
DAYS_BEFORE = 90
MOST_BEFORE = 500  # tracks of those days, the most played ones: enough to fill up from


@dataclass(frozen=True, slots=True)
class Heard:
    """What was played, by track id: how often in the week (0: only before it), and when last."""

    n: dict[int, int]
    last_at: dict[int, datetime]


def heard_in(user: User, starts_on: date, zone: ZoneInfo, *, now: datetime) -> Heard:
    """Plays of the week and of the days before it, none of them later than `now`."""
    begins, ends = midnight(starts_on, zone), min(midnight(starts_on + A_WEEK, zone), now)
    plays: ListenQuerySet = ListenEvent.objects.counted().filter(user=user)
    before = plays.filter(played_at__gte=begins - timedelta(days=DAYS_BEFORE), played_at__lt=min(begins, now))
    heard = Heard({}, {})
    for track_id, times, last in _counted(plays.filter(played_at__gte=begins, played_at__lt=ends)):
        heard.n[track_id], heard.last_at[track_id] = times, last
    for track_id, _, last in _counted(before)[:MOST_BEFORE]:
        if heard.n.setdefault(track_id, 0) == 0:
            heard.last_at[track_id] = last
    return heard


def _counted(plays: ListenQuerySet) -> Any:
    """(track id, plays, when last), the most played first."""
    tracks = plays.order_by().values_list("track_id").annotate(n=Count("pk"), last=Max("played_at"))
    return tracks.order_by("-n", "track_id")


def lengths_of(tracks: dict[int, Track]) -> dict[int, tuple[float, bool]]:
    """Seconds of each track, and whether they are guessed: as the catalogue has it, else its file, else 3:30."""
    unknown = [track.pk for track in tracks.values() if not track.duration_ms]
    files = AudioFile.objects.filter(track__in=unknown, seconds__gt=0).order_by("pk").values_list("track_id", "seconds")
    by_file = dict(files)
    lengths: dict[int, tuple[float, bool]] = {}
    for track in tracks.values():
        known = track.duration_ms / 1000 if track.duration_ms else by_file.get(track.pk)
        lengths[track.pk] = (known, False) if known else (USUAL_S, True)
    return lengths


def energies_of(track_ids: NDArray[np.int64]) -> Doubles:
    """As everybody sees them: (n,), NaN where nobody knows."""
    rows = TrackFeatures.objects.filter(track__in=track_ids.tolist(), energy__isnull=False)
    known = dict(rows.values_list("track_id", "energy"))
    return np.array([known.get(int(track_id), np.nan) for track_id in track_ids], np.float64)

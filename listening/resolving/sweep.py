"""Which tracks are due to be looked up, and a portion of them done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from catalog.models import Track
from catalog.models.resolution import Resolution
from listening.models import TrackTotal
from listening.resolving.tracks import resolve_track
from sidetrack.http import ExternalApiError, TryLater

PORTION = 40  # some two requests each, one a second: every five minutes, this leaves half of the time to others
LONGEST_S = 150.0
CLAIMED_FOR = timedelta(minutes=20)


def due(now: datetime) -> Q:
    """For tracks: real, known by name alone, not resting."""
    is_open = Q(merged_into__isnull=True, recording_mbid__isnull=True, is_demo=False)
    return is_open & ~Q(resolution=Resolution.MANUAL) & (Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))


def claim_most_played(*, now: datetime, n: int = PORTION) -> list[int]:
    """The due tracks that members played most; nobody else claims them for a while."""
    tracks = Track.objects.filter(due(now)).order_by().values("pk")
    totals = TrackTotal.objects.filter(track__in=tracks).values("track_id").annotate(n_all=Sum("n_listens"))
    most = list(totals.order_by("-n_all", "track_id").values_list("track_id", flat=True)[:n])
    return [pk for pk in most if Track.objects.filter(due(now), pk=pk).update(next_try_at=now + CLAIMED_FOR)]


def resolve_portion(track_ids: Sequence[int]) -> str:
    """Take each of these as far as it goes; when the service or the time is over, the rest is due again at once."""
    counts: dict[str, int] = {}
    started = time.monotonic()
    for at, pk in enumerate(track_ids):
        track = Track.objects.filter(pk=pk).first()
        if track is None:
            continue
        try:
            told = resolve_track(track=track, now=timezone.now()).label
        except TryLater as error:
            _release(track_ids[at + 1 :])
            return f"{_told(counts)}; the others wait: {error}"
        except ExternalApiError as error:
            told = str(error)
        counts[told] = counts.get(told, 0) + 1
        if time.monotonic() - started > LONGEST_S:
            _release(track_ids[at + 1 :])
            break
    return _told(counts)


def _release(track_ids: Sequence[int]) -> None:
    waiting = Track.objects.filter(pk__in=track_ids, recording_mbid__isnull=True, merged_into__isnull=True)
    waiting.update(next_try_at=timezone.now())


def _told(counts: dict[str, int]) -> str:
    return "Looked up tracks: " + (", ".join(f"{n} {label.lower()}" for label, n in counts.items()) or "none")

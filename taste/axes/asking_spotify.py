"""Spotify's audio features for played tracks, from the installations that may still ask.

Spotify closed them to new applications on 27 November 2024 and answers those with 403; then this is off for a month.
https://developer.spotify.com/blog/2024-11-27-changes-to-the-web-api
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Sum

from catalog.clients.spotify import SpotifyCatalogue, is_configured
from catalog.models import Track
from listening.models import TrackTotal
from sidetrack.diagnosis import Finding
from sidetrack.http import ExternalApiError
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.axes.sources import spotify_features
from taste.models import TrackScore

AT_ONCE = 100  # Spotify's limit
A_NIGHT = 2_000  # tracks
CLOSED_FOR = timedelta(days=30)
FORBIDDEN = 403
UNKNOWN, N_UNKNOWN = "taste:no-audio-features", 5_000  # tracks that Spotify said nothing of: not asked every night
Source = TrackScore.Source


class AudioFeatures(SpotifyCatalogue):
    """The one endpoint, with the application's own keys."""

    def of(self, spotify_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """By Spotify id, at most 100; tracks without features are absent.

        https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
        """
        ids = ",".join(each for each in spotify_ids if each.isalnum())
        body = self._ask("/v1/audio-features", {"ids": ids}, "tell the audio features", f"{len(spotify_ids)} tracks")
        rows = body.get("audio_features") if isinstance(body, dict) else None
        found = [row for row in rows or [] if isinstance(row, dict) and row.get("id")]
        return {str(row["id"]): row for row in found}


def why_off() -> str:
    """Empty when it may be asked; else a sentence."""
    if not is_configured():
        return "Spotify's audio features are off: set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET."
    if cache.get(_key()):
        return "Spotify's audio features are off: Spotify does not give them to this application (403)."
    return ""


def lines() -> Iterator[Finding]:
    """For `manage.py doctor`."""
    off = why_off()
    yield Finding("Spotify's audio features", not off, off or "asked each night for what is played most")


def due() -> list[tuple[int, str]]:
    """(track id, Spotify id) of the most played tracks that neither a file nor Spotify has told of yet."""
    told = TrackScore.objects.filter(track=OuterRef("track"), source__in=[Source.AUDIO, Source.SPOTIFY])
    plays = TrackTotal.objects.filter(track__spotify_id__isnull=False, track__is_demo=False, n_listens__gt=0)
    most = plays.filter(~Exists(told)).exclude(track__in=cache.get(UNKNOWN, [])).values("track")
    ids = [row["track"] for row in most.annotate(n=Sum("n_listens")).order_by("-n", "track")[:A_NIGHT]]
    tracks = Track.objects.current().filter(pk__in=ids).values_list("pk", "spotify_id")
    return sorted((pk, spotify_id) for pk, spotify_id in tracks if spotify_id)


def ask_for_played(*, now: datetime) -> str:
    """Ask, keep and choose; one line of what came of it. A service that cannot just now is asked another night."""
    if words := why_off():
        return words
    wanted, n_told, n_changed = due(), 0, 0
    for start in range(0, len(wanted), AT_ONCE):
        portion = dict(wanted[start : start + AT_ONCE])
        try:
            rows = AudioFeatures(now=now).of(list(portion.values()))
        except ExternalApiError as error:
            if error.status != FORBIDDEN:
                return f"{n_told} tracks were told by Spotify, then: {error}"
            cache.set(_key(), 1, timeout=int(CLOSED_FOR.total_seconds()))
            return why_off()
        judged: dict[int, dict[str, Judged]] = {
            track_id: spotify_features.read(rows[spotify_id])
            for track_id, spotify_id in portion.items()
            if spotify_id in rows
        }
        keep(source=spotify_features.SOURCE, version=spotify_features.VERSION, judged=judged, now=now)
        n_changed += choose(judged, now)
        n_told += len(judged)
        unknown = [*cache.get(UNKNOWN, []), *(track_id for track_id in portion if track_id not in judged)]
        cache.set(UNKNOWN, unknown[-N_UNKNOWN:], timeout=int(CLOSED_FOR.total_seconds()))
    return f"Spotify told of {n_told} of {len(wanted)} tracks, {n_changed} sound different now."


def _key() -> str:
    keys = f"{settings.SPOTIFY_CLIENT_ID}:{settings.SPOTIFY_CLIENT_SECRET}"
    return f"taste:audio-features-closed:{hashlib.sha256(keys.encode()).hexdigest()[:16]}"

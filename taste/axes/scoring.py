"""A track's axes computed anew from what is stored of it: measurement, models' words, tags, others' evidence."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import Track
from taste.audio.analysing import judge_tracks
from taste.audio.extraction import Measured
from taste.axes.choosing import best_of, choose
from taste.axes.tagged import fill_in
from taste.models import AudioFile, TrackScore


@transaction.atomic
def score(*, track: Track, now: datetime) -> dict[str, TrackScore]:
    """Axis → the evidence that counts now; empty where nobody says anything. Reads no file and asks nobody."""
    measured = _measured(track)
    if measured is not None:
        judge_tracks({track.pk: measured}, now=now)
    if track.is_demo:  # what is invented for the demo stays; its invented tags would overrule it
        choose([track.pk], now)
    else:
        fill_in([track.pk], now=now)
    return best_of(list(TrackScore.objects.filter(track=track)))


def _measured(track: Track) -> Measured | None:
    """Of the track's files the one that was measured last; None where none was, or by another form of the extractor."""
    files = AudioFile.objects.filter(track=track, problem="", measured_at__isnull=False).exclude(measured={})
    file = files.order_by("-measured_at", "-pk").first()
    try:
        return Measured.from_json(file.measured) if file is not None else None
    except (KeyError, TypeError):
        return None

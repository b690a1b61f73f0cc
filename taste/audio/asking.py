"""Somebody asks for a track to be heard: REST and the admin call this; a job does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.models import Track
from taste.audio import due
from taste.audio.tasks import queue_these
from taste.models import AudioFile


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a job was queued; if not, why not, in words."""

    is_queued: bool
    message: str = ""


@transaction.atomic
def ask_for_track(*, track: Track, anew: bool, now: datetime) -> Answer:
    """Queue a hearing of the track's file. anew: also where nothing about it is due; asked twice, it is queued once."""
    files = AudioFile.objects.filter(track=track, gone_at__isnull=True)
    if not files.exists():
        return Answer(False, "No music file here belongs to this track.")
    if files.filter(lease_until__gt=now).exists():
        return Answer(False, "It is queued, or being analysed, already.")
    if anew:
        due.make_due(files)
    waiting = due.due(due.plan_now()).filter(track=track)
    if ids := list(waiting.values_list("pk", flat=True)):
        return Answer(True) if queue_these(ids) else Answer(False, "The analysis is paused: it waits for its turn.")
    if files.exclude(problem="").exists():
        return Answer(False, "Its file cannot be analysed; the operators' list of music files says why.")
    return Answer(False, "It was analysed already.")

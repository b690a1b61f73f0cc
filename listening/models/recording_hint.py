"""Ids that sources claim for what was played."""

from __future__ import annotations

from django.db import models

from catalog.models import Track
from catalog.pointing import MAY_STAY_BEHIND


class RecordingHint(models.Model):
    """“This is that recording”, says a source: verified before it is believed, for sources are often wrong."""

    when_merged = MAY_STAY_BEHIND

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="recording_hints", db_index=False)
    recording_mbid = models.UUIDField("MusicBrainz recording")
    source = models.CharField(max_length=12)
    is_wrong = models.BooleanField(default=False, help_text="Looked up: another title, another artist, or gone.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "recording_mbid", "source"], name="recordinghint_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.track_id} is {self.recording_mbid} ({self.source})"

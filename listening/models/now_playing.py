"""What a member hears at this moment."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from catalog.models import Album, Track
from social.visibility import VisibleQuerySet


class NowPlaying(models.Model):
    """One row a member; over when `expires_at` has passed. The names are the source's: most never become a row."""

    VISIBILITY_LEVELS = ["user__listens_visibility"]
    VISIBILITY_OWNER = "user"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="now_playing"
    )
    source = models.CharField(max_length=12)
    client = models.CharField(max_length=64, blank=True, help_text="The program that said so.")
    artist_name = models.CharField(max_length=300)
    title = models.CharField(max_length=500)
    album_title = models.CharField(max_length=500, blank=True)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    payload = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[NowPlaying]] = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.title} — {self.artist_name}"

"""What a member hears at this moment."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from catalog.models import Album, Track
from listening.models.corrections import IncognitoRange
from social.visibility import VisibleQuerySet


class NowPlayingQuerySet(VisibleQuerySet):
    def at(self, now: datetime) -> Self:
        """What plays at that moment, without what plays on into a time that its member keeps private."""
        lasts = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        private = IncognitoRange.objects.filter(lasts, user=OuterRef("user"), starts_at__lte=now)
        return self.filter(~Exists(private), started_at__lte=now, expires_at__gt=now)


class NowPlaying(models.Model):
    """One row a member; over when `expires_at` has passed. The names are the source's: most never become a row."""

    VISIBILITY_LEVELS = ["user__visibility", "user__listens_visibility"]
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

    objects: ClassVar[models.Manager[NowPlaying]] = NowPlayingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.title} — {self.artist_name}"

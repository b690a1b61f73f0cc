"""Names as some source wrote them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.album import Album
from catalog.models.artist import Artist
from catalog.models.track import Track
from catalog.pointing import MAY_STAY_BEHIND

ONE_OF_THREE = (
    Q(artist__isnull=False, album__isnull=True, track__isnull=True)
    | Q(artist__isnull=True, album__isnull=False, track__isnull=True)
    | Q(artist__isnull=True, album__isnull=True, track__isnull=False)
)


class Alias(models.Model):
    """“This name means that”: an answer of a person or of resolving, remembered."""

    when_merged = MAY_STAY_BEHIND

    class Kind(models.TextChoices):
        ARTIST = "artist", "Artist"
        ALBUM = "album", "Album"
        TRACK = "track", "Track"

    kind = models.CharField(max_length=8, choices=Kind)
    artist_key = models.CharField(max_length=300, help_text="Normalised artist name as the source wrote it.")
    title_key = models.CharField(max_length=500, blank=True, help_text="Normalised title; empty for an artist.")
    artist = models.ForeignKey(Artist, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    source = models.CharField(max_length=32, help_text="Who said so: a service, merge, or a person.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "artist_key", "title_key"],
                name="alias_one_meaning",
                violation_error_message="This name has a meaning already.",
            ),
            models.CheckConstraint(condition=ONE_OF_THREE, name="alias_one_of_three"),
        ]

    def __str__(self) -> str:
        return f"{self.artist_key} / {self.title_key}" if self.title_key else self.artist_key

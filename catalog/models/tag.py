"""What people call music: genres, moods, places."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalog.models.album import Album
from catalog.models.alias import ONE_OF_THREE
from catalog.models.artist import Artist
from catalog.models.track import Track
from catalog.pointing import MAY_STAY_BEHIND


class Tag(models.Model):
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80, unique=True, editable=False)
    is_genre = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """One tag on exactly one artist, album or track, as one source weighs it."""

    when_merged = MAY_STAY_BEHIND

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    artist = models.ForeignKey(Artist, null=True, blank=True, on_delete=models.CASCADE, related_name="taggings")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.CASCADE, related_name="taggings")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="taggings")
    weight = models.PositiveSmallIntegerField(
        default=100, validators=[MinValueValidator(0), MaxValueValidator(100)], help_text="0 to 100."
    )
    source = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_OF_THREE, name="tagging_one_of_three"),
            models.CheckConstraint(condition=Q(weight__range=(0, 100)), name="tagging_weight_range"),
            models.UniqueConstraint(fields=["tag", "source", "artist"], name="tagging_once_per_artist"),
            models.UniqueConstraint(fields=["tag", "source", "album"], name="tagging_once_per_album"),
            models.UniqueConstraint(fields=["tag", "source", "track"], name="tagging_once_per_track"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} ({self.weight})"

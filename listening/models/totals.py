"""Totals, kept by delta in the transaction that writes listens; `manage.py check_rollups` proves and rebuilds them.

They count each play once (`ListenQuerySet.counted`). Days and hours are those of `Listener.zone`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models import Album, Artist, Track
from catalog.pointing import BY_SLOT


class Total(models.Model):
    n_listens = models.PositiveIntegerField(default=0)
    ms_played = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True


class MusicTotal(Total):
    """No index by how often: a row is written with each play, and an index on what changes is written too.

    The most played of all time are sorted when they are asked for, some thousands of rows of one member.
    """

    when_merged = BY_SLOT

    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        abstract = True


class ArtistTotal(MusicTotal):
    pk = models.CompositePrimaryKey("user_id", "artist_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="+", db_constraint=False)


class AlbumTotal(MusicTotal):
    pk = models.CompositePrimaryKey("user_id", "album_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="+", db_constraint=False)


class TrackTotal(MusicTotal):
    pk = models.CompositePrimaryKey("user_id", "track_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="+", db_constraint=False)


class DayTotal(Total):
    pk = models.CompositePrimaryKey("user_id", "day")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="In the listener's zone.")


class HourTotal(Total):
    pk = models.CompositePrimaryKey("user_id", "day", "hour")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(help_text="In the listener's zone.")
    hour = models.PositiveSmallIntegerField(help_text="0 to 23, in the listener's zone.")

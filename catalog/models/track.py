"""A track is MusicBrainz's recording, or a name that somebody heard; an album lists tracks line by line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models.album import Album
from catalog.models.artist import Artist
from catalog.models.resolution import Resolvable
from catalog.pointing import MAY_STAY_BEHIND


class TrackQuerySet(models.QuerySet["Track"]):
    def current(self) -> TrackQuerySet:
        return self.filter(merged_into__isnull=True)


class Track(Resolvable):
    title = models.CharField(max_length=500)
    title_key = models.CharField(max_length=500, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="tracks", db_index=False)
    artist_credit = models.CharField(max_length=500, blank=True)
    album = models.ForeignKey(
        Album,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="home_tracks",
        help_text="The album it is known from; the same recording may stand on others too (see AlbumTrack).",
    )
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    recording_mbid = models.UUIDField("MusicBrainz recording", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )

    objects = TrackQuerySet.as_manager()

    class Meta:
        ordering = ["title_key"]
        indexes = [
            models.Index(fields=["artist", "title_key"], name="track_artist_title"),
            # One index for equal and for “begins with”; db_index would make two on PostgreSQL.
            models.Index(fields=["title_key"], name="track_title_key", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recording_mbid"],
                condition=Q(recording_mbid__isnull=False, merged_into__isnull=True),
                name="track_one_per_recording",
                violation_error_message="A track with this MusicBrainz recording exists already.",
            ),
            models.UniqueConstraint(
                fields=["artist", "title_key"],
                condition=Q(recording_mbid__isnull=True, album__isnull=True, merged_into__isnull=True),
                name="track_one_unidentified_per_title",
            ),
            models.CheckConstraint(
                condition=Q(match_quality__isnull=True) | Q(match_quality__range=(0, 1)), name="track_quality_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} — {self.artist_credit or self.artist.name}"


class AlbumTrack(models.Model):
    """One line of an album's track list: the same recording may stand on several albums, or twice on one."""

    when_merged = MAY_STAY_BEHIND

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="lines")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="lines")
    disc = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(help_text="On its disc, from 1; 0 is a pregap.")

    class Meta:
        ordering = ["album", "disc", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["album", "disc", "position"],
                name="albumtrack_one_per_place",
                violation_error_message="Another track stands in this place of the album.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disc}.{self.position} {self.track}"

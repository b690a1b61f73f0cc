"""What is worth telling of a member's listening: an album heard whole, a round number reached."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from catalog.models import Album, Artist
from catalog.pointing import MAY_STAY_BEHIND
from social.visibility import VisibleQuerySet

LEVELS = ["user__visibility", "user__listens_visibility"]


class AlbumSession(models.Model):
    """A whole album heard in one go. Made from listens, and made anew when they change."""

    VISIBILITY_LEVELS = LEVELS
    VISIBILITY_OWNER = "user"
    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="album_sessions", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="heard_in_sessions")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(help_text="Start of its last play.")
    n_tracks = models.PositiveSmallIntegerField(help_text="Different tracks of the album that were heard.")
    n_tracks_of = models.PositiveSmallIntegerField(help_text="How many the album has.")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-ended_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-ended_at", "-id"], name="albumsession_newest"),
            models.Index(fields=["-ended_at", "-id"], name="albumsession_by_time"),  # of everybody: the feed
        ]
        constraints = [models.UniqueConstraint(fields=["user", "album", "started_at"], name="albumsession_once")]

    def __str__(self) -> str:
        return f"{self.user} heard {self.album}"


class Milestone(models.Model):
    """A round number that a member reached: plays in all, or plays of one artist (artist set)."""

    VISIBILITY_LEVELS = LEVELS
    VISIBILITY_OWNER = "user"
    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="milestones", db_index=False
    )
    artist = models.ForeignKey(Artist, null=True, blank=True, on_delete=models.CASCADE, related_name="milestones")
    n_plays = models.PositiveIntegerField()
    reached_at = models.DateTimeField(help_text="Start of the play that reached it.")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-reached_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-reached_at", "-id"], name="milestone_newest"),
            models.Index(fields=["-reached_at", "-id"], name="milestone_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "artist", "n_plays"], name="milestone_of_artist_once"),
            models.UniqueConstraint(
                fields=["user", "n_plays"], condition=models.Q(artist__isnull=True), name="milestone_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n_plays} plays of {self.artist or 'all'} by {self.user}"

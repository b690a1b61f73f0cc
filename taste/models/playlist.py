"""Lists of tracks that Sidetrack makes or members put together."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Track
from catalog.pointing import MAY_STAY_BEHIND
from social.visibility import Visibility, VisibleQuerySet


class Playlist(models.Model):
    """One per member, kind and key, so that making or exporting the same one again updates it and never doubles it.

    The club's own lists have no member.
    """

    VISIBILITY_LEVELS = ["visibility", "user__visibility"]
    VISIBILITY_OWNER = "user"

    class Kind(models.TextChoices):
        MINE = "mine", "put together by hand"
        MIXTAPE = "mixtape", "mixtape of a week"
        BLEND = "blend", "blend"
        MOOD = "mood", "mood"
        CLUB = "club", "club picks"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="playlists",
        db_index=False,
        help_text="Empty: the club's own.",
    )
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=80, help_text="What it is of: 2025-W48, the id of who it is shared with, …")
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True, help_text="How it was made, for a person to read.")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.ME)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="playlist_once"),
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(user__isnull=True), name="playlist_once_club"),
            models.CheckConstraint(condition=Q(user__isnull=False) | Q(kind="club"), name="playlist_owner"),
        ]

    def __str__(self) -> str:
        return self.title


class PlaylistTrack(models.Model):
    when_merged = MAY_STAY_BEHIND

    class Origin(models.TextChoices):
        """Whose a track of a blend is, as the list's owner reads it."""

        MINE = "mine", "you"
        THEIRS = "theirs", "they"
        BOTH = "both", "both"
        NEW = "new", "new to both"

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="lines", db_index=False)
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="playlist_lines")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    reason = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=6, choices=Origin, blank=True)

    class Meta:
        ordering = ["playlist", "position"]
        constraints = [models.UniqueConstraint(fields=["playlist", "position"], name="playlisttrack_one_per_place")]

    def __str__(self) -> str:
        return f"{self.position}. {self.track_id}"


class PlaylistExport(models.Model):
    """A list as it stands at a service: one there for each here. What is wanted, what was done, and what is held."""

    class Service(models.TextChoices):
        SPOTIFY = "spotify", "Spotify"
        LISTENBRAINZ = "listenbrainz", "ListenBrainz"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for its turn"
        RUNNING = "running", "being sent"
        DONE = "done", "sent"
        FAILED = "failed", "not sent"

    OVER: ClassVar = (State.DONE, State.FAILED)

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="exports", db_index=False)
    service = models.CharField(max_length=12, choices=Service)
    account = models.CharField(max_length=128, blank=True, help_text="Whose it is there: another account has its own.")
    remote_id = models.CharField(max_length=64, blank=True)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(help_text="When last; a run that began before is followed by another.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a waiting one may go on.")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="A run that says nothing until then is dead.")
    finished_at = models.DateTimeField(null=True, blank=True)
    n_tracks = models.PositiveSmallIntegerField(default=0)
    n_looked_up = models.PositiveSmallIntegerField(default=0)
    n_found = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list, blank=True, help_text="Names of tracks that the service does not have.")
    words = models.CharField(max_length=300, blank=True, help_text="Why it waits or failed, for a person to read.")
    needs_relink = models.BooleanField(default=False)
    is_public_there = models.BooleanField(default=False, help_text="Everybody may see it there, as it was last sent.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["playlist", "service"], name="playlistexport_once")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["waiting", "running"]), name="playlistexport_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.playlist_id} at {self.service}: {self.state}"

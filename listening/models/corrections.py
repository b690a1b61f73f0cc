"""What a member said about their listens, remembered so that no service undoes it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from catalog.models import Album, Track
from catalog.pointing import MAY_STAY_BEHIND


class Correction(models.Model):
    """“What my sources call this is that track”, or “is no music”; for the past and for what is to come, undoable."""

    class Verb(models.TextChoices):
        RELINK = "relink", "Is another track"
        NOT_MUSIC = "not_music", "Is not music"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listen_corrections")
    msid = models.UUIDField()
    artist_name = models.CharField(max_length=300, help_text="As the source wrote it.")
    title = models.CharField(max_length=500)
    verb = models.CharField(max_length=12, choices=Verb)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict, blank=True, help_text="Track and album that the listens had, to undo by.")
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "msid"], condition=Q(undone_at__isnull=True), name="correction_one_per_name"
            ),
            models.CheckConstraint(
                condition=Q(verb="not_music", track__isnull=True) | Q(verb="relink", track__isnull=False),
                name="correction_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} — {self.artist_name}: {self.get_verb_display()}"


class RemovedListen(models.Model):
    """A play that its member took out: kept from coming back, and enough to put it back."""

    class Why(models.TextChoices):
        DELETED = "deleted", "Deleted by its member"
        MOVED = "moved", "Its time was corrected"
        NOT_MUSIC = "not_music", "Is not music"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="removed_listens")
    source = models.CharField(max_length=12)
    played_at = models.DateTimeField()
    msid = models.UUIDField()
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="+")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ms_played = models.PositiveIntegerField(null=True, blank=True)
    import_batch_id = models.BigIntegerField(null=True, blank=True)
    correction = models.ForeignKey(Correction, null=True, blank=True, on_delete=models.CASCADE, related_name="removed")
    why = models.CharField(max_length=12, choices=Why, default=Why.DELETED)
    moved_to = models.DateTimeField(null=True, blank=True, help_text="When it was played, as its member says.")
    removed_at = models.DateTimeField()

    class Meta:
        ordering = ["-removed_at", "-played_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "source", "played_at", "msid"], name="removedlisten_once"),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} at {self.played_at:%Y-%m-%d %H:%M:%S} ({self.why})"


class IncognitoRange(models.Model):
    """A time in which nothing that a member plays is stored; without an end it goes on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="incognito_ranges")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="incognitorange_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%Y-%m-%d %H:%M}"
            if self.ends_at
            else "until further notice"
        )


class Feedback(models.Model):
    """Loved or hated, as scrobblers say it."""

    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="track_feedback")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="+")
    msid = models.UUIDField(null=True, blank=True)
    score = models.SmallIntegerField(
        validators=[MinValueValidator(-1), MaxValueValidator(1)], help_text="1 loved, -1 hated."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "track"], name="feedback_once_per_track"),
            models.CheckConstraint(condition=Q(score__in=[-1, 1]), name="feedback_loved_or_hated"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {'loves' if self.score > 0 else 'hates'} {self.track}"

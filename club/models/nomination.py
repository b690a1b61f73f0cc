"""An album that a member puts up for the week."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from catalog.models import Album
from club.models.week import Week


class NominationQuerySet(models.QuerySet["Nomination"]):
    def standing(self) -> NominationQuerySet:
        """Without the withdrawn ones."""
        return self.filter(withdrawn_at__isnull=True)


class Nomination(models.Model):
    week = models.ForeignKey(Week, on_delete=models.PROTECT, related_name="nominations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations")
    album = models.ForeignKey(Album, on_delete=models.PROTECT, related_name="nominations")
    pitch = models.CharField(max_length=2000, blank=True)
    pitch_track = models.CharField(max_length=300, blank=True, help_text="The one track to start with, by name.")
    pitch_track_url = models.URLField(max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])])
    genre = models.CharField(max_length=80, blank=True)
    decade = models.CharField(max_length=16, blank=True, help_text="1990s")
    country = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(help_text="An earlier nomination wins the last tie.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    points_elsewhere = models.PositiveIntegerField(
        default=0, editable=False, help_text="Points of a poll that was held without ballots being kept (imported)."
    )
    firsts_elsewhere = models.PositiveIntegerField(default=0, editable=False)
    seconds_elsewhere = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = NominationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="nomination_newest"),
            models.Index(fields=["-created_at", "-id"], name="nomination_by_time"),  # of everybody: the feed
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "album"],
                condition=Q(withdrawn_at__isnull=True),
                name="nomination_album_once_a_week",
                violation_error_message="This album is nominated this week already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.album} in {self.week}"

    @property
    def words(self) -> str:
        """All that its member wrote for it, as moderators read it when it is reported."""
        return "\n".join(text for text in (self.pitch, self.pitch_track, self.pitch_track_url) if text)

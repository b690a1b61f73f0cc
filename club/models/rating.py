"""What a member thought of an album."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from catalog.models import Album, Track
from club.models.week import Week
from social.visibility import Visibility, VisibleQuerySet

HALF_STARS = [(half, f"{half / 2:.1f}") for half in range(2, 11)]


class RatingQuerySet(VisibleQuerySet):
    def standing(self) -> RatingQuerySet:
        """Every rating that counts in figures: all but the ones hidden by moderators."""
        return self.filter(hidden_at__isnull=True)


class Rating(models.Model):
    """In a week of the club, or outside it (week null). Figures count it whatever its visibility is."""

    VISIBILITY_LEVELS = ["visibility", "user__club_visibility"]
    VISIBILITY_OWNER = "user"

    week = models.ForeignKey(Week, null=True, blank=True, on_delete=models.PROTECT, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings")
    album = models.ForeignKey(Album, on_delete=models.PROTECT, related_name="ratings")
    half_stars = models.PositiveSmallIntegerField(choices=HALF_STARS, help_text="2 to 10: 1.0 to 5.0 stars.")
    favorite_track = models.CharField(max_length=300, blank=True)
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="favourite_of")
    review = models.TextField(max_length=8000, blank=True)
    spoiler = models.BooleanField("hide the text until clicked", default=False)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    listened_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    hidden_reason = models.CharField(max_length=1000, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = RatingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["album", "hidden_at"], name="rating_album_hidden"),
            models.Index(fields=["user", "-created_at", "-id"], name="rating_newest"),
            models.Index(fields=["-created_at", "-id"], name="rating_by_time"),  # of everybody: the feed
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "user"],
                name="rating_once_a_week",
                violation_error_message="You have rated this week's album already.",
            ),
            models.UniqueConstraint(
                fields=["user", "album"],
                condition=Q(week__isnull=True),
                name="rating_once_outside_the_club",
                violation_error_message="You have rated this album already.",
            ),
            models.CheckConstraint(
                condition=Q(half_stars__range=(2, 10)),
                name="rating_half_stars_range",
                violation_error_message="A rating has 1.0 to 5.0 stars, in halves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars:.1f} for {self.album}"

    @property
    def stars(self) -> float:
        """1.0 to 5.0."""
        return self.half_stars / 2

    @property
    def words(self) -> str:
        """All that its member wrote, as moderators read it when it is reported."""
        return "\n".join(text for text in (self.review, self.favorite_track) if text)

"""Who matches whom, what to hear next, and what somebody will think of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from catalog.models import Album
from catalog.pointing import MAY_STAY_BEHIND


class Compatibility(models.Model):
    """How well two members match: 0 to 100, 50 a random pair; null while there is too little to say."""

    user_a = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    user_b = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(null=True)
    is_enough = models.BooleanField(default=False)
    evidence = models.JSONField(default=dict, help_text="Each term: value, weight, n.")
    shared_artists = models.JSONField(default=list)
    shared_albums = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    percentile = models.FloatField(null=True, help_text="Among the club's pairs; a caption, never the score.")
    fingerprint = models.CharField(max_length=40, help_text="Of what it was computed from.")
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "compatibilities"
        constraints = [
            models.UniqueConstraint(fields=["user_a", "user_b"], name="compatibility_once"),
            models.CheckConstraint(condition=Q(user_a__lt=F("user_b")), name="compatibility_order"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)), name="compatibility_score_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_a_id} and {self.user_b_id}: {self.score}"


class UserRecommendation(models.Model):
    """An album that a member may like, with a reason that is true."""

    when_merged = MAY_STAY_BEHIND

    class Kind(models.TextChoices):
        SIMILAR = "similar", "near what you play"
        LISTENERS = "listeners", "listeners like you"
        SOUND = "sound", "sounds like what you play"
        CLUB = "club", "a club pick you missed"
        FRIENDS = "friends", "rated high by people you follow"

    class Feedback(models.TextChoices):
        NOT_INTERESTED = "not_interested", "Not interested"
        KNOWN = "known", "I know it already"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recommendations", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="recommendations")
    kind = models.CharField(max_length=12, choices=Kind, help_text="Where most of its score comes from.")
    score = models.FloatField()
    rank = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From 1; empty: only kept for its feedback."
    )
    reason = models.CharField(max_length=300, help_text="For the member's own eyes; `evidence` is what it rests on.")
    evidence = models.JSONField(default=dict, help_text="{part: ids of albums, ratings or weeks, or names of tags}.")
    feedback = models.CharField(max_length=16, choices=Feedback, blank=True)
    feedback_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=24)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["user", "rank"]
        constraints = [models.UniqueConstraint(fields=["user", "album", "kind"], name="recommendation_once")]

    def __str__(self) -> str:
        return f"{self.album_id} for {self.user_id}: {self.reason}"


class PredictedRating(models.Model):
    """What a member will probably think of an album, told before they rate it; never changed once they have.

    Stars, 1.0 to 5.0; low and high hold the truth in four cases of five.
    """

    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="predicted_ratings", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="predicted_ratings")
    stars = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    n_ratings = models.PositiveIntegerField(help_text="Of the member, that it learned from.")
    reason = models.CharField(max_length=300)
    version = models.CharField(max_length=24)
    half_stars = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The truth, once it is known.")
    computed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "album"], name="predictedrating_once"),
            models.CheckConstraint(
                condition=Q(low__gte=1, high__lte=5, low__lte=F("stars"), high__gte=F("stars")),
                name="predictedrating_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.album_id} for {self.user_id}: {self.stars:.1f}"

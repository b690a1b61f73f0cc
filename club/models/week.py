"""One round of the club."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from club.clock import club_zone
from club.rhythm import Deadlines

N_BINS = 9  # 1.0, 1.5, … 5.0


class Phase(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    NOMINATIONS = "nominations", "Nominations"
    POLL = "poll", "Poll"
    LISTENING = "listening", "Listening"
    DISCUSSION = "discussion", "Discussion"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


def empty_histogram() -> list[int]:
    return [0] * N_BINS


class WeekQuerySet(models.QuerySet["Week"]):
    def open(self) -> WeekQuerySet:
        """Weeks in which something can still happen."""
        return self.exclude(phase__in=[Phase.CLOSED, Phase.CANCELLED])

    def decided(self) -> WeekQuerySet:
        """Weeks with a winner."""
        return self.filter(winner__isnull=False)

    def with_winner(self) -> WeekQuerySet:
        """Everything that a tile or a line about the week needs, in one query."""
        return self.select_related("winner__album__artist", "winner__user")


class Week(models.Model):
    """Phase, deadlines, winner, and figures of its ratings that change in the rating's own transaction."""

    number = models.PositiveIntegerField(
        unique=True, error_messages={"unique": "There is a week of this number already."}
    )
    theme = models.CharField(max_length=200, blank=True)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.SCHEDULED)
    opens_at = models.DateTimeField()
    nominations_close_at = models.DateTimeField()
    poll_close_at = models.DateTimeField()
    discussion_at = models.DateTimeField()
    ratings_close_at = models.DateTimeField()
    nominations_extended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was given one more day because nobody nominated."
    )
    poll_extended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was given one more day because nobody voted."
    )
    winner = models.OneToOneField(
        "club.Nomination", null=True, blank=True, on_delete=models.PROTECT, related_name="won_week"
    )
    tie_break = models.CharField(max_length=300, blank=True, help_text="How a tie was broken, in one sentence.")
    poll_margin = models.PositiveIntegerField(
        null=True, editable=False, help_text="Points between winner and runner-up; empty where nobody chose."
    )
    voters_elsewhere = models.PositiveIntegerField(
        default=0, editable=False, help_text="Voters of an imported poll whose ballots were not kept."
    )
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    rating_mean = models.FloatField(null=True, editable=False, help_text="Stars, 1.0 to 5.0.")
    rating_sd = models.FloatField(null=True, editable=False, help_text="Population standard deviation, stars.")
    rating_histogram = models.JSONField(default=empty_histogram, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WeekQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["rating_count", "rating_mean", "rating_sd", "rating_histogram"])

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["phase", "discussion_at"], name="week_phase_discussion")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("nominations_close_at"))
                & Q(nominations_close_at__lt=F("poll_close_at"))
                & Q(poll_close_at__lt=F("discussion_at"))
                & Q(discussion_at__lt=F("ratings_close_at")),
                name="week_deadlines_in_order",
                violation_error_message="Each deadline must come after the one before it.",
            ),
            models.CheckConstraint(
                condition=Q(rating_mean__isnull=True) | Q(rating_mean__range=(1, 5)), name="week_mean_range"
            ),
        ]

    def __str__(self) -> str:
        return f"WEEK {self.number:03d}"

    @property
    def label(self) -> str:
        """`WEEK 003 [2025-11-24]`: the date is the discussion's, where the club lives."""
        return f"{self} [{self.discussion_at.astimezone(club_zone()):%Y-%m-%d}]"

    @property
    def deadlines(self) -> Deadlines:
        """The five deadlines as one value."""
        return Deadlines(
            self.opens_at, self.nominations_close_at, self.poll_close_at, self.discussion_at, self.ratings_close_at
        )

    def get_absolute_url(self) -> str:
        return reverse("club:week", args=[self.number])

"""One choice of one member."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from club.models.nomination import Nomination
from club.models.week import Week


class Vote(models.Model):
    """A first choice (rank 1) is worth two points, a second one point. Ballots are secret until the poll closes."""

    week = models.ForeignKey(Week, on_delete=models.PROTECT, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="votes")
    rank = models.PositiveSmallIntegerField(choices=[(1, "1st choice"), (2, "2nd choice")])
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["week", "rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["week", "user", "rank"], name="vote_one_per_rank"),
            models.UniqueConstraint(
                fields=["week", "user", "nomination"],
                name="vote_one_per_nomination",
                violation_error_message="The same album cannot be both the first and the second choice.",
            ),
            models.CheckConstraint(condition=Q(rank__in=[1, 2]), name="vote_rank_range"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rank_display()} in {self.week}"

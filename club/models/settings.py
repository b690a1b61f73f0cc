"""How this club does things."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from club import clock
from club.rhythm import Rhythm, Step
from social.models.user import check_zone


def default_zone() -> str:
    return str(django_settings.TIME_ZONE)


class ClubSettings(models.Model):
    """The one row of the club's own choices. Days count from the Monday on which a week opens (day 0)."""

    name = models.CharField(max_length=80, default="Sidetrack")
    timezone = models.CharField(max_length=64, default=default_zone, validators=[check_zone])
    auto_open = models.BooleanField(
        "open weeks by themselves", default=False, help_text="A new week opens on the club's rhythm, without anybody."
    )
    open_weekday = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(6)], help_text="0 is Monday, 6 is Sunday."
    )
    open_time = models.TimeField(default=time(9, 0))
    nominations_close_day = models.PositiveSmallIntegerField(default=3)
    nominations_close_time = models.TimeField(default=time(20, 0))
    poll_close_day = models.PositiveSmallIntegerField(default=5)
    poll_close_time = models.TimeField(default=time(20, 0))
    discussion_day = models.PositiveSmallIntegerField(default=14)
    discussion_time = models.TimeField(default=time(20, 0))
    ratings_close_day = models.PositiveSmallIntegerField(default=17)
    ratings_close_time = models.TimeField(default=time(20, 0))
    nominations_per_member = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    allow_self_vote = models.BooleanField("members may vote for their own nomination", default=False)
    minimum_ratings = models.PositiveSmallIntegerField(
        "ratings needed to rank", default=3, help_text="Below it no average is shown and the album is not ranked."
    )
    revision = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Counts every change that a public page could show."
    )

    history = HistoricalRecords(excluded_fields=["revision"])

    class Meta:
        verbose_name = verbose_name_plural = "club settings"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clubsettings_one_row")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> ClubSettings:
        """The row, made with its defaults at first use."""
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def rhythm(self) -> Rhythm:
        """The days and times as plain values."""
        return Rhythm(
            zone=ZoneInfo(self.timezone),
            open_weekday=self.open_weekday,
            open_time=self.open_time,
            nominations_close=Step(self.nominations_close_day, self.nominations_close_time),
            poll_close=Step(self.poll_close_day, self.poll_close_time),
            discussion=Step(self.discussion_day, self.discussion_time),
            ratings_close=Step(self.ratings_close_day, self.ratings_close_time),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        clock.forget_zone()

    def clean(self) -> None:
        steps = [
            (0, self.open_time),
            (self.nominations_close_day, self.nominations_close_time),
            (self.poll_close_day, self.poll_close_time),
            (self.discussion_day, self.discussion_time),
            (self.ratings_close_day, self.ratings_close_time),
        ]
        if any(earlier >= later for earlier, later in pairwise(steps)):
            raise ValidationError("Each phase must end after the one before it: check the days and times.")

"""Weeks, nominations and ratings for tests, valid in any phase."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from django.db.models import Max

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Rating, Week
from club.polls import POLL_IS_OVER
from club.ratings import recompute
from social.tests.factories import UserFactory

MONDAY = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
CLOSES = {"nominations_close_at": 3, "poll_close_at": 5, "discussion_at": 14, "ratings_close_at": 17}  # days, 20:00


class WeekFactory(factory.django.DjangoModelFactory[Week]):
    """A week that opened on Monday 10 November 2025, 09:00 UTC, on the default rhythm.

    From listening on it has a winner; `winner__album=…` chooses which.
    """

    class Meta:
        model = Week
        skip_postgeneration_save = True

    number = factory.LazyFunction(lambda: (Week.objects.aggregate(last=Max("number"))["last"] or 0) + 1)
    phase = Phase.NOMINATIONS
    opens_at = MONDAY

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        for name, days in CLOSES.items():
            kwargs.setdefault(name, kwargs["opens_at"] + timedelta(days=days, hours=11))
        return kwargs

    @factory.post_generation
    def winner(self: Any, create: bool, extracted: Nomination | None, **kwargs: Any) -> None:
        if extracted or kwargs or self.phase in POLL_IS_OVER:
            self.winner = extracted or NominationFactory(week=self, **kwargs)
            self.save()


class NominationFactory(factory.django.DjangoModelFactory[Nomination]):
    class Meta:
        model = Nomination

    week = factory.SubFactory(WeekFactory)
    user = factory.SubFactory(UserFactory)
    album = factory.SubFactory(AlbumFactory)
    created_at = factory.LazyAttribute(lambda row: row.week.opens_at + timedelta(hours=1))


class RatingFactory(factory.django.DjangoModelFactory[Rating]):
    """Of the week's winner; `week=None, album=…` for one outside the club. The week's figures follow."""

    class Meta:
        model = Rating

    week = factory.SubFactory(WeekFactory, phase=Phase.DISCUSSION)
    user = factory.SubFactory(UserFactory)
    album = factory.LazyAttribute(lambda row: row.week.winner.album if row.week else AlbumFactory())
    half_stars = 7
    created_at = factory.LazyAttribute(
        lambda row: (row.week.discussion_at if row.week else MONDAY) + timedelta(hours=1)
    )
    updated_at = factory.SelfAttribute("created_at")

    @classmethod
    def _create(cls, model_class: type[Rating], *args: Any, **kwargs: Any) -> Rating:
        rating: Rating = super()._create(model_class, *args, **kwargs)
        if rating.week is not None:
            recompute(rating.week)
        return rating

"""`club/weeks/{number}/ratings` and its summary."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from club.api.answers import RatingAnswer, RatingsSummaryAnswer
from club.api.lookups import ratings_summary_of, week_or_404
from club.models import Rating
from club.ratings import rate
from sidetrack.api.describing import WEEK_NUMBER, answers, asks
from sidetrack.api.views import Endpoint, ListEndpoint
from social.acting import Person, acting_member, viewer_of
from social.visibility import Visibility


class StarsField(serializers.FloatField):
    """1.0 to 5.0 in halves; gives half stars, 2 to 10."""

    default_error_messages = {"halves": "A rating has 1.0 to 5.0 stars, in halves."}

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool):
            self.fail("invalid")
        half_stars = super().to_internal_value(data) * 2
        if half_stars not in range(2, 11):
            self.fail("halves")
        return half_stars


class NewRating(Person):
    value = StarsField(help_text="1.0 to 5.0 in halves.")
    favorite_track = serializers.CharField(required=False, allow_blank=True, max_length=300)
    review = serializers.CharField(
        required=False, allow_blank=True, max_length=8000, help_text="In plain words or a little Markdown."
    )
    spoiler = serializers.BooleanField(required=False, help_text="Hide the review until clicked.")
    visibility = serializers.ChoiceField(
        required=False, choices=Visibility.choices, help_text="Who may read name and words. Figures count it anyway."
    )


WORDS = ("favorite_track", "review", "spoiler", "visibility")


class Ratings(ListEndpoint[Rating]):
    serializer_class = RatingAnswer
    filter_backends = []

    def get_queryset(self) -> QuerySet[Rating]:
        return Rating.objects.standing().select_related("user").order_by("-created_at", "-id")

    @extend_schema(
        tags=["club"],
        operation_id="ratings_list",
        summary="The ratings of a week, newest first",
        description="Every rating that counts is an entry; name and words only where the caller may see them.",
        parameters=[WEEK_NUMBER],
        responses=answers({200: RatingAnswer(many=True)}, 400, 401, 403, 404),
    )
    def get(self, request: Request, number: int) -> Response:
        page = self.paginate_queryset(self.get_queryset().filter(week=week_or_404(number))) or []
        visible = Rating.objects.filter(pk__in=[rating.pk for rating in page]).visible_to(viewer_of(request))
        context = {"request": request, "seen": set(visible.values_list("pk", flat=True))}
        return self.get_paginated_response(RatingAnswer(page, many=True, context=context).data)

    @extend_schema(
        tags=["club"],
        operation_id="ratings_create",
        summary="Rate the week's album",
        description="Open during the discussion only. 201 the first time, 200 after; what is left out stays as it was.",
        request=asks(
            NewRating,
            {
                "Stars and words": {"value": 4.5, "favorite_track": "Roads", "review": "It gets under the skin."},
            },
        ),
        parameters=[WEEK_NUMBER],
        responses=answers({201: RatingAnswer, 200: RatingAnswer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, number: int) -> Response:
        now = timezone.now()
        week = week_or_404(number)
        body = NewRating(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            member = acting_member(request, given, now=now)
            words = {name: given[name] for name in WORDS if name in given}
            rating, created = rate(member=member, week=week, half_stars=int(given["value"]), now=now, **words)
        context = {"request": request, "seen": {rating.pk}}
        return Response(RatingAnswer(rating, context=context).data, status=201 if created else 200)


class RatingsSummary(Endpoint):
    @extend_schema(
        tags=["club"],
        operation_id="ratings_summary",
        summary="The ratings of a week in figures",
        parameters=[WEEK_NUMBER],
        responses=answers({200: RatingsSummaryAnswer}, 401, 404),
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(RatingsSummaryAnswer(ratings_summary_of(week_or_404(number))).data)

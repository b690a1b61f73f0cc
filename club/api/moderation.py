"""`admin/*`: what moderators do to the club's rows."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from club.api.answers import WeekDetailAnswer
from club.api.lookups import nomination_or_404, week_or_404
from club.api.weeks import detail
from club.models import Rating
from club.moderating import hide_rating, override_winner
from sidetrack.api.describing import WEEK_NUMBER, answers, asks
from sidetrack.api.serializers import RowIdField
from sidetrack.api.views import Endpoint
from social.acting import HEADER, Person, acting_moderator

MODERATORS_ONLY = (
    f"For moderators. The service token names the moderator for whom it acts, in the body or in `{HEADER}`."
)


class Override(Person):
    nomination = RowIdField(help_text="The nomination of this week that shall have won.")
    reason = serializers.CharField(max_length=1000, help_text="Kept in the log.")


class OverrideWinner(Endpoint):
    @extend_schema(
        tags=["moderation"],
        operation_id="override_winner",
        summary="Make another nomination the winner",
        description=f"{MODERATORS_ONLY} Ratings given for the old winner stay as ratings outside the club.",
        request=asks(
            Override,
            {
                "Another winner": {"nomination": 42, "reason": "The first was a single."},
            },
        ),
        parameters=[WEEK_NUMBER],
        responses=answers({200: WeekDetailAnswer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, number: int) -> Response:
        now = timezone.now()
        week = week_or_404(number)
        body = Override(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            by = acting_moderator(request, given, now=now)
            nomination = nomination_or_404(given["nomination"])
            override_winner(week=week, nomination=nomination, by=by, reason=given["reason"], now=now)
        return Response(detail(week_or_404(number), request))


class Hiding(Person):
    reason = serializers.CharField(required=False, max_length=1000)


class Review(Endpoint):
    @extend_schema(
        tags=["moderation"],
        operation_id="reviews_hide",
        summary="Hide a rating with its review",
        description=f"{MODERATORS_ONLY} It is kept and logged, and a moderator may show it again. Twice is once.",
        parameters=[
            OpenApiParameter("id", int, OpenApiParameter.PATH, description="The id of a rating."),
            OpenApiParameter("user", str, description="The moderator's handle, with the service token."),
            OpenApiParameter("discord_id", str, description="The moderator's Discord id, with the service token."),
            OpenApiParameter("reason", str, description="Kept in the log."),
        ],
        responses={204: None} | answers({}, 400, 401, 403, 404),
    )
    def delete(self, request: Request, pk: int) -> Response:
        now = timezone.now()
        given = request.data if isinstance(request.data, dict) else {}
        body = Hiding(data={**request.query_params.dict(), **given})
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            by = acting_moderator(request, body.validated_data, now=now)
            rating = Rating.objects.select_related("week", "user", "album").filter(pk=pk).first()
            if rating is None:
                raise NotFound(f"There is no review {pk}.", code="unknown_review")
            reason = body.validated_data.get("reason") or "Hidden through the REST interface."
            hide_rating(rating=rating, by=by, reason=reason, now=now)
        return Response(status=204)

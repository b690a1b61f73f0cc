"""`club/weeks` and `club/weeks/{number}`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from club.api.answers import WeekAnswer, WeekDetailAnswer, context_for, weeks_for_answers
from club.api.lookups import poll_of, ratings_summary_of, standing_nominations, week_or_404
from club.clock import club_zone
from club.lifecycle import change_deadlines, move_to, open_week
from club.models import Phase, Week
from club.rhythm import DEADLINES, FIRST_YEAR, LAST_YEAR
from sidetrack.api.describing import WEEK_NUMBER, answers, asks
from sidetrack.api.serializers import UtcDateTimeField
from sidetrack.api.views import Endpoint, ListEndpoint
from social.acting import Person, acting_moderator_or_service

BIGGEST_NUMBER = 2_147_483_647


def between(day: date) -> date:
    """The day, or the nearest one on which a week can be: no zone reaches beyond the calendar's own ends."""
    return min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 1, 1))


def local_midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=club_zone())


class WeekFilter(django_filters.FilterSet):
    """By the date in the week's label: the local day of its discussion."""

    to = django_filters.DateFilter(method="until", label="Weeks whose discussion is on this day or earlier.")
    phase = django_filters.MultipleChoiceFilter(choices=Phase.choices, label="Weeks in any of these phases.")
    has_winner = django_filters.BooleanFilter(
        field_name="winner", lookup_expr="isnull", exclude=True, label="Weeks with a winner, or (false) without one."
    )

    def since(self, weeks: QuerySet[Week], name: str, day: date) -> QuerySet[Week]:
        return weeks.filter(discussion_at__gte=local_midnight(between(day)))

    def until(self, weeks: QuerySet[Week], name: str, day: date) -> QuerySet[Week]:
        return weeks.filter(discussion_at__lt=local_midnight(between(day) + timedelta(days=1)))


# `from` is no name that a class body can give
WeekFilter.base_filters["from"] = django_filters.DateFilter(
    method="since", label="Weeks whose discussion is on this day or later."
)


class DeadlinesBody(Person):
    opens_at = UtcDateTimeField(required=False, help_text="Without it a new week opens at once.")
    nominations_close_at = UtcDateTimeField(required=False)
    poll_close_at = UtcDateTimeField(required=False)
    discussion_at = UtcDateTimeField(required=False)
    ratings_close_at = UtcDateTimeField(required=False)


class NewWeek(DeadlinesBody):
    number = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST_NUMBER, help_text="Without it, the next one."
    )
    theme = serializers.CharField(required=False, allow_blank=True, max_length=200)


class WeekChange(DeadlinesBody):
    phase = serializers.ChoiceField(
        required=False,
        choices=Phase.choices,
        help_text="The next phase by the table, or cancelled. The one it is in already is a success without change.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        moved = [name for name in DEADLINES if name in attrs]
        if ("phase" in attrs) == bool(moved):
            raise serializers.ValidationError("Send either a phase, or one deadline or more.")
        return attrs


def deadlines_in(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in DEADLINES if name in body}


def detail(week: Week, request: Request) -> dict[str, Any]:
    """The week with its nominations, poll and ratings in figures, in a constant number of queries."""
    nominations = standing_nominations(week)
    context = context_for(request, [n.user_id for n in nominations] + [week.winner.user_id if week.winner else None])
    context |= {"nominations": nominations, "poll": poll_of(week, nominations, request)}
    context |= {"ratings": ratings_summary_of(week)}
    return dict(WeekDetailAnswer(week, context=context).data)


class Weeks(ListEndpoint[Week]):
    serializer_class = WeekAnswer
    filterset_class = WeekFilter

    def get_queryset(self) -> QuerySet[Week]:
        return weeks_for_answers().order_by("-number")

    @extend_schema(
        tags=["club"],
        operation_id="weeks_list",
        summary="Weeks, newest first",
        responses=answers({200: WeekAnswer(many=True)}, 400, 401, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = context_for(request, [week.winner.user_id for week in page if week.winner])
        return self.get_paginated_response(WeekAnswer(page, many=True, context=context).data)

    @extend_schema(
        tags=["club"],
        operation_id="weeks_open",
        summary="Open a week",
        description="For moderators and the service token. Missing deadlines follow the club's rhythm from now. The "
        "same number and body again changes nothing (200); the number with another body is refused (409).",
        request=asks(
            NewWeek,
            {
                "At once, by the club's rhythm": {"theme": "Debuts"},
                "With deadlines": {
                    "number": 12,
                    "opens_at": "2025-11-10T09:00:00Z",
                    "nominations_close_at": "2025-11-13T20:00:00Z",
                    "poll_close_at": "2025-11-15T20:00:00Z",
                    "discussion_at": "2025-11-24T20:00:00Z",
                    "ratings_close_at": "2025-11-27T20:00:00Z",
                },
            },
        ),
        responses=answers({201: WeekDetailAnswer, 200: WeekDetailAnswer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        body = NewWeek(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            by = acting_moderator_or_service(request, body.validated_data, now=now)
            week, created = open_week(
                now=now,
                number=body.validated_data.get("number"),
                theme=body.validated_data.get("theme", ""),
                deadlines=deadlines_in(body.validated_data),
                by=by,
            )
        return Response(detail(week_or_404(week.number), request), status=201 if created else 200)


class OneWeek(Endpoint):
    @extend_schema(
        tags=["club"],
        operation_id="weeks_retrieve",
        summary="A week with nominations, poll and ratings in figures",
        parameters=[WEEK_NUMBER],
        responses=answers({200: WeekDetailAnswer}, 401, 403, 404),
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(detail(week_or_404(number), request))

    @extend_schema(
        tags=["club"],
        operation_id="weeks_change",
        summary="Move a week to its next phase, or change its deadlines",
        description="For moderators and the service token. Closing the poll decides the winner. A phase cannot be "
        "skipped (409); deadlines must stay in order (400).",
        request=asks(
            WeekChange,
            {
                "Close the nominations now": {"phase": "poll"},
                "A later poll": {"poll_close_at": "2025-11-16T20:00:00Z"},
            },
        ),
        parameters=[WEEK_NUMBER],
        responses=answers({200: WeekDetailAnswer}, 400, 401, 403, 404, 409),
    )
    def patch(self, request: Request, number: int) -> Response:
        now = timezone.now()
        week = week_or_404(number)
        body = WeekChange(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            by = acting_moderator_or_service(request, body.validated_data, now=now)
            if "phase" in body.validated_data:
                move_to(week=week, phase=Phase(body.validated_data["phase"]), by=by, now=now)
            else:
                change_deadlines(week=week, by=by, now=now, **deadlines_in(body.validated_data))
        return Response(detail(week_or_404(number), request))

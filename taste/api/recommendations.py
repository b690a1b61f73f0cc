"""`users/{handle}/recommendations`: what a member may want to hear, and what they say to it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import DUMMY, AlbumAnswer, album_by_id
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer, RowIdField, UtcDateTimeField
from sidetrack.api.views import ListEndpoint
from social.acting import Person, acting_member, viewer_of
from social.models import User
from taste.models import UserRecommendation
from taste.recommending import feedback, showing

HANDLE = OpenApiParameter("handle", str, OpenApiParameter.PATH, description="In capitals or not.")
A_RECOMMENDATION: dict[str, Any] = {
    "rank": 1,
    "score": 0.0412,
    "kind": "similar",
    "reason": "Because you play “Mezzanine”: other members play them together.",
    "album": DUMMY,
    "version": "rec-1",
    "computed_at": "2025-11-20T04:40:00Z",
}


@shown_as(A_RECOMMENDATION)
class RecommendationAnswer(Answer):
    """An album that the member may like."""

    rank = serializers.IntegerField(help_text="From 1.")
    score = serializers.FloatField(help_text="Sum of reciprocal ranks: it orders one list, and compares no two.")
    kind = serializers.ChoiceField(choices=UserRecommendation.Kind.choices)
    reason = serializers.CharField(help_text="By name for the member alone; for others what kind of reason it is.")
    album = AlbumAnswer()
    version = serializers.CharField()
    computed_at = UtcDateTimeField()


class FeedbackBody(Person):
    album = RowIdField(help_text="The album's id.")
    feedback = serializers.ChoiceField(
        choices=UserRecommendation.Feedback.choices, allow_blank=True, help_text="Empty takes it back."
    )


@shown_as({"album": 31, "feedback": "not_interested", "feedback_at": "2025-11-20T12:00:00Z"})
class FeedbackAnswer(Answer):
    album = serializers.IntegerField(source="album_id")
    feedback = serializers.CharField()
    feedback_at = UtcDateTimeField(allow_null=True)


class Recommendations(ListEndpoint[UserRecommendation]):
    serializer_class = RecommendationAnswer
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[UserRecommendation]:
        return UserRecommendation.objects.none()  # for the description: the list is put together in `showing`

    @extend_schema(
        tags=["taste"],
        operation_id="users_recommendations",
        summary="What a member may want to hear next",
        description=(
            "Renewed every night. Others' lists are there where their taste and their listens are both open to the "
            "caller, without names of people or music in the reasons."
        ),
        parameters=[HANDLE],
        responses=answers({200: RecommendationAnswer(many=True)}, 400, 401, 403, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        viewer = viewer_of(request)
        member = User.objects.by_handle(handle).filter(is_active=True).first()
        if member is None or not showing.may_read(member, viewer):
            raise Http404
        page: Any = self.paginate_queryset(showing.shown_to(member, viewer))
        return self.get_paginated_response(RecommendationAnswer(page, many=True, context={"request": request}).data)

    @extend_schema(
        tags=["taste"],
        operation_id="users_recommendations_feedback",
        summary="Say that an album is not for me, or known",
        description="It leaves the list for good; an empty word takes that back. The same twice changes nothing.",
        parameters=[HANDLE],
        request=asks(FeedbackBody, {"Not interested": {"album": 17, "feedback": "not_interested"}}),
        responses=answers({200: FeedbackAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request, handle: str) -> Response:
        body = FeedbackBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            now = timezone.now()
            member = acting_member(request, given, now=now)
            if member.handle.lower() != handle.lower():
                raise PermissionDenied("You answer your own recommendations only.", code="not_your_own")
            album = album_by_id(given["album"])
            row = feedback.say(member=member, album=album, feedback=given["feedback"], now=now)
        return Response(FeedbackAnswer(row).data)

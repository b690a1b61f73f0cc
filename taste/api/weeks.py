"""REST: weekly taste is brought up to date, and a member's taste in a row of numbers."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import URLPattern, path, re_path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_member, acting_member_or_service, viewer_of
from social.authentication import is_service
from taste.dashboard.rights import taste_members
from taste.models import TasteProfile, WeeklyTaste
from taste.weeks import due
from taste.weeks.words import sentence

N_WEEKS = 12
HANDLE = OpenApiParameter("handle", str, OpenApiParameter.PATH, description="In capitals or not.")
A_WEEK = {
    "week": "2025-W47",
    "starts_on": "2025-11-17",
    "listens": 214,
    "diversity": 23.4,
    "axes": {"energy": {"mean": 0.61, "sd": 0.18, "n": 190, "confidence": 0.62}},
    "moods": {"calm": 0.1, "driving": 0.55, "elated": 0.35},
    "words": [{"word": "trip hop", "lift": 3.1, "share": 0.22}],
    "vibe": "Trip hop.",
}
A_TASTE = {
    "user": "rin",
    "listens": 48_210,
    "sounding": 40_102,
    "genres": {"trip hop": 0.21, "dub": 0.12},
    "features": {"energy": {"mean": 0.52, "sd": 0.2, "n": 40_102}},
    "time_of_day": [0.04] * 23 + [0.08],
    "weeks": [A_WEEK],
    "computed_at": "2025-11-20T03:00:00Z",
}


class WordAnswer(Answer):
    word = serializers.CharField()
    lift = serializers.FloatField(help_text="Its share over that of the 26 weeks before, both smoothed.")
    share = serializers.FloatField(help_text="Of the week's plays that have tags.")


class TasteWeekAnswer(Answer):
    week = serializers.CharField(source="iso_week")
    starts_on = serializers.DateField(help_text="The Monday.")
    listens = serializers.IntegerField(source="n_listens")
    diversity = serializers.FloatField(help_text="Effective number of artists.")
    axes = serializers.JSONField(help_text="By axis: mean, sd, n plays with a value, confidence 0 to 1.")
    moods = serializers.DictField(child=serializers.FloatField(), help_text="Shares of moods, summing to 1.")
    words = WordAnswer(many=True)
    vibe = serializers.SerializerMethodField(help_text="The week's leading words as a sentence.")

    def get_vibe(self, week: WeeklyTaste) -> str:
        return sentence(week.words)


@shown_as(A_TASTE)
class TasteAnswer(Answer):
    """A member's taste in a row of numbers, and their newest weeks."""

    user = serializers.CharField(source="user.handle")
    listens = serializers.IntegerField(source="n_listens")
    sounding = serializers.IntegerField(source="n_sounding", help_text="Plays of tracks with a value on any axis.")
    genres = serializers.DictField(
        source="genre_histogram", child=serializers.FloatField(), help_text="Shares of plays."
    )
    features = serializers.JSONField(source="feature_means", help_text="By axis: mean, sd, n plays with a value.")
    time_of_day = serializers.ListField(
        source="time_of_day_histogram", child=serializers.FloatField(), help_text="24 shares, by the member's own hour."
    )
    weeks = serializers.SerializerMethodField(help_text=f"The {N_WEEKS} newest weeks with listens, newest first.")
    computed_at = UtcDateTimeField(source="last_computed_at", allow_null=True)

    @extend_schema_field(TasteWeekAnswer(many=True))
    def get_weeks(self, profile: TasteProfile) -> Any:
        newest = WeeklyTaste.objects.filter(user=profile.user_id).order_by("-starts_on")[:N_WEEKS]
        return TasteWeekAnswer(newest, many=True).data


@shown_as({"queued": 1})
class QueuedAnswer(Answer):
    queued = serializers.IntegerField(help_text="Members whose weeks will be computed.")


class AggregateWeeks(Endpoint):
    @extend_schema(
        tags=["taste"],
        operation_id="aggregate_weeks",
        summary="Bring weekly taste up to date",
        description="Queues the member's weeks: those whose listens or sound changed are computed. Asking again "
        "meanwhile does no harm. With the service token and no member: of everybody who is due.",
        request=asks(Person, {"For a member, with the service token": {"user": "rin"}}),
        responses=answers({202: QueuedAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request) -> Response:
        body, now = Person(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            member = acting_member_or_service(request, body.validated_data, now=now)
        if member is None:
            n = due.queue_due(now=now)
        else:
            due.queue(member)
            n = 1
        return Response(QueuedAnswer({"queued": n}).data, status=202)


class Taste(Endpoint):
    @extend_schema(
        tags=["taste"],
        operation_id="users_taste",
        summary="A member's taste",
        description="Whoever's taste the caller may not see does not exist for them (404).",
        parameters=[HANDLE],
        responses=answers({200: TasteAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        profile = _profile_or_404(handle, request)
        return Response(TasteAnswer(profile).data)

    @extend_schema(
        tags=["taste"],
        operation_id="users_taste_compute",
        summary="Compute my taste anew",
        description="Queues the member's own profile and weeks; only the member, or the service token for them.",
        parameters=[HANDLE],
        request=asks(Person, {"For a member, with the service token": {"user": "rin"}}),
        responses=answers({202: QueuedAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request, handle: str) -> Response:
        body, now = Person(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        given = body.validated_data
        if is_service(request) and not given:
            given = {"user": handle}
        with transaction.atomic():
            member = acting_member(request, given, now=now)
        if member.handle.lower() != handle.lower():
            raise PermissionDenied("You compute only your own taste.", code="not_your_own")
        due.queue(member)
        return Response(QueuedAnswer({"queued": 1}).data, status=202)


def _profile_or_404(handle: str, request: Request) -> TasteProfile:
    members = taste_members(viewer_of(request)).by_handle(handle)
    shown: TasteProfile | None = TasteProfile.objects.filter(user__in=members).select_related("user").first()
    if shown is None:
        raise Http404
    return shown


urlpatterns: list[URLPattern] = [
    path("aggregate/weeks", AggregateWeeks.as_view(), name="aggregate_weeks"),
    re_path(r"^users/(?P<handle>[A-Za-z0-9_]{2,32})/taste$", Taste.as_view(), name="users_taste"),
]

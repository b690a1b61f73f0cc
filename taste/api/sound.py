"""Analyse: a track's file is heard. A job does it; the answer says what was queued."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_moderator_or_service
from taste.api.labels import TRACK_ID, track_or_404
from taste.audio.asking import ask_for_track
from taste.audio.readiness import why_not
from taste.audio.switches import settings_now

AN_ANSWER: dict[str, Any] = {"track": 210, "queued": True, "message": ""}


class SwitchedOff(APIException):
    status_code = 503
    default_code = "unavailable"


class Analysis(Person):
    anew = serializers.BooleanField(default=False, help_text="Even where nothing is due: hear the file once more.")


@shown_as(AN_ANSWER)
class AnalysisAnswer(Answer):
    track = serializers.IntegerField(help_text="Its number; of what it became part of, where it did.")
    queued = serializers.BooleanField()
    message = serializers.CharField(help_text="Why nothing was queued; empty when it was.")


class AnalyzeTrack(Endpoint):
    needs_caller = True

    @extend_schema(
        tags=["taste"],
        operation_id="analyze_track",
        summary="Analyse a track's file",
        description="Queues a hearing of the file in AUDIO_ROOT that belongs to the track, where something about it is "
        "due: a new file, a new version, a new model. It is work for the whole site: moderators and the service token "
        "may ask for it. `score/track` afterwards says what the track is. Asking twice queues it once.",
        parameters=[TRACK_ID],
        request=asks(Analysis, {"Once more, whatever was heard before": {"anew": True}}),
        responses=answers({202: AnalysisAnswer}, 400, 401, 403, 404, 503),
    )
    def post(self, request: Request, track_id: int) -> Response:
        body, now = Analysis(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            acting_moderator_or_service(request, body.validated_data, now=now)
            track = track_or_404(track_id)
            if why_not(settings_now()):
                raise SwitchedOff("Music is not analysed on this site just now.")
            answer = ask_for_track(track=track, anew=body.validated_data["anew"], now=now)
        said = {"track": track.pk, "queued": answer.is_queued, "message": answer.message}
        return Response(AnalysisAnswer(said).data, status=202)


urlpatterns: list[URLPattern] = [
    path("analyze/track/<int:track_id>", AnalyzeTrack.as_view(), name="analyze_track"),
]

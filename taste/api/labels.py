"""What a track is: scored anew from what is stored, and what a member says it is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Track
from catalog.naming import standing
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import BIGGEST_ID, Answer, RowIdField
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_member, acting_member_or_service
from taste.axes.choosing import AXES
from taste.axes.labelling import LABELLED, label, unlabel
from taste.axes.personal import features_for
from taste.axes.scoring import score
from taste.models import Axis, TrackScore

TRACK_ID = OpenApiParameter("track_id", int, OpenApiParameter.PATH, description="The number of a track.")
LABEL_AXES = [(axis.value, axis.label) for axis in LABELLED]
A_SCORE: dict[str, Any] = {
    "track": 210,
    "axes": [
        {
            "axis": "energy",
            "value": 0.71,
            "confidence": 0.84,
            "source": "audio",
            "method": "loudness, onsets, flux, entropy, little steady tones; musicnn: loud, fast against quiet, slow",
        }
    ],
}
A_LABEL: dict[str, Any] = {"track": 210, "axis": "energy", "value": 0.8, "new": True, "axes": {"energy": 0.8}}


class AxisAnswer(Answer):
    axis = serializers.CharField(help_text=", ".join(Axis.values))
    value = serializers.FloatField(
        help_text="0 to 1; BPM for tempo, LUFS for loudness, 0 C to 11 B or -1 for key, 1 major or 0 minor for mode."
    )
    confidence = serializers.FloatField(help_text="0 guessed to 1 measured.")
    source = serializers.ChoiceField(choices=TrackScore.Source.choices)  # type: ignore[assignment]
    method = serializers.CharField(help_text="How the value came about.")


@shown_as(A_SCORE)
class ScoreAnswer(Answer):
    """What a track is on each axis; axes of which nobody says anything are absent."""

    track = serializers.IntegerField()
    axes = AxisAnswer(many=True)


def track_or_404(track_id: int) -> Track:
    """The track, or the one that it became part of."""
    track = Track.objects.filter(pk=track_id).first() if 0 < track_id <= BIGGEST_ID else None
    if track is None:
        raise Http404
    return standing(track)


class ScoreTrack(Endpoint):
    needs_caller = True

    @extend_schema(
        tags=["taste"],
        operation_id="score_track",
        summary="Score a track anew",
        description="Puts a track on the axes from what is stored of it: the measurement of its file, what models hear "
        "in it, its tags, and what others say. Reads no file and asks nobody. The same call twice changes nothing.",
        parameters=[TRACK_ID],
        request=asks(Person, {"For a member, with the service token": {"user": "rin"}}),
        responses=answers({200: ScoreAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request, track_id: int) -> Response:
        body, now = Person(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            acting_member_or_service(request, body.validated_data, now=now)
            track = track_or_404(track_id)
            best = score(track=track, now=now)
        axes = [best[axis] for axis in AXES if axis in best]
        return Response(ScoreAnswer({"track": track.pk, "axes": axes}).data)


class LabelGiven(Person):
    """value: null takes back what was said."""

    track = RowIdField(help_text="The number of a track.")
    axis = serializers.ChoiceField(choices=LABEL_AXES)
    value = serializers.FloatField(
        min_value=0, max_value=1, allow_null=True, help_text="0 to 1; null takes back what was said."
    )


@shown_as(A_LABEL)
class LabelAnswer(Answer):
    """What the member says now, and the track's axes as they hear them."""

    track = serializers.IntegerField()
    axis = serializers.ChoiceField(choices=LABEL_AXES)
    value = serializers.FloatField(allow_null=True)
    new = serializers.BooleanField(help_text="Whether nothing had been said of this axis before.")
    axes = serializers.DictField(child=serializers.FloatField(), help_text="By name, those that are known.")


class Labels(Endpoint):
    needs_caller = True

    @extend_schema(
        tags=["taste"],
        operation_id="labels",
        summary="Say what a track is",
        description="Sets what the member says of a track on one axis, over what they said before. It holds for that "
        "member alone, at once: for this track as it was said, for others as far as it can be learnt from.",
        request=asks(LabelGiven, {"Quite energetic": {"track": 210, "axis": "energy", "value": 0.8}}),
        responses=answers({200: LabelAnswer, 201: LabelAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request) -> Response:
        body, now = LabelGiven(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            member = acting_member(request, given, now=now)
            track = track_or_404(given["track"])
            is_new = False
            if given["value"] is None:
                unlabel(by=member, track=track, axis=given["axis"])
            else:
                _, is_new = label(by=member, track=track, axis=given["axis"], value=given["value"], now=now)
        axes = {name: round(value, 4) for name, value in features_for(member, [track.pk]).get(track.pk, {}).items()}
        answer = {"track": track.pk, "axis": given["axis"], "value": given["value"], "new": is_new, "axes": axes}
        return Response(LabelAnswer(answer).data, status=201 if is_new else 200)


urlpatterns: list[URLPattern] = [
    path("score/track/<int:track_id>", ScoreTrack.as_view(), name="score_track"),
    path("labels", Labels.as_view(), name="labels"),
]

"""`users/{a}/compatibility/{b}`: how well two members match."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import URLPattern, re_path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import DUMMY, AlbumAnswer
from listening.api.answers import PORTISHEAD, ArtistAnswer
from sidetrack.api.describing import answers, shown_as
from sidetrack.api.serializers import Answer, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import viewer_of
from taste.api.recommendations import Recommendations
from taste.matching import showing

A = OpenApiParameter("a", str, OpenApiParameter.PATH, description="A member's handle, in capitals or not.")
B = OpenApiParameter("b", str, OpenApiParameter.PATH, description="Another member's handle.")
A_MATCH: dict[str, Any] = {
    "score": 78.4,
    "word": "Close",
    "enough": True,
    "shared_artists": [PORTISHEAD],
    "shared_albums": [DUMMY],
    "reasons": [
        {
            "term": "artists",
            "text": "61 artists stand among the most played of both: …",
            "standing": 0.97,
            "weight": 0.35,
        }
    ],
    "computed_at": "2025-11-20T03:20:00Z",
}


class ReasonAnswer(Answer):
    term = serializers.ChoiceField(choices=["artists", "genres", "profile", "ratings"])
    text = serializers.CharField()
    standing = serializers.FloatField(help_text="0 to 1: the share of random pairs that have less of it.")
    weight = serializers.FloatField(help_text="In the score; the weights of those that are known are made to sum to 1.")


@shown_as(A_MATCH)
class CompatibilityAnswer(Answer):
    """The same whichever member is named first. Music is named where both members' listens are open to the caller."""

    score = serializers.FloatField(allow_null=True, help_text="0 to 100; 50 is a random pair; null: too little known.")
    word = serializers.CharField(help_text="The score in a word; empty where there is none.")
    enough = serializers.BooleanField(source="is_enough", help_text="Whether there is enough to compare.")
    shared_artists = ArtistAnswer(many=True, help_text="Those that say most, at most 20.")
    shared_albums = AlbumAnswer(many=True, help_text="Those that both play most, at most 20.")
    reasons = ReasonAnswer(many=True)
    computed_at = UtcDateTimeField()


class CompatibilityOfTwo(Endpoint):
    @extend_schema(
        tags=["taste"],
        operation_id="users_compatibility",
        summary="How well two members match",
        description=(
            "Both members let themselves be compared, and both tastes are open to the caller (without a token: their "
            "listens and ratings, too), else there is nothing here (404)."
        ),
        parameters=[A, B],
        responses=answers({200: CompatibilityAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request, a: str, b: str) -> Response:
        viewer = viewer_of(request)
        shown = showing.comparable(viewer)
        first, second = (shown.by_handle(handle).first() for handle in (a, b))
        if first is None or second is None:
            raise Http404
        if first == second:
            raise ValidationError({"b": ["Name two different members."]})
        match = showing.shown_to(first, second, viewer, now=timezone.now())
        if match is None:
            raise Http404
        return Response(CompatibilityAnswer(match, context={"request": request}).data)


HANDLE = "[A-Za-z0-9_]{2,32}"
urlpatterns: list[URLPattern] = [
    re_path(
        rf"^users/(?P<a>{HANDLE})/compatibility/(?P<b>{HANDLE})$",
        CompatibilityOfTwo.as_view(),
        name="users_compatibility",
    ),
    re_path(rf"^users/(?P<handle>{HANDLE})/recommendations$", Recommendations.as_view(), name="users_recommendations"),
]

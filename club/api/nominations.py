"""`club/weeks/{number}/nominations`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import AlbumNamed, album_by_id, album_named
from club.api.answers import NominatedAnswer, NominationAnswer, context_for
from club.api.lookups import week_or_404
from club.models import Nomination
from club.nominating import nominate
from sidetrack.api.describing import WEEK_NUMBER, answers, asks
from sidetrack.api.serializers import RowIdField
from sidetrack.api.views import ListEndpoint
from social.acting import Person, acting_member


class NewNomination(Person):
    album = AlbumNamed(required=False, help_text="An album by name; unknown ones are made, and looked up later.")
    album_id = RowIdField(required=False, help_text="An album that Sidetrack knows, instead of `album`.")
    pitch = serializers.CharField(required=False, allow_blank=True, max_length=2000, help_text="Why this one.")
    pitch_track = serializers.CharField(required=False, allow_blank=True, max_length=300, help_text="By its name.")
    pitch_track_url = serializers.URLField(required=False, allow_blank=True, max_length=500)
    genre = serializers.CharField(required=False, allow_blank=True, max_length=80)
    decade = serializers.CharField(required=False, allow_blank=True, max_length=16)
    country = serializers.CharField(required=False, allow_blank=True, max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("album" in attrs) == ("album_id" in attrs):
            raise serializers.ValidationError({"album": ["Send either album or album_id."]})
        return attrs


class Nominations(ListEndpoint[Nomination]):
    serializer_class = NominationAnswer
    filter_backends = []

    def get_queryset(self) -> QuerySet[Nomination]:
        standing = Nomination.objects.standing().select_related("album__artist", "user", "week")
        return standing.order_by("created_at", "id")

    @extend_schema(
        tags=["club"],
        operation_id="nominations_list",
        summary="The nominations of a week, the earliest first",
        parameters=[WEEK_NUMBER],
        responses=answers({200: NominationAnswer(many=True)}, 400, 401, 403, 404),
    )
    def get(self, request: Request, number: int) -> Response:
        page = self.paginate_queryset(self.get_queryset().filter(week=week_or_404(number))) or []
        context = context_for(request, [nomination.user_id for nomination in page])
        return self.get_paginated_response(NominationAnswer(page, many=True, context=context).data)

    @extend_schema(
        tags=["club"],
        operation_id="nominations_create",
        summary="Nominate an album",
        description="It never waits for MusicBrainz: ids and cover come later. The same member and album again gives "
        "200. Refused (409): `nomination_limit`, `already_nominated` (by somebody else), `wrong_phase`.",
        request=asks(
            NewNomination,
            {
                "By name, for a member named by Discord id": {
                    "discord_id": "80351110224678912",
                    "display_name": "Ana",
                    "album": {"title": "Dummy", "artist": "Portishead", "year": 1994},
                    "pitch": "Best heard after midnight.",
                },
                "By id, for oneself": {"album_id": 17},
            },
        ),
        parameters=[WEEK_NUMBER],
        responses=answers({201: NominatedAnswer, 200: NominatedAnswer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, number: int) -> Response:
        now = timezone.now()
        week = week_or_404(number)
        body = NewNomination(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        with transaction.atomic():
            member = acting_member(request, given, now=now)
            album = album_by_id(given["album_id"]) if "album_id" in given else album_named(given["album"])
            words = {name: given[name] for name in WORDS if name in given}
            result = nominate(member=member, week=week, album=album, now=now, **words)
        context = {"request": request, "shown": {member.pk}, "warnings": result.warnings}
        return Response(NominatedAnswer(result.nomination, context=context).data, status=201 if result.created else 200)


WORDS = ("pitch", "pitch_track", "pitch_track_url", "genre", "decade", "country")

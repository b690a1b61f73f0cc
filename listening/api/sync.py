"""REST: accounts elsewhere are read now, and tags fetched now. Both are jobs: the answer says what was queued."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from listening.clients import lastfm
from listening.models import SyncState
from listening.syncing.asking import ask_for_reading
from listening.syncing.sources import SOURCES
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer, Body, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_member, acting_member_or_service

TAGS_REST_S = 60  # one run for each caller a minute: it is bounded, and the rest comes by itself


class SwitchedOff(APIException):
    status_code = 503
    default_code = "unavailable"


class Since(Body):
    since = UtcDateTimeField(required=False, help_text="Without a zone it is UTC.")

    def validate_since(self, value: Any) -> Any:
        if value > timezone.now():
            raise serializers.ValidationError("This lies in the future.")
        return value


def since_of(request: Request) -> Any:
    query = Since(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return query.validated_data.get("since")


AN_ACCOUNT = {
    "source": "lastfm",
    "account": "rin_fm",
    "status": "ok",
    "queued": True,
    "last_ingested_at": "2025-11-24T20:00:00Z",
    "message": "",
}


@shown_as(AN_ACCOUNT)
class AccountAnswer(Answer):
    """One account, as it stood when its reading was queued."""

    source = serializers.ChoiceField(choices=[*SOURCES])  # type: ignore[assignment]
    account = serializers.CharField(source="account_name", help_text="Its name there.")
    status = serializers.ChoiceField(choices=SyncState.Status.choices)
    queued = serializers.SerializerMethodField(help_text="False where the service is switched off here.")
    last_ingested_at = UtcDateTimeField(allow_null=True, help_text="All plays up to here are held.")
    message = serializers.SerializerMethodField(help_text="What is wrong, and what to do; empty when all is well.")

    def get_queued(self, state: SyncState) -> bool:
        return not SOURCES[state.source].missing()

    def get_message(self, state: SyncState) -> str:
        source = SOURCES[state.source]
        return f"{source.label} is switched off on this site." if source.missing() else state.error


@shown_as({"accounts": [AN_ACCOUNT]})
class AccountsAnswer(Answer):
    accounts = AccountAnswer(many=True, help_text="Empty where the member has connected nothing that is read.")


class IngestListens(Endpoint):
    @extend_schema(
        tags=["listens"],
        operation_id="ingest_listens",
        summary="Read my accounts now",
        description="Queues a reading of the member's Last.fm, ListenBrainz and Spotify accounts. New listens appear "
        "when the job has run; asking again meanwhile does no harm.",
        parameters=[
            OpenApiParameter(
                "since", str, description="Read again from there on, even what is held: 2025-11-01T00:00:00Z."
            )
        ],
        request=asks(Person, {"For a member, with the service token": {"user": "rin"}}),
        responses=answers({202: AccountsAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request) -> Response:
        body, since, now = Person(data=request.data), since_of(request), timezone.now()
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            member = acting_member(request, body.validated_data, now=now)
            states = ask_for_reading(user=member, now=now, since=since)
        return Response(AccountsAnswer({"accounts": states}).data, status=202)


@shown_as({"queued": True, "message": ""})
class TagsAnswer(Answer):
    queued = serializers.BooleanField()
    message = serializers.CharField(help_text="Why nothing was queued; empty when it was.")


class SyncTags(Endpoint):
    @extend_schema(
        tags=["listens"],
        operation_id="tags_lastfm_sync",
        summary="Fetch tags from Last.fm",
        description="Queues a look at Last.fm for the top tags of the artists, albums and tracks that the member plays "
        "most and that have none yet. With the service token and no member: of everybody's music.",
        parameters=[OpenApiParameter("since", str, description="Only what was heard from there on.")],
        request=asks(Person, {"For a member, with the service token": {"user": "rin"}}),
        responses=answers({202: TagsAnswer}, 400, 401, 403, 404, 503),
    )
    def post(self, request: Request) -> Response:
        body, since, now = Person(data=request.data), since_of(request), timezone.now()
        body.is_valid(raise_exception=True)
        if variable := lastfm.missing():
            raise SwitchedOff(f"Last.fm is off on this site: {variable} is not set.")
        with transaction.atomic():
            member = acting_member_or_service(request, body.validated_data, now=now)
        user_id = member.pk if member else None
        if not cache.add(f"listening:tags:{user_id or 'all'}", 1, timeout=TAGS_REST_S):
            return Response(TagsAnswer({"queued": False, "message": "It was queued a moment ago."}).data, status=202)
        async_task("listening.syncing.tasks.sync_tags", user_id, since.isoformat() if since else None)
        return Response(TagsAnswer({"queued": True, "message": ""}).data, status=202)

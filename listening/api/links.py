"""REST: a member's own accounts elsewhere are linked, listed and unlinked, by the functions of `listening.linking`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from listening.linking import coming_back, leaving
from listening.linking.errors import NotLinked
from listening.linking.showing import Connection, connections_of, sign_ins_of
from listening.linking.unlinking import unlink
from listening.models import Source, SyncState
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.errors import teach
from sidetrack.api.serializers import Answer, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import HEADER, Person, acting_member, named_member
from social.authentication import IsKnown
from social.identity import sign_in_is_on
from social.models import LinkedAccount, User

teach(NotLinked, {"switched_off": 503, "no_answer": 503, "wrong_token": 400, "unknown_service": 404}, otherwise=409)

PROVIDER = OpenApiParameter(
    "provider", str, OpenApiParameter.PATH, enum=list(LinkedAccount.Provider.values), description="The service."
)


@shown_as({"authorize_url": "https://the.service/where/the/member/agrees?…"})
class AddressAnswer(Answer):
    authorize_url = serializers.CharField(
        help_text="Where the member agrees, once, within 20 minutes, in a browser in which they are signed in here."
    )


A_LINK = {
    "provider": "lastfm",
    "account": "rin_fm",
    "is_linked": True,
    "linked_at": "2025-11-17T20:00:00Z",
    "ends_at": None,
    "is_read": True,
    "is_on": True,
    "status": "ok",
    "last_read_at": "2025-11-24T20:00:00Z",
    "next_read_at": "2025-11-24T20:05:00Z",
    "message": "",
}


@shown_as(A_LINK)
class LinkAnswer(Answer):
    """One service: whose account is linked there, and, where it is read, how that stands. Never a token."""

    provider = serializers.ChoiceField(choices=LinkedAccount.Provider.choices)
    account = serializers.CharField(help_text="Its name there; empty where none is linked.")
    is_linked = serializers.BooleanField()
    linked_at = UtcDateTimeField(allow_null=True, help_text="When its owner proved it, or permitted it last.")
    ends_at = UtcDateTimeField(allow_null=True, help_text="When the permission ends, where it does.")
    is_read = serializers.BooleanField(help_text="Whether listens are read there.")
    is_on = serializers.BooleanField(help_text="False where the service is switched off on this site.")
    status = serializers.ChoiceField(choices=SyncState.Status.choices, allow_null=True)
    last_read_at = UtcDateTimeField(allow_null=True)
    next_read_at = UtcDateTimeField(allow_null=True)
    message = serializers.CharField(help_text="What is wrong, and what to do; empty when all is well.")


@shown_as({"links": [A_LINK]})
class LinksAnswer(Answer):
    links = LinkAnswer(many=True, help_text="Services that can be read, linked or not; then accounts to sign in with.")


class ListenBrainzLink(Person):
    token = serializers.CharField(max_length=200, write_only=True, help_text="From listenbrainz.org/settings.")


def read_account(each: Connection) -> dict[str, Any]:
    state, link = each.state, each.link
    stands = state if not each.is_stopped else None
    return {
        "provider": each.source,
        "account": each.account,
        "is_linked": each.is_linked,
        "linked_at": (link.authorised_at or link.verified_at) if link else None,
        "ends_at": each.ends_at,
        "is_read": bool(each.account),
        "is_on": not each.is_off,
        "status": state.status if state else None,
        "last_read_at": state.last_success_at if state else None,
        "next_read_at": stands.due_at if stands else None,
        "message": (state.error if state else "") or each.warning,
    }


def sign_in_account(link: LinkedAccount) -> dict[str, Any]:
    return {
        "provider": link.provider,
        "account": link.name_there,
        "is_linked": True,
        "linked_at": link.verified_at,
        "ends_at": None,
        "is_read": False,
        "is_on": sign_in_is_on(link.provider),
        "status": None,
        "last_read_at": None,
        "next_read_at": None,
        "message": "" if link.verified_at else "Not proved yet: sign in with it.",
    }


def links_of(member: User) -> list[dict[str, Any]]:
    read = [read_account(each) for each in connections_of(member, now=timezone.now())]
    return [*read, *(sign_in_account(link) for link in sign_ins_of(member))]


class _AuthoriseLink(Endpoint):
    """Its subclasses name the service."""

    provider = ""

    def address(self, request: Request) -> Response:
        body, now = Person(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            member = acting_member(request, body.validated_data, now=now)
            address = leaving.authorise_address(member=member, provider=self.provider, now=now)
        return Response(AddressAnswer({"authorize_url": address}).data)


FOR_A_MEMBER = {"For a member, with the service token": {"user": "rin"}}
WHERE_TO = (
    "Answers the service's own page on which the member agrees. It leads back here, where the account is linked if the "
    "browser is signed in as the same member; it is good once, for 20 minutes."
)


class SpotifyLink(_AuthoriseLink):
    provider = Source.SPOTIFY

    @extend_schema(
        tags=["accounts"],
        operation_id="auth_spotify_link",
        summary="Link Spotify",
        description=WHERE_TO,
        request=asks(Person, FOR_A_MEMBER),
        responses=answers({200: AddressAnswer}, 400, 401, 403, 404, 503),
    )
    def post(self, request: Request) -> Response:
        return self.address(request)


class LastfmLink(_AuthoriseLink):
    provider = Source.LASTFM

    @extend_schema(
        tags=["accounts"],
        operation_id="auth_lastfm_link",
        summary="Link Last.fm",
        description=WHERE_TO,
        request=asks(Person, FOR_A_MEMBER),
        responses=answers({200: AddressAnswer}, 400, 401, 403, 404, 503),
    )
    def post(self, request: Request) -> Response:
        return self.address(request)


class LinkListenBrainz(Endpoint):
    @extend_schema(
        tags=["accounts"],
        operation_id="auth_listenbrainz_link",
        summary="Link ListenBrainz",
        description="ListenBrainz is asked whose token this is, and the account is linked and read. The token is "
        "stored encrypted and never answered.",
        request=asks(ListenBrainzLink, {"A user token": {"token": "6f1c…"}}),
        responses=answers({200: LinkAnswer}, 400, 401, 403, 404, 409, 503),
    )
    def post(self, request: Request) -> Response:
        body, now = ListenBrainzLink(data=request.data), timezone.now()
        body.is_valid(raise_exception=True)
        person = dict(body.validated_data)
        token = person.pop("token")
        with transaction.atomic():  # ended before ListenBrainz is asked
            member = acting_member(request, person, now=now)
        coming_back.link_listenbrainz(member=member, token=token, now=now)
        (linked,) = (each for each in links_of(member) if each["provider"] == Source.LISTENBRAINZ)
        return Response(LinkAnswer(linked).data)


class Links(Endpoint):
    permission_classes = [IsKnown]
    needs_caller = True

    @extend_schema(
        tags=["accounts"],
        operation_id="auth_links",
        summary="My linked accounts",
        description=f"How each account stands; with the service token, of the member in `{HEADER}`.",
        responses=answers({200: LinksAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        return Response(LinksAnswer({"links": links_of(named_member(request))}).data)


class Unlink(Endpoint):
    @extend_schema(
        tags=["accounts"],
        operation_id="auth_links_delete",
        summary="Unlink an account",
        description="Forgets the account and its tokens; listens stay. The same call twice changes nothing.",
        parameters=[PROVIDER],
        request=None,
        responses=answers({204: None}, 400, 401, 403, 404, 409),
    )
    def delete(self, request: Request, provider: str) -> Response:
        if provider not in LinkedAccount.Provider.values:
            raise Http404
        with transaction.atomic():
            member = acting_member(request, {}, now=timezone.now())
            unlink(member=member, provider=provider)
        return Response(status=204)

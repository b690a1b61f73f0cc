"""People in REST: `users/me`, `users/{handle}`, and how a person looks in every other answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import re_path
from django.urls.resolvers import URLPattern
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sidetrack.api.describing import answers, shown_as
from sidetrack.api.errors import teach
from sidetrack.api.serializers import Answer, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import HEADER, named_member, viewer_of
from social.authentication import IsKnown
from social.errors import Refused
from social.models import User
from social.visibility import Visibility

teach(Refused, {"not_a_moderator": 403, "superuser": 403, "reason_needed": 400, "bad_address": 400}, otherwise=409)


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "social.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "A signed-in browser. Writing needs the CSRF token in the header `X-CSRFToken` too.",
        }


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "social.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token (it acts for its own member; made in your settings), or the site's "
            "service token (it acts for any member named in the body or in `X-User-Id`).",
        }


ANA = {"handle": "ana", "display_name": "Ana", "url": "https://club.example/@ana/"}
ANA_WHOLE = {
    **ANA,
    "bio": "Mostly trip hop.",
    "avatar_url": None,
    "joined_at": "2025-03-02T19:20:00Z",
}
ANA_HERSELF = {
    **ANA_WHOLE,
    "timezone": "Europe/Berlin",
    "visibility": "members",
    "club_visibility": "public",
    "is_moderator": False,
    "linked": ["discord"],
}


class PersonAnswer(Answer):
    handle = serializers.CharField()
    display_name = serializers.CharField(source="__str__")
    url = serializers.SerializerMethodField(help_text="The member's page.")

    def get_url(self, member: User) -> str:
        address: str = self.context["request"].build_absolute_uri(member.get_absolute_url())
        return address


@extend_schema_field(PersonAnswer(allow_null=True))
class ShownPerson(serializers.Field[User, None, dict[str, Any] | None, Any]):
    """A member, or null where the reader may not see who it is: the view puts the ids of those shown in the context."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, member: User) -> dict[str, Any] | None:
        if member.pk not in self.context["shown"]:
            return None
        return dict(PersonAnswer(member, context=self.context).data)


@shown_as(ANA_WHOLE)
class MemberAnswer(PersonAnswer):
    bio = serializers.CharField()
    avatar_url = serializers.SerializerMethodField(help_text="Null where there is no picture.")
    joined_at = UtcDateTimeField(source="date_joined")

    def get_avatar_url(self, member: User) -> str | None:
        return self.context["request"].build_absolute_uri(member.avatar.url) if member.avatar else None


@shown_as(ANA_HERSELF)
class MeAnswer(MemberAnswer):
    timezone = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    club_visibility = serializers.ChoiceField(choices=Visibility.choices)
    is_moderator = serializers.BooleanField()
    linked = serializers.SerializerMethodField(help_text="Services at which an account is linked.")

    def get_linked(self, member: User) -> list[str]:
        return list(member.linked_accounts.values_list("provider", flat=True))


class Me(Endpoint):
    permission_classes = [IsKnown]
    needs_caller = True

    @extend_schema(
        tags=["people"],
        operation_id="users_me",
        summary="Who am I",
        description=f"The caller's own profile; with the service token, that of the member in `{HEADER}`.",
        responses=answers({200: MeAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member = named_member(request)
        return Response(MeAnswer(member, context={"request": request}).data)


class Member(Endpoint):
    @extend_schema(
        tags=["people"],
        operation_id="users_retrieve",
        summary="A member",
        description="Whoever the caller may not see does not exist for them (404).",
        parameters=[OpenApiParameter("handle", str, OpenApiParameter.PATH, description="In capitals or not.")],
        responses=answers({200: MemberAnswer}, 401, 403, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        member = User.objects.by_handle(handle).filter(is_active=True).visible_to(viewer_of(request)).first()
        if member is None:
            raise Http404
        return Response(MemberAnswer(member, context={"request": request}).data)


urlpatterns: list[URLPattern] = [
    re_path(r"^users/me$", Me.as_view(), name="users_me"),
    re_path(r"^users/(?P<handle>[A-Za-z0-9_]{2,32})$", Member.as_view(), name="users_retrieve"),
]

"""Who calls REST: a member by session or personal token, or the holder of the service token.

`request.user` is the member (anonymous for visitors and for the service token); `request.auth` is the `PersonalToken`,
`SERVICE`, or None for a session and for visitors. For whom a call acts is decided in `social.acting`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from social.models import PersonalToken, User
from social.tokens import token_for

if TYPE_CHECKING:  # it imports this module by its settings
    from rest_framework.views import APIView


@dataclass(frozen=True)
class Service:
    """The holder of SIDETRACK_API_TOKEN: the bot, an importer, an operator's script."""


SERVICE = Service()


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <SIDETRACK_API_TOKEN or a personal token>`."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, PersonalToken | Service] | None:
        scheme, _, raw = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        raw = raw.strip()
        expected = settings.SIDETRACK_API_TOKEN
        if expected and secrets.compare_digest(raw.encode(), expected.encode()):
            return AnonymousUser(), SERVICE
        if token := token_for(raw, now=timezone.now()):
            return token.user, token
        raise AuthenticationFailed("This token is unknown, revoked or over.", code="invalid_token")

    def authenticate_header(self, request: Request) -> str:
        """Being there makes DRF answer 401, not 403, to whoever shows nothing."""
        return 'Bearer realm="Sidetrack"'


class SessionAuthentication(authentication.SessionAuthentication):
    """A member's browser; what it writes needs the CSRF token in `X-CSRFToken`."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            message = "Send the CSRF token of the cookie in the header X-CSRFToken."
            raise PermissionDenied(message, code="csrf_failed") from None


def is_service(request: Request) -> bool:
    return isinstance(request.auth, Service)


class MayAct(BasePermission):
    """Everybody may read what is public; writing takes a session, a token that may write, or the service token."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return True
        if isinstance(request.auth, PersonalToken) and request.auth.scope != PersonalToken.Scope.WRITE:
            raise PermissionDenied("This token may only read. Make one that may act for you.", code="read_only_token")
        return is_service(request) or bool(request.user.is_authenticated)


class IsKnown(BasePermission):
    """Not for visitors."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_service(request) or bool(request.user.is_authenticated)

"""What a request knows about its member."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from social import sessions


class MemberTimezoneMiddleware:
    """Shows times where the member lives; visitors see the site's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            with timezone.override(zoneinfo.ZoneInfo(request.user.timezone)):
                return self.get_response(request)
        return self.get_response(request)


class LastSeenMiddleware:
    """Notes, every few minutes at most, that a member's browser was here: for the list of their sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            sessions.seen(request, timezone.now())
        return self.get_response(request)

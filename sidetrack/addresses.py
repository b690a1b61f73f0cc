"""Addresses that cannot be meant."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class RefuseNulMiddleware:
    """No row of ours holds a NUL character, and PostgreSQL raises where it is asked for one: 400 instead of 500.

    Forms and the API's bodies refuse it themselves, with a message at the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL character in an address.")
        return self.get_response(request)

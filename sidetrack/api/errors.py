"""Every refusal below /api/ is JSON of one shape: {"error": {"code", "message", "fields"?}}.

An app whose functions refuse with their own family of exceptions teaches it here once, from its `api` module:

    teach(ClubRuleBroken, {"suspended": 403}, otherwise=409)
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

logger = logging.getLogger("sidetrack.api")

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_often",
    500: "server_error",
    503: "unavailable",
}
WORDS = {
    400: "The request could not be understood.",
    401: "Sign in, or send a token: Authorization: Bearer <token>.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    413: "The body is too large.",
    500: "Something went wrong on our side. Nothing was changed; the operator has been told.",
    503: "The service cannot answer just now. Try again in a moment.",
}

_families: dict[type[Exception], tuple[Mapping[str, int], int]] = {}


def teach(family: type[Exception], status_of: Mapping[str, int], *, otherwise: int = 409) -> None:
    """Answer exceptions of `family` (which have `message` and `code`) with the status of their code."""
    _families[family] = (status_of, otherwise)


def error_body(code: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return {"error": error}


def error_page(request: HttpRequest, status: int) -> JsonResponse:
    """The answer of an error handler of the site for an address below /api/."""
    return JsonResponse(error_body(CODES[status], WORDS[status]), status=status)


@csrf_exempt  # a refusal changes nothing, and its answer is 404 for every method
def unknown_address(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Whatever no endpoint answers; unversioned and slashed addresses are not served either."""
    return error_page(request, 404)


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Messages by field, nested ones as `album.title`; what concerns no single field stands under `body`."""
    if isinstance(detail, dict):
        fields: dict[str, list[str]] = {}
        for key, value in detail.items():
            inner = path if key == api_settings.NON_FIELD_ERRORS_KEY else f"{path}.{key}".lstrip(".")
            for name, messages in flatten(value, inner).items():
                fields.setdefault(name, []).extend(messages)
        return fields
    if isinstance(detail, list):
        fields = {}
        for each in detail:
            for name, messages in flatten(each, path).items():
                fields.setdefault(name, []).extend(messages)
        return fields
    return {path or "body": [str(detail)]}


def first_sentence(fields: dict[str, list[str]]) -> str:
    """What a person reads first: the first message, with its field where there is one."""
    name, messages = next(iter(fields.items()), ("body", [WORDS[400]]))
    return messages[0] if name == "body" else f"{name}: {messages[0]}"


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever an endpoint raised into an answer; DRF calls it (EXCEPTION_HANDLER)."""
    for family in type(error).__mro__:
        if family in _families:
            status_of, otherwise = _families[family]
            refusal = cast(Any, error)
            return Response(error_body(refusal.code, refusal.message), status=status_of.get(refusal.code, otherwise))
    match error:
        case exceptions.ValidationError():
            fields = flatten(error.detail)
            return Response(error_body(CODES[400], first_sentence(fields), fields), status=400)
        case ValidationError():
            fields = flatten(error.message_dict if hasattr(error, "error_dict") else error.messages)
            return Response(error_body(CODES[400], first_sentence(fields), fields), status=400)
        case exceptions.APIException():
            return _answer(error)
        case Http404():
            return Response(error_body(CODES[404], WORDS[404]), status=404)
        case RequestDataTooBig():
            return Response(error_body(CODES[413], WORDS[413]), status=413)
        case PermissionDenied():
            return Response(error_body(CODES[403], str(error) or WORDS[403]), status=403)
    return _crash(error, context)


def _answer(error: exceptions.APIException) -> Response:
    given = getattr(error.detail, "code", "")
    code = given if given and given != error.default_code else CODES.get(error.status_code, error.default_code)
    headers: dict[str, str] = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.Throttled):
        message = f"Too often. Try again in {headers.get('Retry-After', 60)} seconds."
        return Response(error_body(code, message), status=429, headers=headers)
    says_nothing = str(error.detail) == str(error.default_detail)
    message = WORDS.get(error.status_code, str(error.detail)) if says_nothing else str(error.detail)
    return Response(error_body(code, message), status=error.status_code, headers=headers)


def _crash(error: Exception, context: dict[str, Any]) -> Response:
    """Our own fault: logged with its traceback, told to whoever listens for crashes, answered without details."""
    request = context.get("request")
    path = request.path if request else "?"
    logger.error("%s raised %s", path, type(error).__name__, exc_info=sys.exc_info())
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return Response(error_body(CODES[500], WORDS[500]), status=500)

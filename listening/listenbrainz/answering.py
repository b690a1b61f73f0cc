"""What makes a function an endpoint: methods, limits, errors as `{"code", "error"}`, headers for browser extensions.

No session, no cookie, no CSRF token: whoever holds the token is the member.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request

from listening.listenbrainz.calls import Call, Refusal
from listening.listenbrainz.documents import Invalid
from listening.tokens import note_use
from sidetrack.api.throttling import PerCaller
from sidetrack.pacing import counted
from social.errors import Refused

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Answer = Mapping[str, Any] | None  # None: 204, there is nothing to tell
Endpoint = Callable[Concatenate[Call, P], Answer]

WINDOW_S = 10
PER_MEMBER, PER_ADDRESS = 200, 60  # calls a window
EXPOSED = "X-RateLimit-Remaining,X-RateLimit-Limit,X-RateLimit-Reset,X-RateLimit-Reset-In"


def endpoint(*methods: str) -> Callable[[Endpoint[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A view of `Call` that answers a JSON object, for these methods (GET brings HEAD, all bring OPTIONS)."""
    allowed = sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})

    def make(ask: Endpoint[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @csrf_exempt
        @wraps(ask)
        def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                response = HttpResponse()
            elif request.method not in allowed:
                response = _failed(405, "The method is not allowed for the requested URL.")
            else:
                response = _answer(Call(request), lambda call: ask(call, *args, **kwargs))
            response["Allow"] = ", ".join(allowed)
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Allow-Methods"] = response["Allow"]
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response["Access-Control-Max-Age"] = "21600"
            response["Access-Control-Expose-Headers"] = EXPOSED
            return response

        return view

    return make


@endpoint("GET", "POST", "PUT", "PATCH", "DELETE")
def unknown_address(call: Call, rest: str = "") -> Answer:
    raise Refusal(404, "The requested URL was not found on the server.")


def _answer(call: Call, ask: Callable[[Call], Answer]) -> HttpResponse:
    try:
        limit, n_calls, left_s = _pace(call)
        response = _failed(429, "You have exceeded your rate limit.") if n_calls > limit else _asked(call, ask)
        response["X-RateLimit-Limit"] = str(limit)
        response["X-RateLimit-Remaining"] = str(max(limit - n_calls, 0))
        response["X-RateLimit-Reset-In"] = str(math.ceil(left_s))
        response["X-RateLimit-Reset"] = str(math.ceil(time.time() + left_s))
        if n_calls > limit:
            response["Retry-After"] = str(math.ceil(left_s))
    except OperationalError:  # a busy database: programs keep what a 503 refused, and come again
        logger.warning("The database could not answer a program", exc_info=True)
        return _failed(503, "The database is busy. Try again in a moment.")
    except Exception:
        logger.exception("A program's call failed")
        return _failed(500, "An unknown error occurred.")
    return response


def _pace(call: Call) -> tuple[int, int, float]:
    """How many calls a window this caller has, how many they made, and the seconds until the next window."""
    if call.token:
        return PER_MEMBER, *counted(f"listenbrainz:member:{call.token.user_id}", window_s=WINDOW_S)
    address = PerCaller().get_ident(cast("Request", call.request))  # it reads headers alone
    return PER_ADDRESS, *counted(f"listenbrainz:address:{address}", window_s=WINDOW_S)


def _asked(call: Call, ask: Callable[[Call], Answer]) -> HttpResponse:
    try:
        answer = ask(call)
    except Invalid as error:
        return _failed(400, str(error))
    except Refusal as refusal:
        return _failed(refusal.status, refusal.message)
    except Refused as refused:
        return _failed(401, refused.message)
    finally:
        if call.token:
            note_use(call.token, client=call.program(), now=call.now)
    return HttpResponse(status=204) if answer is None else JsonResponse(answer)


def _failed(status: int, message: str) -> HttpResponse:
    return JsonResponse({"code": status, "error": message}, status=status)

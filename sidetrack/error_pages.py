"""What somebody reads when a page cannot be shown: what happened, what to do, and the id that finds it in the logs.

Pages for 403, 404 and 429 are pages of the site. Those for 400 and 500 stand on their own: they ask neither the
database nor the request for anything, because either may be what is broken.
"""

from __future__ import annotations

import logging
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from sidetrack import slots
from sidetrack.logs import request_id

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Something broke</title>'
    "<h1>Something broke on our side</h1><p>Try again in a minute. Request {id}.</p></html>"
)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _as_json(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def _alone(template: str, status: int) -> HttpResponse:
    """A page without context processors; if even that fails, a sentence."""
    try:
        page: str = render_to_string(template, {"request_id": request_id.get()})
    except Exception:
        logger.exception("The page for error %s could not be drawn", status)
        page = LAST_RESORT.format(id=escape(request_id.get()))
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _wants_json(request):
        return _as_json(400, "invalid", "The request could not be read.")
    return _alone("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words for everything, so that nobody learns from them whether a thing exists."""
    if _wants_json(request):
        return _as_json(403, "permission_denied", "You may not do this.")
    return render(request, "403.html", {"request_id": request_id.get()}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Fillers of the slot `error:not_found` get the request and answer (address, words) of a page nearby, or None."""
    if _wants_json(request):
        return _as_json(404, "not_found", "There is nothing at this address.")
    nearby = list(slots.call("error:not_found", request))
    return render(request, "404.html", {"request_id": request_id.get(), "nearby": nearby}, status=404)


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Somebody pressed a button again and again, or tried many passwords."""
    if _wants_json(request):
        return _as_json(429, "too_often", "That was too often. Wait a minute.")
    response = render(request, "429.html", {"request_id": request_id.get()}, status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return _as_json(500, "server_error", f"Something broke on our side. Request {request_id.get()}.")
    page = _alone("500.html", 500)
    return HttpResponseServerError(page.content)


def csrf_failed(request: HttpRequest, reason: str = "", **_more: Any) -> HttpResponse:
    """A form that was open too long, or whose cookie is gone."""
    if _wants_json(request):
        return _as_json(403, "csrf_failed", "The CSRF token is missing or wrong.")
    return render(request, "403_csrf.html", {"request_id": request_id.get()}, status=403)

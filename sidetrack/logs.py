"""What is logged: one line a request, one id through all of its lines, as text or JSON, and never a secret.

The id stands in the answer's `X-Request-ID`, on error pages and in every line logged meanwhile. Addresses are logged
without their query; whatever looks like a token, or is one of our own, is blotted out before a line is written.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import iri_to_uri

request_id: ContextVar[str] = ContextVar("request_id", default="-")
logger = logging.getLogger("sidetrack.requests")
QUIET_PATHS = {"/health", "/ready"}  # asked every few seconds

_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
BLOT = "[hidden]"
_LOOKS_SECRET = re.compile(
    r"(?i)(\b(?:bearer|bot|basic|token)\s+|"
    r"\b(?:access_token|refresh_token|id_token|token|code|state|secret|client_secret|password|passwd|api_key|apikey|api_sig"
    r"|key|sk|sig|authorization)[\"']?\s*[=:]\s*(?:(?:bearer|bot|basic|token)\s+)?[\"']?)"
    r"([A-Za-z0-9._~+/=-]{8,})"
)
_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+]*://[^\s:/@]*:)([^\s@/]+)(@)")
OWN_SECRETS = (
    "SECRET_KEY",
    "SIDETRACK_API_TOKEN",
    "DISCORD_BOT_TOKEN",
    "DISCORD_CLIENT_SECRET",
    "GOOGLE_CLIENT_SECRET",
    "SPOTIFY_CLIENT_SECRET",
    "LASTFM_API_SECRET",
    "LASTFM_API_KEY",
    "LISTENBRAINZ_TOKEN",
)


class RequestIdMiddleware:
    """Keeps a proxy's id when it looks like one, else makes one; logs the request when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _ACCEPTABLE.match(given) else uuid.uuid4().hex[:16])
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            if request.path not in QUIET_PATHS:
                took_ms = round((time.monotonic() - started) * 1000)
                path = iri_to_uri(request.path)  # a line end in an address would write a line of its own
                logger.info("%s %s %s %d ms", request.method, path, response.status_code, took_ms)
            return response
        finally:
            request_id.reset(token)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class QuietPathsFilter(logging.Filter):
    """Leaves out Django's own error for a 503 of /ready: whoever asks reads the reasons in the answer."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path", "") not in QUIET_PATHS


@cache
def _own_secrets() -> tuple[str, ...]:
    found = {str(getattr(settings, name, "")) for name in OWN_SECRETS} | set(settings.FIELD_KEYS)
    return tuple(sorted((each for each in found if len(each) >= 8), key=len, reverse=True))


def without_secrets(text: str) -> str:
    """`text` with our own secrets, passwords in addresses and whatever follows `token=` and its like blotted out."""
    for secret in _own_secrets():
        text = text.replace(secret, BLOT)
    text = _IN_ADDRESS.sub(rf"\1{BLOT}\3", text)
    return _LOOKS_SECRET.sub(rf"\1{BLOT}", text)


class TextFormatter(logging.Formatter):
    """One line a message, for people."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime} {levelname:<7} {name} [{request_id}] {message}", style="{", defaults={"request_id": "-"}
        )

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, request id, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)

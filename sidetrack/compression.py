"""Compression of answers that the web process makes; static files are compressed beforehand by whitenoise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

ALSO_TEXT = (
    "application/json",
    "application/atom+xml",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
)


class TextGZipMiddleware(GZipMiddleware):
    """Compresses text; pictures and archives are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind in ALSO_TEXT or kind.endswith("+json"):
            return super().process_response(request, response)
        return response

"""Pages that many visitors read: made once for each change of what they show, kept, and answered with 304.

What is shown has one number that moves with every change: whoever owns it fills the slot "pages:revision".

A visitor is whoever carries neither a session nor a message for the next page. Only visitors are served from the
kept copies, and only a plain answer of a visitor is kept: no cookie set, no CSRF token drawn, status 200. Everybody
else gets a page of their own, marked private.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

import sidetrack
from sidetrack import slots
from sidetrack.theme import theme_of

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
VARY = ("Cookie", "HX-Request", "Accept-Encoding")
GZIP_LEVEL = 6
KEEP_PIECES_S = 600
KEEP_AT_MOST = 512_000  # bytes; a longer page is made each time rather than push hundreds of others out


@dataclass(frozen=True, slots=True)
class Copy:
    """One page as it went out, plain and compressed."""

    content_type: str
    plain: bytes
    gzipped: bytes


def is_visitor(request: HttpRequest) -> bool:
    """Nothing on the page can be about whoever asks: no session, no message waiting in a cookie."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


@lru_cache(maxsize=1)
def build() -> str:
    """Changes with the code and with any static file, so that a new release never answers with old pages."""
    return f"{sidetrack.__version__}:{getattr(staticfiles_storage, 'manifest_hash', '')}"


def revision_of(request: HttpRequest | None) -> int:
    """The number of what is shown now, asked once a request: all pieces of a page stand for one state."""
    if request is None:
        return sum(slots.call("pages:revision"))
    if not hasattr(request, "pages_revision"):
        request.pages_revision = sum(slots.call("pages:revision"))  # type: ignore[attr-defined]
    return int(request.pages_revision)  # type: ignore[attr-defined]


def kept(request: HttpRequest | None, depends: Sequence[object], make: Callable[[], T]) -> T:
    """What `make` answers, made once for each state of what is shown: only for what is the same whoever asks.

    depends: a name, and all that the answer depends on besides the revision, the release and the language.
    """
    parts = (build(), revision_of(request), get_language(), *depends)
    key = f"piece:{hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"
    made: T | None = cache.get(key)
    if made is None:
        made = make()
        cache.set(key, made, KEEP_PIECES_S)
    return made


def address_of(request: HttpRequest, parameters: Collection[str]) -> str:
    """The address in one spelling: parameters sorted, and without the empty ones and those the page does not read."""
    given = parse_qsl(request.META.get("QUERY_STRING", ""))
    read = urlencode(sorted((name, value) for name, value in given if value and name in parameters))
    return f"{request.path}?{read}" if read else request.path


def htmx_part(request: HttpRequest) -> str:
    """The id of the part that htmx puts in place; empty when a whole page is wanted."""
    return request.headers.get("HX-Target", "")[:40] if request.headers.get("HX-Request") == "true" else ""


def key_of(request: HttpRequest, address: str, seconds: int) -> str:
    """What a copy depends on: address, revision, colours, whole page or part, release, and the clock.

    The clock moves every `seconds`, for the words that age by themselves ("in 2 days").
    """
    slot = int(timezone.now().timestamp()) // seconds
    part = htmx_part(request)
    parts = (build(), request.get_host(), address, revision_of(request), theme_of(request), part, slot)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def fresh_for_visitors(
    *, seconds: int = 300, reads: Collection[str] = (), parts: Collection[str] = (), free: Collection[str] = ()
) -> Callable[[View[P]], View[P]]:
    """Serve visitors a kept copy until something changes, or for `seconds` at most.

    reads: the query parameters that change the page; any other (a campaign's mark) leads to the same copy, whose own
    links find this one spelling in `request.one_spelling`.
    parts: the ids that htmx may ask for alone.
    free: those of `reads` that anybody may fill with anything: with one of them the page is made each time, so that
    nobody fills the cache with searches.

    The browser is told to ask again each time (max-age=0), because the same address shows another page right after
    signing in or switching colours; asking costs one small query and an empty 304.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def fresh(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in ("GET", "HEAD") or not is_visitor(request):
                response = view(request, *args, **kwargs)
                patch_cache_control(response, private=True, no_cache=True)
                patch_vary_headers(response, VARY)
                return response
            request.one_spelling = address_of(request, reads)  # type: ignore[attr-defined]
            key = key_of(request, request.one_spelling, seconds)  # type: ignore[attr-defined]
            etag = f'W/"{key}"'
            if etag in parse_etags(request.headers.get("If-None-Match", "")):
                return marked(HttpResponse(status=304), etag)
            is_free = bool(set(request.GET) & set(free)) or htmx_part(request) not in ("", *parts)
            if (copy := None if is_free else cache.get(f"page:{key}")) is None:
                response = view(request, *args, **kwargs)
                if not may_keep(request, response):
                    patch_vary_headers(response, VARY)
                    return response
                copy = Copy(response["Content-Type"], response.content, gzip.compress(response.content, GZIP_LEVEL))
                if len(copy.plain) <= KEEP_AT_MOST and not is_free:
                    cache.set(f"page:{key}", copy, seconds)
            return marked(answer(request, copy), etag)

        return fresh

    return decorate


def may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page for everybody: nothing in it was made for this one request."""
    drew_token = "CSRF_COOKIE" in request.META
    return response.status_code == 200 and not response.cookies and not drew_token and not response.streaming


def answer(request: HttpRequest, copy: Copy) -> HttpResponse:
    """The copy, compressed where the browser takes it. It holds no secret, so its length may show."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(copy.gzipped, content_type=copy.content_type, headers={"Content-Encoding": "gzip"})
    return HttpResponse(copy.plain, content_type=copy.content_type)


def marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    patch_vary_headers(response, VARY)
    return response

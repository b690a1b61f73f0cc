"""How often one caller may do something, counted in the cache that all web processes share.

Fixed windows: one atomic add and one increment for each count. REST counts calls, pages count what members write.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from sidetrack import error_pages

if TYPE_CHECKING:
    from rest_framework.request import Request

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ACTS_A_MINUTE = 30  # on pages: a form every two seconds is no hand
READS_A_MINUTE = 60  # by one visitor's address, of pages that are worked out for whoever asks


def counted(who: str, *, window_s: int) -> tuple[int, float]:
    """Count once more for `who`: how often in this window, and the seconds until the next one."""
    now = time.time()
    key = f"throttle:{who}:{int(now // window_s)}"
    cache.add(key, 0, window_s * 2)
    try:
        count = cache.incr(key)
    except ValueError:  # evicted in between: the window starts anew
        count = 0
    return count, window_s - now % window_s


def too_often(who: str, *, limit: int, window_s: int) -> float | None:
    """Count once more for `who`; the seconds until the next window where that is more than `limit`, else None."""
    count, left_s = counted(who, window_s=window_s)
    return None if count <= limit else left_s + 1


def visitor_address(request: HttpRequest) -> str:
    """Where a visitor comes from, as REST tells them apart: a proxy's word counts only behind one."""
    from rest_framework.throttling import BaseThrottle

    return str(BaseThrottle().get_ident(cast("Request", request)))  # it reads headers alone


def paced_reading(view: View[P]) -> View[P]:
    """A page that costs work for each reader and is kept for nobody: beyond `READS_A_MINUTE` a visitor is answered 429.

    All such views count together. Members are known, and read as they like.
    """

    @wraps(view)
    def in_pace(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            wait_s = too_often(f"reads:{visitor_address(request)}", limit=READS_A_MINUTE, window_s=60)
            if wait_s is not None:
                return _wait(request, wait_s)
        return view(request, *args, **kwargs)

    return in_pace


def _wait(request: HttpRequest, wait_s: float) -> HttpResponse:
    response = error_pages.too_often(request)
    response["Retry-After"] = str(math.ceil(wait_s))
    return response


def paced(view: View[P]) -> View[P]:
    """A view whose POST writes for a member: beyond `ACTS_A_MINUTE`, all such views together, it answers 429."""

    @wraps(view)
    def in_pace(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.user.is_authenticated:
            wait_s = too_often(f"acts:{request.user.pk}", limit=ACTS_A_MINUTE, window_s=60)
            if wait_s is not None:
                return _wait(request, wait_s)
        return view(request, *args, **kwargs)

    in_pace.is_paced = True  # type: ignore[attr-defined]  # decorators around it carry this on: a test asks every view
    return in_pace

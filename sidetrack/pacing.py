"""How often one caller may do something, counted in the cache that all web processes share.

Fixed windows: one atomic add and one increment for each count. REST counts calls, pages count what members write.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from sidetrack import error_pages

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
ACTS_A_MINUTE = 30  # on pages: a form every two seconds is no hand


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


def paced(view: View[P]) -> View[P]:
    """A view whose POST writes for a member: beyond `ACTS_A_MINUTE`, all such views together, it answers 429."""

    @wraps(view)
    def in_pace(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.user.is_authenticated:
            wait_s = too_often(f"acts:{request.user.pk}", limit=ACTS_A_MINUTE, window_s=60)
            if wait_s is not None:
                response = error_pages.too_often(request)
                response["Retry-After"] = str(math.ceil(wait_s))
                return response
        return view(request, *args, **kwargs)

    return in_pace

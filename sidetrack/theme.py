"""Light, dark, or as the device has it: remembered in a cookie for visitors, in the account for members."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
ONE_YEAR_S = 31_536_000


def theme_of(request: HttpRequest) -> str:
    """`auto`, `light` or `dark`; the account's choice before the cookie's."""
    user: Any = getattr(request, "user", None) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    wanted = user.theme if user is not None and user.is_authenticated else request.COOKIES.get(COOKIE, "auto")
    return wanted if wanted in THEMES else "auto"


def motion_of(request: HttpRequest) -> str:
    """`auto` or `reduced`: an account may ask for less than the device does."""
    user: Any = getattr(request, "user", None) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return str(user.motion) if user is not None and user.is_authenticated else "auto"


def is_own(request: HttpRequest) -> bool:
    """Sent by a page of this site, as far as the browser says."""
    if origin := request.headers.get("Origin"):
        return urlsplit(origin).netloc == request.get_host()
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


@csrf_exempt
@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to the page.

    Without a CSRF token, because the form stands on pages whose copies visitors share; a foreign page is refused by
    Origin instead, and the most it could do is to change a colour.
    """
    wanted = request.POST.get("theme", "")
    if wanted not in THEMES:
        return HttpResponseBadRequest("There is no such theme.")
    if not is_own(request):
        return HttpResponseForbidden("This form belongs to another site.")
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if not (is_ours and back.startswith("/")):  # a bare word would be the name of a view
        back = "/"
    response = redirect(back)
    response.set_cookie(COOKIE, wanted, max_age=ONE_YEAR_S, samesite="Lax", secure=settings.IS_HTTPS, httponly=True)
    user: Any = request.user
    if user.is_authenticated and user.theme != wanted:
        user.theme = wanted
        user.save(update_fields=["theme"])
    return response

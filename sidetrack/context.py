"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from sidetrack.theme import motion_of, theme_of


def site(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs.

    `theme` and `motion` stand on <html>; `site_url` makes addresses whole; `may_sign_up`: strangers may too;
    `is_visitor` is true without a session; `here` is this page's address, to come back to.
    """
    return {
        "theme": theme_of(request),
        "motion": motion_of(request),
        "site_url": settings.SITE_URL,
        "may_sign_up": settings.ALLOW_SIGNUP,
        "here": getattr(request, "one_spelling", None) or request.get_full_path(),
        "is_visitor": settings.SESSION_COOKIE_NAME not in request.COOKIES,
    }

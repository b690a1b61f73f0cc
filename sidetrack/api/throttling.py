"""How often one caller may call the REST interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from sidetrack.pacing import too_often

if TYPE_CHECKING:  # it imports this module by its settings
    from rest_framework.views import APIView

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class PerCaller(BaseThrottle):
    """The caller is the member (by session or token, both count together), the service token, or the visitor's address.
    A view may name a narrower rate for itself: `throttle_scope = "search"`.
    """

    wait_s: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        who, rate_name = self.caller(request)
        return self._count(who, rate_name) and all(
            self._count(f"{scope}:{who}", scope) for scope in [getattr(view, "throttle_scope", None)] if scope
        )

    def caller(self, request: Request) -> tuple[str, str]:
        """Who calls, and the name of the rate that holds for them."""
        if request.user.is_authenticated:
            return f"member:{request.user.pk}", "member"
        if request.auth is not None:
            return "service", "service"
        return f"address:{self.get_ident(request)}", "anonymous"

    def _count(self, who: str, rate_name: str) -> bool:
        limit, period = str(api_settings.DEFAULT_THROTTLE_RATES[rate_name]).split("/")
        self.wait_s = too_often(who, limit=int(limit), window_s=SECONDS[period[0]])
        return self.wait_s is None

    def wait(self) -> float | None:
        return self.wait_s

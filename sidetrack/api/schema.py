"""How endpoints describe themselves where drf-spectacular cannot see it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS


class EndpointSchema(AutoSchema):
    """Everybody may read, with or without a token, unless the view says `needs_caller = True`."""

    def get_auth(self) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = super().get_auth()
        is_open = self.method in SAFE_METHODS and not getattr(self.view, "needs_caller", False)
        return [*ways, {}] if is_open and {} not in ways else ways

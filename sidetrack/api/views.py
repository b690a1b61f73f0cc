"""Bases of the endpoints of every app."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Row = TypeVar("Row", bound=Model)


class Endpoint(APIView):
    """What it answers depends on who asks: nothing on the way may keep it for somebody else."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Authorization", "Cookie", "X-User-Id"])
        patch_cache_control(answer, private=True, no_cache=True)
        return answer


class ListEndpoint(Endpoint, ListAPIView[Row]):
    """A list in pages."""

"""The REST addresses of every app, under /api/v1/, without a trailing slash."""

from __future__ import annotations

from django.urls import include, path, re_path, reverse
from django.views.generic import RedirectView
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import catalog.api
import club.api
import listening.api
import social.api
import taste.api
from sidetrack.api.docs import Description, reference
from sidetrack.api.errors import unknown_address


class Index(APIView):
    """Where a newcomer starts."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        names = {
            "weeks": "api:weeks",
            "me": "api:users_me",
            "search": "api:music_search",
            "schema": "schema",
            "documentation": "api_docs",
        }
        return Response({name: request.build_absolute_uri(reverse(target)) for name, target in names.items()})


version_1 = [
    path("", Index.as_view(), name="index"),
    *club.api.urlpatterns,
    *social.api.urlpatterns,
    *catalog.api.urlpatterns,
    *listening.api.urlpatterns,
    *taste.api.urlpatterns,
]

urlpatterns = [
    path("api/", RedirectView.as_view(pattern_name="api:index"), name="api"),
    path("api/schema/", Description.as_view(), name="schema"),
    path("api/docs/", reference, name="api_docs"),
    path("api/v1/", include((version_1, "api"))),
    re_path(r"^api/(?P<rest>.*)$", unknown_address),
]

"""`listens/recent` and `users/{handle}/listens/recent`: plays, the newest first."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from listening.api.answers import ListenAnswer
from listening.api.reading import readable_or_404
from listening.api.summary import HANDLE
from listening.models import Listener, ListenEvent
from sidetrack.api.describing import answers
from sidetrack.api.paging import Pages
from sidetrack.api.views import ListEndpoint
from social.acting import HEADER, named_member, viewer_of
from social.authentication import IsKnown
from social.models import User


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """How many plays there are is known: nothing is counted."""

    @cached_property
    def count(self) -> int:
        listener = Listener.objects.filter(pk=self.object_list.member_id).first()  # type: ignore[attr-defined]
        return listener.n_listens if listener else 0


class CountedPages(Pages):
    django_paginator_class = CountedPaginator


class Plays(ListEndpoint[ListenEvent]):
    serializer_class = ListenAnswer
    pagination_class = CountedPages
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[ListenEvent]:
        return ListenEvent.objects.counted().with_music().select_related("track__artist").order_by("-played_at", "-pk")

    def answer(self, request: Request, member: User) -> Response:
        plays = self.get_queryset().filter(user=member)
        plays.member_id = member.pk  # type: ignore[attr-defined]
        page = self.paginate_queryset(plays) or []
        return self.get_paginated_response(ListenAnswer(page, many=True, context={"request": request}).data)


class OwnRecent(Plays):
    permission_classes = [IsKnown]
    needs_caller = True

    @extend_schema(
        tags=["listens"],
        operation_id="listens_recent",
        summary="My plays, the newest first",
        description=f"The caller's own, each play once; with the service token, those of the member in `{HEADER}`.",
        responses=answers({200: ListenAnswer(many=True)}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, named_member(request))


class MembersRecent(Plays):
    @extend_schema(
        tags=["listens"],
        operation_id="users_listens_recent",
        summary="A member's plays, the newest first",
        description="Each play once. Whoever the caller may not read does not exist for them (404).",
        parameters=[HANDLE],
        responses=answers({200: ListenAnswer(many=True)}, 400, 401, 403, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        return self.answer(request, readable_or_404(handle, viewer_of(request)))

"""`users/{handle}/summary`: a member's listening in a range, in figures."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from listening.api.answers import SummaryAnswer, period_of
from listening.api.reading import readable_or_404
from listening.figures.history import history_of
from listening.figures.overview import overview
from listening.figures.ranges import UnknownRange, parse
from sidetrack.api.describing import answers
from sidetrack.api.views import Endpoint
from social.acting import viewer_of

HANDLE = OpenApiParameter("handle", str, OpenApiParameter.PATH, description="In capitals or not.")
RANGE = OpenApiParameter(
    "range",
    str,
    description="`week`, `month`, `quarter`, `year` (the running ones), `last-week` and so on, `all`, `2025`, "
    "`2025-Q3`, `2025-11`, `2025-W48`, or two days, both included: `2025-01-01,2025-02-14`. Days are the member's own.",
    default="month",
)


class Summary(Endpoint):
    @extend_schema(
        tags=["listens"],
        operation_id="users_summary",
        summary="A member's listening in figures",
        description="Whoever the caller may not read does not exist for them (404).",
        parameters=[HANDLE, RANGE],
        responses=answers({200: SummaryAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        member = readable_or_404(handle, viewer_of(request))
        history = history_of(member, now=timezone.now())
        try:
            span = parse(request.query_params.get("range") or "month", now=history.now, zone=history.zone)
        except UnknownRange as refusal:
            raise ValidationError({"range": [str(refusal)]}) from refusal
        found = overview(history, span, with_discoveries=False)
        summary = {
            "period": period_of(span),
            "listens": found.amounts.n,
            "artists": found.artists.n_all,
            "albums": found.albums.n_all,
            "tracks": found.tracks.n_all,
            "top_artists": found.artists.rows,
            "top_albums": found.albums.rows,
            "top_genres": found.genres,
            "computed_at": history.now,
        }
        return Response(SummaryAnswer(summary, context={"request": request}).data)

"""The dashboard's figures as JSON: what its pages show, without the pictures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from listening.figures.ranges import UnknownRange
from listening.models import Source
from sidetrack.api.describing import answers
from sidetrack.api.views import Endpoint
from social.acting import HEADER, viewer_of
from social.authentication import is_service
from social.models import User
from taste.api import dashboard_answers as shapes
from taste.dashboard import findings, windows
from taste.dashboard.levels import N_BASELINE, levels
from taste.dashboard.rights import taste_members
from taste.dashboard.way import way_in
from taste.dashboard.weeks import Clock, axes_of, clock_of, newest_week, weeks_of
from taste.dashboard.windows import Window
from taste.iso_weeks import iso_week
from taste.mixtapes import TOO_LITTLE, mixtape_of
from taste.outliers import look
from taste.weeks.moods import shares
from taste.weeks.overview import overview_of

DAYS = 90
MEMBER = OpenApiParameter("member", str, description="Whose: a handle. Without it, the caller's own.")
WINDOW = OpenApiParameter(
    "window",
    str,
    description="`12w`, the last twelve weeks, or any other number of them; `all`; or a range of the member's calendar "
    "(`2025`, `2025-Q3`, `2025-11`, two days), widened to whole ISO weeks.",
    default=windows.USUAL,
)
WEEK = OpenApiParameter("week", str, description="`2025-W48` or `2025-48`. Without it, the newest with known sound.")
WITH = OpenApiParameter("with", str, description="Another week to compare with, instead of the 26 weeks before.")


class DashboardEndpoint(Endpoint):
    """Whose figures, and of which weeks. Whoever the caller may not read does not exist for them."""

    def member_of(self, request: Request) -> User:
        viewer = viewer_of(request)
        handle = request.query_params.get("member", "").strip().removeprefix("@")[:40]
        if handle:
            member: User | None = taste_members(viewer).by_handle(handle).first()
            if member is None:
                raise Http404
            return member
        if isinstance(viewer, User):
            return viewer
        if is_service(request):
            raise ValidationError({HEADER: [f"The service token names a member in `member` or the header {HEADER}."]})
        raise NotAuthenticated

    def window_of(self, request: Request, clock: Clock) -> Window:
        text = request.query_params.get("window") or windows.USUAL
        try:
            return windows.parse(text, now=clock.now, zone=clock.zone, first_week=clock.first_week)
        except UnknownRange as refusal:
            raise ValidationError({"window": [str(refusal)]}) from refusal

    def asked(self, request: Request) -> tuple[User, Clock, Window]:
        member = self.member_of(request)
        clock = clock_of(member, now=timezone.now())
        return member, clock, self.window_of(request, clock)


def week_in(request: Request, name: str) -> date | None:
    """The Monday of a week that the address names, or None."""
    text = request.query_params.get(name)
    try:
        return windows.week_of(text) if text else None
    except ValueError as problem:
        raise ValidationError({name: [str(problem)]}) from problem


def head(member: User, clock: Clock, window: Window) -> dict[str, Any]:
    return {
        "user": member.handle,
        "window": {
            "name": window.slug,
            "first": window.first,
            "to": window.end,
            "weeks": window.n_weeks,
            "timezone": str(window.zone),
        },
        "computed_at": clock.now,
    }


class Overview(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_overview",
        summary="Four figures beside those of the period before",
        parameters=[MEMBER, WINDOW],
        responses=answers({200: shapes.OverviewAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member, clock, window = self.asked(request)
        found = weeks_of(member, window)
        here, before = levels(axes_of(found.rows)), levels(axes_of(found.before))
        answer = head(member, clock, window) | {
            "finding": findings.against(here, before, f"the {N_BASELINE} weeks before"),
            "kpis": overview_of(member, window.span, now=clock.now).kpis,
            "axes": here,
            "coverage": found.coverage,
        }
        return Response(shapes.OverviewAnswer(answer).data)


class TrajectoryView(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_trajectory",
        summary="Weeks on the map of how music sounds",
        description="Places of two versions of the map do not compare: `map_version` says which one it is.",
        parameters=[MEMBER, WINDOW],
        responses=answers({200: shapes.TrajectoryAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member, clock, window = self.asked(request)
        way, points = way_in(member, clock, window)
        inside = {point.iso_week for point in points}
        answer = head(member, clock, window) | {
            "points": points,
            "arrows": [each for each in way.arrows if {each.from_week, each.to_week} <= inside],
            "landmarks": way.landmarks,
            "momentum": points[-1].momentum if points else None,
            "method": way.method,
            "model": way.model,
            "map_version": way.map_version,
            "trustworthiness": way.trustworthiness,
            "words": way.words,
        }
        return Response(shapes.TrajectoryAnswer(answer).data)


class Moods(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_moods",
        summary="Shares of moods, week by week",
        description="Of the plays that every given filter lets through.",
        parameters=[
            MEMBER,
            WINDOW,
            OpenApiParameter("artist", int, description="The id of an artist."),
            OpenApiParameter("tag", str, description="A tag, on track, album or artist."),
            OpenApiParameter("label", str, description="A record label, as albums have it."),
            OpenApiParameter("source", str, enum=Source.values, description="Where the plays were recorded."),
        ],
        responses=answers({200: shapes.MoodsAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member, clock, window = self.asked(request)
        given = request.query_params
        artist, source = given.get("artist", ""), given.get("source", "")
        if artist and not (artist.isascii() and artist.isdecimal() and len(artist) < 19):
            raise ValidationError({"artist": ["The id of an artist is a number."]})
        if source and source not in Source.values:
            raise ValidationError({"source": [f"A source is one of {', '.join(Source.values)}."]})
        weeks = shares(
            member,
            since=window.first,
            until=window.end,
            artist_id=int(artist) if artist else None,
            tag=given.get("tag", "")[:80] or None,
            label=given.get("label", "")[:200] or None,
            source=source or None,
            as_heard=viewer_of(request) == member,
        )
        return Response(shapes.MoodsAnswer(head(member, clock, window) | {"weeks": weeks}).data)


class Radar(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_radar",
        summary="A week against the half-year before, or against another week",
        parameters=[MEMBER, WEEK, WITH],
        responses=answers({200: shapes.RadarAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member = self.member_of(request)
        clock = clock_of(member, now=timezone.now())
        other = week_in(request, "with")
        monday = week_in(request, "week") or newest_week(member, clock)
        week = weeks_of(member, Window("", monday, monday, clock.zone))
        here, base = levels(axes_of(week.rows)), levels(axes_of(week.before))
        if other is not None:
            base = levels(axes_of(weeks_of(member, Window("", other, other, clock.zone), n_before=0).rows))
        answer = {
            "user": member.handle,
            "week": iso_week(monday),
            "against": iso_week(other) if other else f"{N_BASELINE} weeks before",
            "axes": [{"axis": axis, "week": found, "base": base.get(axis)} for axis, found in here.items()],
            "finding": "" if other else findings.against(here, base, f"the {N_BASELINE} weeks before"),
            "listens": week.n_listens,
            "computed_at": clock.now,
        }
        return Response(shapes.RadarAnswer(answer).data)


class OutliersView(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_outliers",
        summary="Tracks that sound unlike the rest of what was played",
        description=f"Of the last {DAYS} days, farthest first; none below twenty tracks, and then `words` says so.",
        parameters=[MEMBER],
        responses=answers({200: shapes.OutliersAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member = self.member_of(request)
        found = look(member, now=timezone.now(), days=DAYS)
        answer = {
            "user": member.handle,
            "days": DAYS,
            "outliers": found.rows,
            "words": found.words,
            "method": found.method,
            "tracks": found.n_tracks,
            "listens": found.n_listens,
        }
        return Response(shapes.OutliersAnswer(answer, context={"request": request}).data)


class MixtapeView(DashboardEndpoint):
    @extend_schema(
        tags=["dashboard"],
        operation_id="dashboard_mixtape",
        summary="Sixty to ninety minutes that stand for a week",
        description="`tracks` is empty, and `words` says why, where the week has too little for one.",
        parameters=[MEMBER, WEEK],
        responses=answers({200: shapes.MixtapeAnswer}, 400, 401, 403, 404),
    )
    def get(self, request: Request) -> Response:
        member = self.member_of(request)
        clock = clock_of(member, now=timezone.now())
        monday = week_in(request, "week") or newest_week(member, clock, placed=True)
        tape = mixtape_of(member, monday, now=clock.now)
        answer = {
            "user": member.handle,
            "week": iso_week(monday),
            "minutes": tape.minutes if tape else 0.0,
            "tracks": tape.tracks if tape else [],
            "method": tape.method if tape else "",
            "words": "" if tape else TOO_LITTLE,
        }
        return Response(shapes.MixtapeAnswer(answer, context={"request": request}).data)


urlpatterns: list[URLPattern] = [
    path("dashboard/overview", Overview.as_view(), name="dashboard_overview"),
    path("dashboard/trajectory", TrajectoryView.as_view(), name="dashboard_trajectory"),
    path("dashboard/moods", Moods.as_view(), name="dashboard_moods"),
    path("dashboard/radar", Radar.as_view(), name="dashboard_radar"),
    path("dashboard/outliers", OutliersView.as_view(), name="dashboard_outliers"),
    path("dashboard/mixtape", MixtapeView.as_view(), name="dashboard_mixtape"),
]

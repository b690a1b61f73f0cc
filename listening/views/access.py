"""Whose listens a page shows, to whom, and which days of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from listening.figures import ranges
from listening.figures.history import History
from listening.figures.ranges import Range, UnknownRange
from listening.figures.together import LEVELS, readable_members
from social.models import User
from social.viewpoint import NAMES, Viewpoint, viewpoint_of
from social.visibility import Viewer, opens


@dataclass(frozen=True, slots=True)
class Reading:
    """One member's listens, as one viewer reads them. views: whose eyes owners may look through."""

    member: User
    view: Viewpoint
    views: Mapping[str, str | Promise] = field(default_factory=dict)

    @property
    def viewer(self) -> User | AnonymousUser:
        return self.view.viewer

    @property
    def is_own(self) -> bool:
        return self.viewer.pk == self.member.pk

    @property
    def seen_as(self) -> str:
        return self.view.seen_as

    @property
    def keep(self) -> str:
        """What links on the page take along after other parameters."""
        return self.view.keep

    @property
    def only(self) -> str:
        """The same, for links without any."""
        return self.view.only


def may_read(member: User, viewer: Viewer) -> bool:
    """Both the page and the listens are open to the viewer."""
    return opens(member, viewer, *LEVELS)


def reading_or_404(request: HttpRequest, handle: str) -> Reading:
    """Who may not read finds nothing; `?as=visitor`, `member` and `follower` show owners what those see."""
    view = viewpoint_of(request, handle)
    member = readable_members(view.viewer).by_handle(handle).first()
    if member is None:
        raise Http404
    return reading_of(request, member)


def reading_of(request: HttpRequest, member: User) -> Reading:
    """For a member whose listens may be read, as was asked before."""
    return Reading(member, viewpoint_of(request, member.handle), NAMES if request.user == member else {})


@dataclass(frozen=True, slots=True)
class Asked:
    """The range that an address asks for. refusal: what was wrong with it; then the range is the usual one."""

    span: Range
    refusal: str = ""
    first: str = ""
    last: str = ""


def asked_range(request: HttpRequest, history: History) -> Asked:
    """`?range=…`, or `?from=…&to=…` of the form. Without either: this month, or everything when it is silent."""
    zone, now = history.zone, history.now
    given, first, last = (request.GET.get(name, "").strip()[:40] for name in ("range", "from", "to"))
    try:
        if first or last:
            today = f"{history.today}"
            return Asked(ranges.between(first or "1970-01-02", last or today, zone=zone), first=first, last=last)
        if given:
            return Asked(ranges.parse(given, now=now, zone=zone))
    except UnknownRange as refusal:
        return Asked(usual_range(history), str(refusal), first, last)
    return Asked(usual_range(history))


def usual_range(history: History) -> Range:
    month = ranges.parse("month", now=history.now, zone=history.zone)
    everything = ranges.parse(ranges.ALL, now=history.now, zone=history.zone)
    return month if history.n_in(month) else everything


PERIODS = ("month", "week", "year")  # of all members together


def asked_period(request: HttpRequest, *, now: datetime) -> Range:
    """`?most=week`, month or year of all members, in the site's zone; this month unless another is asked for."""
    asked = request.GET.get("most", "")
    return ranges.parse(asked if asked in PERIODS else PERIODS[0], now=now, zone=site_zone())


def site_zone() -> ZoneInfo:
    """In which the whole club's periods are cut."""
    return ZoneInfo(str(timezone.get_default_timezone()))


def address(path: str, **query: str) -> str:
    parts = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(parts, safe=',')}" if parts else path

"""Whose taste a page shows, of which weeks, and the links that keep both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from listening.figures.ranges import UnknownRange
from listening.views.access import address
from sidetrack.pacing import paced_reading
from social.models import User
from social.views.profile import for_one_reader
from taste.dashboard import windows
from taste.dashboard.findings import on
from taste.dashboard.rights import taste_members
from taste.dashboard.weeks import Clock, clock_of
from taste.dashboard.windows import Window

# plotly fills an empty style element; this is the hash of nothing, so nothing else gets in by it.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

PAGES: tuple[tuple[str, str | Promise], ...] = (
    ("dashboard", gettext_lazy("Overview")),
    ("trajectory", gettext_lazy("Trajectory")),
    ("moods", gettext_lazy("Moods")),
    ("radar", gettext_lazy("Radar")),
    ("outliers", gettext_lazy("Outliers")),
)
CHIPS: dict[str, str | Promise] = {
    "4w": gettext_lazy("4 weeks"),
    "12w": gettext_lazy("12 weeks"),
    "26w": gettext_lazy("26 weeks"),
    "52w": gettext_lazy("52 weeks"),
    "all": gettext_lazy("All"),
}
KEPT = ("artist", "tag", "label", "source", "by", "axis")  # what one page shows: another window leaves it chosen
LONGEST = 200  # letters of each


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the dashboard asks for. refusal: what was wrong with the window; then it is the usual one."""

    request: HttpRequest
    member: User
    clock: Clock
    window: Window
    refusal: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.request.user.pk == self.member.pk)

    @property
    def query(self) -> dict[str, str]:
        """What links take along."""
        return {
            "range": "" if self.window.slug == windows.USUAL else self.window.slug,
            "member": "" if self.is_own else self.member.handle,
        }

    def to(self, name: str, *args: str, **changes: str) -> str:
        """The address of a page of the dashboard, with what is chosen, but for the changes."""
        return address(reverse(f"taste:{name}", args=args), **self.query | changes)


def asked_of(request: HttpRequest, handle: str = "") -> Asked | None:
    """None: a visitor who names nobody. Http404 for a member whose taste they may not read."""
    handle = handle or request.GET.get("member", "").strip().removeprefix("@")[:40]
    if handle:
        member = taste_members(request.user).by_handle(handle).first()
        if member is None:
            raise Http404
    elif isinstance(request.user, User):
        member = request.user
    else:
        return None
    clock = clock_of(member, now=timezone.now())
    refusal = ""
    try:
        window = window_of(request.GET.get("range") or windows.USUAL, clock)
    except UnknownRange as problem:
        window, refusal = window_of(windows.USUAL, clock), str(problem)
    return Asked(request, member, clock, window, refusal)


def window_of(text: str, clock: Clock) -> Window:
    return windows.parse(text, now=clock.now, zone=clock.zone, first_week=clock.first_week)


def dashboard_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page for one reader: gets what is asked for instead of the request; visitors who name nobody sign in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = asked_of(request)
        if asked is None:
            return redirect_to_login(request.get_full_path())
        return for_one_reader(view(asked, *args, **kwargs))

    return require_safe(csp_update({"style-src": [EMPTY_STYLE]})(paced_reading(page)))


def show(asked: Asked, page: str, template: str, context: dict[str, Any], *, here: str = "") -> HttpResponse:
    """A page in the frame of the dashboard. page: which of PAGES is the present one."""
    chosen = {name: asked.request.GET.get(name, "")[:LONGEST] for name in KEPT} | asked.query
    frame = {
        "asked": asked,
        "member": asked.member,
        "nav": [(label, asked.to(name), name == page) for name, label in PAGES],
        "chips": [
            (label, address("", **chosen | {"range": slug}), slug == asked.window.slug) for slug, label in CHIPS.items()
        ],
        "period": period(asked.window),
        "here": here,
        "methods": address(reverse("taste:methods"), member=asked.query["member"]),
    }
    return render(asked.request, f"taste/{template}.html", frame | context)


def period(window: Window) -> str:
    """`26 weeks, 26 May 2026 – 22 Nov 2026`."""
    weeks = ngettext("%(n)d week", "%(n)d weeks", window.n_weeks) % {"n": window.n_weeks}
    return _("%(weeks)s, %(first)s – %(last)s") % {
        "weeks": weeks,
        "first": on(window.first),
        "last": on(window.end),
    }


def weeks_before(n: int) -> str:
    """`the 26 weeks before`."""
    return ngettext("the week before", "the %(n)d weeks before", n) % {"n": n}

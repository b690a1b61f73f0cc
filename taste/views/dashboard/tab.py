"""The tab “Taste” of a member's page: the overview of their dashboard, and the way into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from social.models import User
from social.tabs import Tab
from social.viewpoint import viewpoint_of
from social.visibility import Viewer
from taste.dashboard import windows
from taste.dashboard.rights import may_read_taste
from taste.dashboard.weeks import clock_of, weeks_of
from taste.views.dashboard.asking import PAGES, Asked, period, window_of
from taste.views.dashboard.overview import context_of
from taste.views.dashboard.radar import axes_figure


def taste_tab(member: User, viewer: Viewer) -> Tab | None:
    return Tab("taste", _("Taste"), draw) if may_read_taste(member, viewer) else None


def draw(request: HttpRequest, member: User, viewer: Viewer) -> str:
    """The usual window, whatever the address says: the dashboard is where windows are chosen."""
    clock = clock_of(member, now=timezone.now())
    asked = Asked(request, member, clock, window_of(windows.USUAL, clock))
    found = weeks_of(member, asked.window)
    context: dict[str, Any] = {
        "asked": asked,
        "member": member,
        "period": period(asked.window),
        "nav": [(label, asked.to(name)) for name, label in PAGES],
        **context_of(asked, found),
    }
    context["figures"] = [replace(figure, live=None) for figure in context.get("figures", ())]  # no script here
    return render_to_string("taste/_tab.html", context, request)


def overview_panel(request: HttpRequest, member: User, viewer: Viewer) -> str | None:
    """The radar of the usual window on the overview of the member's page; nothing where nothing is known."""
    if taste_tab(member, viewer) is None:
        return None
    clock = clock_of(member, now=timezone.now())
    if clock.first_week is None:
        return None
    asked = Asked(request, member, clock, window_of(windows.USUAL, clock), "")
    found = weeks_of(member, asked.window)
    figure = axes_figure(asked, found)
    if figure is None:
        return None
    context = {
        "member": member,
        "period": period(asked.window),
        "figure": replace(figure, live=None),  # no script here
        "keep": viewpoint_of(request, member.handle).only,
    }
    return render_to_string("taste/_profile.html", context, request)

"""`/digest/`: one's last finished week in short; the whole of it stands under `/dashboard/weeks/`."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from taste.dashboard import findings
from taste.iso_weeks import A_WEEK, iso_week
from taste.models import WeeklyTaste
from taste.views.dashboard.asking import Asked, dashboard_page, show
from taste.views.dashboard.radar import week_figure
from taste.views.dashboard.week import monday_or_404
from taste.weeks.digest import last_monday, week_in_short


@dashboard_page
def digest(asked: Asked, text: str = "") -> HttpResponse:
    monday = monday_or_404(text) if text else last_monday(asked.clock.zone, asked.clock.now)
    if not asked.is_own:  # what somebody played is more than how it sounded
        return redirect(asked.to("week", iso_week(monday)))
    if monday > asked.clock.this_week:
        raise Http404
    found = week_in_short(asked.member, monday, now=asked.clock.now)
    row = WeeklyTaste.objects.filter(user=asked.member, starts_on=monday).first()
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "found": found,
        "row": row,
        "radar": week_figure(asked, monday) if row else None,
        "tops": [(kind, top) for kind, top in found.tops.items() if top.rows],
        "whole": asked.to("week", iso_week(monday)),
        "earlier": asked.to("digest_of", iso_week(monday - A_WEEK)),
        "later": asked.to("digest_of", iso_week(monday + A_WEEK)) if monday < asked.clock.this_week else "",
        "title": findings.week_name(monday),
    }
    return show(asked, "", "digest", context, here=findings.week_name(monday))

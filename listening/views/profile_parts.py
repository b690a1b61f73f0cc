"""What listening adds to the overview of a member's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from listening.figures import tops, words
from listening.figures.history import history_of
from listening.figures.ranges import ALL, parse
from listening.models import ArtistTotal, NowPlaying
from listening.views.access import may_read
from social.models import User
from social.viewpoint import viewpoint_of
from social.visibility import Viewer

N_ALBUMS = 6


def overview(request: HttpRequest, member: User, viewer: Viewer) -> str | None:
    """A line of numbers and the sleeves of the month; nothing where there is nothing the viewer may read."""
    if not may_read(member, viewer):
        return None
    now = timezone.now()
    history = history_of(member, now=now)
    if history.is_empty:
        return None
    month = parse("last-month", now=now, zone=history.zone)
    month = month if history.n_in(month) else parse(ALL, now=now, zone=history.zone)
    context = {
        "member": member,
        "history": history,
        "month": words.title(month),
        "n": history.n_in(month),
        "n_now": history.n_in(parse("month", now=now, zone=history.zone)),
        "n_artists": ArtistTotal.objects.filter(user=member, n_listens__gt=0).count(),
        "albums": tops.top(member, "album", month, n=N_ALBUMS).rows,
        "playing": NowPlaying.objects.filter(user=member).at(now).first(),
        "keep": viewpoint_of(request, member.handle).only,
    }
    return render_to_string("listening/_profile.html", context, request)

"""What listening adds to the page of all members and to the front page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext

from listening.figures import words
from listening.figures.ranges import parse
from listening.figures.together import AT_LEAST, counted_members, most_played, playing_now, readable_members, trending
from listening.models import Listener
from listening.views.access import asked_period, site_zone
from listening.views.tab import Choice

SHOWN = ("week", "month", "year")
N_ROWS = 10
N_ALBUMS = 4
N_TRENDING = 8
N_ON_HOME = 6


def facts(request: HttpRequest, member_ids: list[int]) -> dict[int, str]:
    """“12,345 plays”, of those whose listens whoever asks may read."""
    shown = readable_members(request.user).filter(pk__in=member_ids)
    rows = Listener.objects.filter(user__in=shown, n_listens__gt=0).values_list("user_id", "n_listens")
    return {member_id: ngettext("%(n)s play", "%(n)s plays", n) % {"n": f"{n:,}"} for member_id, n in rows}


def panels(request: HttpRequest) -> str | None:
    """Playing now, most played this week, month or year, and what grew against the month before."""
    now = timezone.now()
    members = counted_members(request.user)
    span, month = asked_period(request, now=now), parse("month", now=now, zone=site_zone())
    context = {
        "playing": playing_now(request.user, now=now),
        "n_members": len(members),
        "at_least": AT_LEAST,
        "period": span.slug,
        "title": words.title(span),
        "periods": [Choice(words.RANGES[each], f"?most={each}#together", each == span.slug) for each in SHOWN],
        "artists": most_played("artist", span, members, now=now, n=N_ROWS),
        "albums": most_played("album", span, members, now=now, n=N_ALBUMS),
        "compared": True,
        "trending": trending("artist", month, members, now=now, n=N_TRENDING),
        "month_before": words.title(before) if (before := month.before()) else "",
    }
    if not (context["playing"] or members):
        return None
    return render_to_string("listening/_community.html", context, request)


def home(request: HttpRequest) -> str | None:
    """A strip of what the club plays this week; nothing while nobody who shows their listens plays."""
    now = timezone.now()
    members = counted_members(request.user)
    albums = most_played("album", parse("week", now=now, zone=site_zone()), members, now=now, n=N_ON_HOME)
    playing = playing_now(request.user, now=now, n=3) if request.user.is_authenticated else []
    if not albums and not playing:
        return None
    context = {"albums": albums, "playing": playing, "n_members": len(members)}
    return render_to_string("listening/_home.html", context, request)

"""Lists that Sidetrack makes for a member: for a mood, of the club, of picks they missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from taste.models import Playlist, PlaylistTrack
from taste.playlists import club_blend as club
from taste.playlists import missed, moods

USUAL_MINUTES = 60


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def mood_list(request: HttpRequest) -> HttpResponse:
    """A place on the grid and a length; POST makes the list and opens it."""
    member, refused = cast(User, request.user), ""
    minutes = request.POST.get("minutes", "")
    chosen = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else USUAL_MINUTES
    if request.method == "POST":
        try:
            made = moods.make(user=member, field=request.POST.get("field", ""), minutes=chosen, now=timezone.now())
        except Refused as refusal:
            refused = refusal.message
        else:
            return redirect("taste:playlist", made.pk)
    placed, n_looked_at = moods.placed_of(member)
    context = {
        "rows": moods.grid(placed),
        "minutes": moods.MINUTES,
        "chosen_field": request.POST.get("field", ""),
        "chosen_minutes": chosen,
        "n_placed": len(placed),
        "n_looked_at": n_looked_at,
        "refused": refused,
    }
    return render(request, "taste/mood_list.html", context, status=400 if refused else 200)


@login_required
@never_cache
@require_safe
def club_blend(request: HttpRequest) -> HttpResponse:
    """For members: what many of them play."""
    member, row = cast(User, request.user), club.of_club()
    context = {
        "title": _("The club’s blend"),
        "lede": row.note if row else _("What many members play, made anew every week."),
        "lines": club.lines_for(member),
        "made_at": row.updated_at if row else None,
        "empty": _("It is made every week, once members who show their listens to all have ten tracks in common."),
        "keep": reverse("taste:keep_club_blend"),
        "kept": _kept(member, club.KEY),
    }
    return render(request, "taste/club_list.html", context)


@login_required
@never_cache
@require_safe
def missed_picks(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    lines = [
        PlaylistTrack(track=line.track, reason=line.reason, position=at)
        for at, line in enumerate(missed.lines_for(member), start=1)
    ]
    context = {
        "title": _("Club picks you missed"),
        "lede": _("Winners, and nominees rated well, that you have neither rated nor heard: one track of each."),
        "lines": lines,
        "made_at": None,
        "empty": _(missed.NOTHING),
        "keep": reverse("taste:keep_missed_picks"),
        "kept": _kept(member, missed.KEY),
    }
    return render(request, "taste/club_list.html", context)


@login_required
@require_POST
@paced
def keep_club_blend(request: HttpRequest) -> HttpResponse:
    return _keep(request, club.keep, back="taste:club_blend")


@login_required
@require_POST
@paced
def keep_missed_picks(request: HttpRequest) -> HttpResponse:
    return _keep(request, missed.make, back="taste:missed_picks")


def _keep(request: HttpRequest, make: Callable[..., Playlist], *, back: str) -> HttpResponse:
    try:
        made = make(user=cast(User, request.user), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    return redirect("taste:playlist", made.pk)


def _kept(member: User, key: str) -> Playlist | None:
    found: Playlist | None = Playlist.objects.filter(user=member, kind=Playlist.Kind.CLUB, key=key).first()
    return found

"""What the page of a week, of an album and the front page tell of how far members are, and of plays beside stars."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from catalog.models import Album
from club.models import Phase, Week
from social.models import User
from taste.album_progress.drawing import scatter
from taste.album_progress.stars import PlaysAndStars, plays_and_stars
from taste.album_progress.weeks import progress_of_week

N_SHOWN = 8  # the others stand behind a fold
RUNNING = (Phase.LISTENING, Phase.DISCUSSION)


def _viewer(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and request.GET.get("as") != "visitor" else None


def week_panel(request: HttpRequest, week: Week) -> str | None:
    """Nothing where nobody may be named, nothing may be counted, and nobody asks about themselves."""
    viewer, now = _viewer(request), timezone.now()
    found = progress_of_week(week, viewer, now=now)
    if found is None:
        return None
    is_running = week.phase in RUNNING
    if not (found.shown or found.n_there or (found.own and (is_running or found.own.progress.has_begun))):
        return None
    context = {
        "week": week,
        "progress": found,
        "shown": found.shown[:N_SHOWN],
        "others": found.shown[N_SHOWN:],
        "is_running": is_running,
        "is_visitor": viewer is None,
    }
    return render_to_string("taste/_week_progress.html", context, request)


def stars_week_panel(request: HttpRequest, week: Week) -> str | None:
    """Once the week is over: while it is rated, a dot would tell a rating that is not told yet."""
    if week.phase != Phase.CLOSED or week.winner is None:
        return None
    found = plays_and_stars(week.winner.album, _viewer(request), now=timezone.now(), week=week)
    return _stars(request, found)


def stars_album_panel(request: HttpRequest, album: Album) -> str | None:
    found = plays_and_stars(album, _viewer(request), now=timezone.now())
    if found is None or Week.objects.filter(phase__in=RUNNING, winner__album=album).exists():  # it is rated just now
        return None
    return _stars(request, found)


def _stars(request: HttpRequest, found: PlaysAndStars | None) -> str | None:
    if found is None:
        return None
    context = {"found": found, "drawing": scatter(found), "is_visitor": _viewer(request) is None}
    return render_to_string("taste/_plays_and_stars.html", context, request)


def home_panel(request: HttpRequest) -> str | None:
    """A member's own way through the album that the club listens to or talks about, and how many have begun."""
    if (viewer := _viewer(request)) is None:
        return None
    week = Week.objects.filter(phase__in=RUNNING, winner__isnull=False).with_winner().order_by("-number").first()
    if week is None:
        return None
    found = progress_of_week(week, viewer, now=timezone.now())
    if found is None:
        return None
    return render_to_string("taste/_home_progress.html", {"week": week, "progress": found}, request)

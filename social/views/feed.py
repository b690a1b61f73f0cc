"""The feed: what the members do whom whoever asks follows, or the whole club."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from social.feed.asking import Cursor
from social.feed.reading import read_feed
from social.models import Follow, User
from social.suggestions import suggestions

N_SUGGESTIONS = 6
N_ASIDE = 4


@login_required
@require_safe
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """One page. `?of=club` shows everybody's; `?before=` goes on from a place; htmx fetches only the days.

    Who follows nobody, or only members of whom there is nothing, reads the club's and is told so.
    """
    viewer, now, zone = cast(User, request.user), timezone.now(), timezone.get_current_timezone()
    before = Cursor.read(request.GET.get("before", ""))
    of_club = request.GET.get("of") == "club"
    page = read_feed(viewer=viewer, of_everybody=of_club, before=before, zone=zone, now=now)
    context: dict[str, Any] = {"page": page, "before": before, "of_club": of_club, "viewer": viewer}
    is_part = request.headers.get("HX-Request") == "true"
    context |= {"today": timezone.localdate(now), "is_part": is_part, "address": reverse("social:feed")}
    if page.is_empty and before is None and not of_club:
        context["follows_nobody"] = not Follow.objects.filter(follower=viewer, state=Follow.State.ACCEPTED).exists()
        context["fallback"] = read_feed(viewer=viewer, of_everybody=True, zone=zone, now=now)
        context["suggestions"] = suggestions(viewer, N_SUGGESTIONS)
    elif not is_part:
        context["aside"] = suggestions(viewer, N_ASIDE)
    response = render(request, "social/feed/_days.html" if is_part else "social/feed/feed.html", context)
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response

"""Where the member is signed in, and a way to end it there."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sidetrack.pacing import paced
from social import sessions as stories
from social.models import User


@login_required
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    found = stories.signed_in(cast(User, request.user), current_key=request.session.session_key)
    return render(request, "social/settings_sessions.html", {"sessions": found})


@login_required
@require_POST
@paced
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Only one's own; this browser's own one ends by signing out."""
    if not stories.end_sessions(cast(User, request.user), only=session_id, keep_key=request.session.session_key):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return redirect("social:settings_sessions")


@login_required
@require_POST
@paced
def end_others(request: HttpRequest) -> HttpResponse:
    n = stories.end_sessions(cast(User, request.user), keep_key=request.session.session_key)
    said = ngettext("%(n)s other browser is signed out.", "%(n)s other browsers are signed out.", n)
    messages.success(request, said % {"n": n})
    return redirect("social:settings_sessions")

"""Leaving: what will happen in words, the choice about ratings, and the way back, which stands on every page."""

from __future__ import annotations

import time
from typing import cast

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from social.own_data import leaving as stories

RECENT_S = 15 * 60  # a session that somebody left open must not be enough to end an account


def notice(request: HttpRequest) -> SafeString | None:
    """The strip on every page of whoever leaves, with the way back; the page about leaving has its own."""
    member = request.user
    if request.path == reverse("social:leave"):
        return None
    if not member.is_authenticated or not stories.looks_hidden(member) or (wish := stories.is_leaving(member)) is None:
        return None
    return render_to_string("social/_leaving.html", {"wish": wish}, request)


def is_recent(request: HttpRequest) -> bool:
    """Whether the member has just shown that it is them: signed in, or said their password again."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(time.time() - record.get("at", 0) < RECENT_S for record in records)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def leave(request: HttpRequest) -> HttpResponse:
    member, wish = cast(User, request.user), stories.is_leaving(cast(User, request.user))
    may = is_recent(request)
    if request.method == "POST":
        if not may:
            return _prove(member)
        if request.POST.get("sure") != "yes":
            messages.error(request, _("Tick that you have read what happens."))
            return redirect("social:leave")
        try:
            stories.ask_to_leave(member=member, keeps_ratings=request.POST.get("ratings") != "remove", now=now())
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("social:leave")
        messages.success(
            request, _("Your account is hidden now, and will be deleted. You can take it back until then.")
        )
        return redirect("social:leave")
    context = {"wish": wish, "may": may, "grace": stories.GRACE.days, "has_password": member.has_usable_password()}
    return render(request, "social/settings_leave.html", context)


def _prove(member: User) -> HttpResponse:
    """To the page that asks for the password; whoever has none signs in with their service again."""
    back = urlencode({"next": reverse("social:leave")})
    if member.has_usable_password():
        return redirect(f"{reverse('account_reauthenticate')}?{back}")
    return redirect(f"{reverse('social:leave')}#prove")


@login_required
@require_POST
@paced
def stay(request: HttpRequest) -> HttpResponse:
    """Take it back, from any page; without a password, for it harms nobody."""
    if stories.stay(member=cast(User, request.user)):
        messages.success(request, _("Good that you stay. Everything is as it was."))
    return redirect("social:settings_data")

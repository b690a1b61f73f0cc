"""Settings: times of which nothing is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from listening import private_times as story
from listening.forms import PrivateTimeForm
from listening.models import IncognitoRange, Listener
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User

HOURS = {"1": 1, "4": 4, "24": 24}  # what the button offers besides “until I say so”


@login_required
@never_cache
@require_safe
def private_times(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    return _page(request, member, PrivateTimeForm(zone=_zone(member)), now())


@login_required
@require_POST
@paced
def begin_private(request: HttpRequest) -> HttpResponse:
    """From this moment on."""
    member, moment = cast(User, request.user), now()
    hours = HOURS.get(request.POST.get("hours", ""))
    ends_at = moment + timedelta(hours=hours) if hours else None
    try:
        story.keep_private(user=member, starts_at=moment, ends_at=ends_at, now=moment)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("What you play from now on is not stored."))
    return redirect("listening:private_times")


@login_required
@require_POST
@paced
def end_private(request: HttpRequest) -> HttpResponse:
    if story.let_in_again(user=cast(User, request.user), now=now()):
        messages.success(request, _("Plays are stored again from now on."))
    return redirect("listening:private_times")


@login_required
@never_cache
@require_POST
@paced
def add_private(request: HttpRequest) -> HttpResponse:
    """A while of the past, or one to come."""
    member, moment = cast(User, request.user), now()
    form = PrivateTimeForm(request.POST, zone=_zone(member))
    if form.is_valid():
        try:
            kept = story.keep_private(user=member, now=moment, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("ends_at", refusal.message)
        else:
            said = _("Nothing of that time is stored from now on.")
            if kept.n_removed:
                out = ngettext("%(n)s stored row was taken out.", "%(n)s stored rows were taken out.", kept.n_removed)
                said += " " + out % {"n": kept.n_removed}
            messages.success(request, said)
            return redirect("listening:private_times")
    return _page(request, member, form, moment)


@login_required
@require_POST
@paced
def forget_private(request: HttpRequest, pk: int) -> HttpResponse:
    if story.forget_range(user=cast(User, request.user), range_id=pk):
        messages.success(request, _("That time is private no longer."))
    return redirect("listening:private_times")


def _page(request: HttpRequest, member: User, form: PrivateTimeForm, moment: datetime) -> HttpResponse:
    ranges = list(IncognitoRange.objects.filter(user=member))
    on = [each for each in ranges if each.starts_at <= moment and (each.ends_at is None or each.ends_at > moment)]
    context = {
        "page": "private_times",
        "form": form,
        "refused": form,
        "on": on[0] if on else None,
        "ranges": [each for each in ranges if each not in on],
        "hours": list(HOURS),
        "zone": _zone(member),
    }
    return render(request, "listening/private_times.html", context)


def _zone(member: User) -> ZoneInfo:
    zone = Listener.objects.filter(pk=member.pk).values_list("zone", flat=True).first()
    return ZoneInfo(zone or member.timezone)

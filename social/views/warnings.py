"""What every page tells a member from the moderators: a suspension while it lasts, a warning until it is read."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from sidetrack.pacing import paced
from social.models import User
from social.moderation import acknowledge_warnings, unread_warnings
from social.standing import suspended_until


def notice(request: HttpRequest | None) -> SafeString | None:
    """Fills the slot "page:notices"; visitors cost no query."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return None
    warnings = list(unread_warnings(user))
    return render_to_string("social/_warnings.html", {"warnings": warnings}, request) if warnings else None


def suspension(request: HttpRequest | None) -> SafeString | None:
    """Fills the slot "page:notices": until when, and why. The member is read already: it costs no query."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated or not user.is_suspended(now()):
        return None
    return render_to_string("social/_suspension.html", {"member": user, "until": suspended_until(user)}, request)


@require_POST
@login_required
@paced
def read_warnings(request: HttpRequest) -> HttpResponse:
    """The member has read them; back to where they were."""
    acknowledge_warnings(member=cast(User, request.user), now=now())
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if is_ours and back.startswith("/") else "/")

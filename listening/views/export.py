"""A member's own listens to take along."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from listening.exporting import listens_zip
from sidetrack.pacing import too_often
from social.models import User

AN_HOUR = 6  # each reads everything the member ever heard


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The zip, made while it is sent."""
    member, moment = cast(User, request.user), now()
    name = f"sidetrack_{member.handle}_{moment:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    if too_often(f"export:{member.pk}", limit=AN_HOUR, window_s=3600) is not None:
        messages.error(request, _("You took your listens along several times in this hour. Try again in the next."))
        return redirect("listening:imports")
    return StreamingHttpResponse(listens_zip(member, now=moment), content_type="application/zip", headers=headers)

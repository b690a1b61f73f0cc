"""A member's data: asked for, watched while it is made, fetched by its owner alone."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sidetrack.pacing import paced
from social.errors import Refused
from social.models import DataExport, User
from social.own_data import exporting, leaving


def _context(request: HttpRequest) -> dict[str, object]:
    exports = list(DataExport.objects.filter(user=cast(User, request.user))[:20])
    is_moving = any(each.state in {DataExport.State.WAITING, DataExport.State.RUNNING} for each in exports)
    return {"exports": exports, "is_moving": is_moving}


@login_required
@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    wish = leaving.is_leaving(cast(User, request.user))
    return render(request, "social/settings_data.html", {**_context(request), "wish": wish})


@login_required
@never_cache
@require_safe
def exports_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for the page to renew."""
    return render(request, "social/_exports.html", _context(request))


@login_required
@require_POST
@paced
def ask_for_export(request: HttpRequest) -> HttpResponse:
    try:
        exporting.ask_for_export(member=cast(User, request.user), now=now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("social:settings_data")


@login_required
@never_cache
@require_safe
def fetch_export(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The zip, for its owner, for a week. Whose else it is, nobody learns that it exists."""
    member, moment = cast(User, request.user), now()
    export = get_object_or_404(DataExport, pk=export_id, user=member)
    place = exporting.file_of(export, now=moment)
    if place is None:
        raise Http404
    name = f"sidetrack-data_{member.handle}_{export.asked_at:%Y-%m-%d}.zip"
    response = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_POST
@paced
def forget_export(request: HttpRequest, export_id: int) -> HttpResponse:
    """Delete one's own zip before its week is over, or the word of one that failed."""
    over = DataExport.objects.filter(state__in=[DataExport.State.READY, DataExport.State.FAILED])
    exporting.forget_export(get_object_or_404(over, pk=export_id, user=cast(User, request.user)))
    messages.success(request, _("The file is deleted."))
    return redirect("social:settings_data")

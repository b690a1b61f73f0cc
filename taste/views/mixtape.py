"""A week's mixtape as a file, for whoever may read the week; and the button that keeps it."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from taste.dashboard.windows import week_of
from taste.mixtapes import TOO_LITTLE, mixtape_of
from taste.playlists import writing
from taste.playlists.exporting import FORMATS, file_of, sheet_of_mixtape
from taste.views.dashboard.asking import Asked, dashboard_page


@dashboard_page
def mixtape_file(asked: Asked, text: str, ending: str) -> HttpResponse:
    mixtape = mixtape_of(asked.member, _monday_or_404(text), now=asked.clock.now) if ending in FORMATS else None
    if mixtape is None:
        raise Http404
    page = asked.request.build_absolute_uri(asked.to("week", mixtape.key))
    return file_of(sheet_of_mixtape(mixtape, user=asked.member, address=page, now=asked.clock.now), ending)


def exports(asked: Asked, key: str) -> list[tuple[str, str]]:
    """What the mixtape of the week can be saved as: a name and an address each."""
    return [(kind.label, asked.to("mixtape_file", key, kind.ending)) for kind in FORMATS.values()]


@login_required
@require_POST
@paced
def keep_mixtape(request: HttpRequest, text: str) -> HttpResponse:
    """The mixtape of the member's own week becomes one of their lists; the same week again brings it up to date."""
    member, now, monday = cast(User, request.user), timezone.now(), _monday_or_404(text)
    mixtape = mixtape_of(member, monday, now=now)
    if mixtape is None:
        messages.error(request, _(TOO_LITTLE))
        return redirect("taste:week", text)
    try:
        row = writing.save_mixtape(user=member, mixtape=mixtape, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("taste:week", text)
    return redirect("taste:playlist", row.pk)


def _monday_or_404(text: str) -> date:
    try:
        return week_of(text)
    except ValueError as problem:
        raise Http404 from problem

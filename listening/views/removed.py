"""What a member took out or put right, and how to take that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from listening import corrections
from listening.duplicates import Stamp, groups
from listening.models import Correction, Listener, RemovedListen, Source
from listening.telling_apart import musics_of
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User

PAGE_SIZE = 50
MAX_IDS, MAX_DIGITS = 20, 18  # a play has as many rows as sources


@dataclass(frozen=True, slots=True)
class Out:
    """A play that was taken out: the rows that told it went together and come back together."""

    rows: list[RemovedListen]

    @property
    def first(self) -> RemovedListen:
        return self.rows[0]

    @property
    def sources(self) -> str:
        return ", ".join(Source(row.source).label for row in self.rows)

    @property
    def moved_to(self) -> datetime | None:
        return self.first.moved_to


@login_required
@never_cache
@require_safe
def removed(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    listener = Listener.objects.filter(pk=member.pk).first() or Listener(user=member, zone=member.timezone)
    rows = RemovedListen.objects.filter(user=member, correction__isnull=True).select_related("track__artist", "album")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    said = Correction.objects.filter(user=member, undone_at__isnull=True).select_related("track__artist")
    context = {
        "page": "listen_removed",
        "rows": page,
        "outs": _plays(list(page)),
        "corrections": said.annotate(n_removed=Count("removed")).order_by("-created_at", "-pk"),
        "zone": ZoneInfo(listener.zone),
    }
    return render(request, "listening/removed.html", context)


@login_required
@require_POST
@paced
def restore(request: HttpRequest) -> HttpResponse:
    given = [text for text in request.POST.getlist("removed")[:MAX_IDS] if text.isascii() and text.isdigit()]
    ids = [int(text) for text in given if len(text) <= MAX_DIGITS]
    try:
        n_back = corrections.restore(user=cast(User, request.user), removed_ids=ids, now=now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if n_back:
            messages.success(request, _("The play is back where it was."))
    return redirect("listening:removed")


@login_required
@require_POST
@paced
def undo_correction(request: HttpRequest, pk: int) -> HttpResponse:
    member = cast(User, request.user)
    try:
        corrections.undo_correction(user=member, correction_id=pk, now=now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("That is taken back: the names mean again what they meant."))
    return redirect("listening:removed")


def _plays(rows: list[RemovedListen]) -> list[Out]:
    """The rows by play, in the order given."""
    musics = musics_of({row.track_id for row in rows})
    stamps = [
        Stamp(
            second=int(row.played_at.timestamp()),
            music=(musics[row.track_id].key, row.removed_at),
            delivery=(row.source, row.import_batch_id),
            ms=row.ms_played or musics[row.track_id].duration_ms,
            source=row.source,
        )
        for row in rows
    ]
    together = groups(stamps)
    alone = {at for group in together for at in group}
    plays = [*together, *([at] for at in range(len(rows)) if at not in alone)]
    return [Out([rows[at] for at in play]) for play in sorted(plays)]

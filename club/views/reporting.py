"""Telling the moderators about words that should not stand: a review, a pitch, a note on a list.

Each has an address of its own, whose form also stands folded beside the words (`club/_report.html`). Only what its
reader may see can be reported; anything else is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from club.models import Nomination, Rating, WantedAlbum
from club.views.shelves import back
from sidetrack.pacing import paced
from social.errors import Refused
from social.forms import ReportForm
from social.models import User
from social.reports import report
from social.visibility import shown_ids


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote about an album. page: the path of the page where it stands, anchor: where on it."""

    row: Rating | Nomination | WantedAlbum
    page: str
    anchor: str

    @property
    def text(self) -> str:
        return self.row.words


Find = Callable[[User, int], Words]


def reporting(find: Find) -> Any:
    """Turns a finder, which answers words that the member may read or raises Http404, into their report's page."""

    @wraps(find)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        member = cast(User, request.user)  # login_required
        words = find(member, pk)
        form = ReportForm(request.POST if request.method == "POST" else None)
        status = 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                try:
                    _row, is_new = report(
                        reporter=member, obj=words.row, address=f"{words.page}#{words.anchor}", quote=words.text,
                        subject=words.row.user, reason=form.cleaned_data["reason"], now=timezone.now(),
                    )  # fmt: skip
                except Refused as refusal:
                    form.add_error(None, refusal.message)
                    status = 409
                else:
                    said = _("Thank you. A moderator will look at it.")
                    messages.success(request, said if is_new else _("You have reported this already."))
                    return back(request, f"{words.page}#main")
        context = {"words": words, "form": form, "refused": form if form.errors else None}
        return render(request, "club/report.html", context, status=status)

    return login_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(paced(view))))


@reporting
def report_rating(member: User, pk: int) -> Words:
    """Of a week or outside the weeks."""
    rows = Rating.objects.standing().visible_to(member).exclude(review="", favorite_track="")
    rating = get_object_or_404(rows.select_related("user", "album", "week"), pk=pk)
    page = rating.week.get_absolute_url() if rating.week else rating.album.get_absolute_url()
    return Words(rating, page, f"rating-{rating.pk}")


@reporting
def report_nomination(member: User, pk: int) -> Words:
    """What was written for it; a nomination without a name shows no words."""
    rows = Nomination.objects.standing().exclude(pitch="", pitch_track="", pitch_track_url="")
    rows = rows.filter(user__in=shown_ids(rows.filter(pk=pk).values_list("user", flat=True), member))
    nomination = get_object_or_404(rows.select_related("user", "album", "week"), pk=pk)
    return Words(nomination, nomination.week.get_absolute_url(), f"nomination-{nomination.pk}")


@reporting
def report_note(member: User, pk: int) -> Words:
    """On somebody's list of albums to hear."""
    rows = WantedAlbum.objects.standing().visible_to(member).exclude(note="").filter(user__is_active=True)
    wanted = get_object_or_404(rows.select_related("user", "album"), pk=pk)
    return Words(wanted, f"/@{wanted.user.handle}/wants/", f"want-{wanted.pk}")

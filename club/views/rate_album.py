"""Rating any album at any time, outside the club's weeks: a page of its own, reached from the album's."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.models import Album
from club.errors import ClubRuleBroken
from club.forms import RatingForm
from club.models import Rating
from club.ratings import clear_rating, rate_outside
from sidetrack.pacing import paced
from social.models import User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def rate_album(request: HttpRequest, slug: str) -> HttpResponse:
    album = get_object_or_404(Album.objects.current().select_related("artist"), slug=slug)
    member = cast(User, request.user)
    own = Rating.objects.filter(week=None, user=member, album=album).first()
    lines = list(album.lines.select_related("track").order_by("disc", "position"))
    form = RatingForm(request.POST if request.method == "POST" else None, lines=lines, rating=own)
    status = 200
    if request.method == "POST":
        try:
            if done := _act(form, member, album, own, clear="clear" in request.POST):
                messages.success(request, done)
                return redirect(album)
            status = 400
        except ClubRuleBroken as broken:
            form.add_error(None, broken.message)
            status = 409
    context = {"album": album, "form": form, "lines": lines, "refused": form if form.errors else None}
    return render(request, "club/rate_album.html", context, status=status)


def _act(form: RatingForm, member: User, album: Album, own: Rating | None, *, clear: bool) -> str:
    """Rate, or take the rating back; what was done in words, or "" where the form is not right yet."""
    now = timezone.now()
    if clear:
        if own is not None:
            clear_rating(rating=own, by=member, now=now)
        return _("Your rating is gone.")
    if not form.is_valid():
        return ""
    said = dict(form.cleaned_data)
    line = said.pop("track")
    track = line.track if line else None
    said["favorite_track"] = track.title if track else said["favorite_track"]
    rating, _is_new = rate_outside(member=member, album=album, track=track, now=now, **said)
    return _("Saved %(stars).1f.") % {"stars": rating.stars}

"""`/playlists/`: lists of tracks that a member keeps; each has a page, and is a file in three forms."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Track
from sidetrack.pacing import paced
from social.errors import Refused
from social.forms import ReportForm
from social.models import User
from social.reports import report
from social.views.profile import for_one_reader
from taste.models import Playlist
from taste.playlists import reading, services, writing
from taste.playlists.exporting import FORMATS, file_of, sheet_of
from taste.views.playlist_parts import list_context

PAGE_SIZE = 50


@login_required
@never_cache
@require_safe
def playlists(request: HttpRequest) -> HttpResponse:
    rows = reading.owned(cast(User, request.user)).order_by("-updated_at", "-pk")
    counted = rows.annotate(n_tracks=Count("lines"), ms=Sum("lines__track__duration_ms"))
    page = Paginator(counted, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "taste/playlists.html", {"rows": page})


@require_safe
def playlist(request: HttpRequest, pk: int) -> HttpResponse:
    row = _readable(request, pk)
    if row.kind == Playlist.Kind.BLEND:
        other = User.objects.filter(pk=row.key).first()
        if other is not None:
            return redirect("taste:blend", other.handle)
    context = list_context(row, request.user)
    return for_one_reader(render(request, "taste/playlist.html", context))


@require_safe
def playlist_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    if ending not in FORMATS:
        raise Http404
    row = _readable(request, pk)
    sheet = sheet_of(
        row,
        address=request.build_absolute_uri(reverse("taste:playlist", args=[row.pk])),
        with_reasons=reading.shows_reasons(row, request.user),
    )
    return for_one_reader(file_of(sheet, ending))


@login_required
@require_POST
@paced
def make(request: HttpRequest) -> HttpResponse:
    try:
        made = writing.make(user=cast(User, request.user), title=request.POST.get("title", ""), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("taste:playlists")
    return redirect("taste:playlist", made.pk)


@login_required
@require_POST
@paced
def add(request: HttpRequest) -> HttpResponse:
    """`track`, and if wanted `playlist`, `reason` and `next`: “Add to playlist” wherever tracks are shown."""
    member = cast(User, request.user)
    track = get_object_or_404(Track.objects.current(), pk=_number(request, "track"))
    chosen = None
    if request.POST.get("playlist"):
        chosen = get_object_or_404(Playlist, pk=_number(request, "playlist"), user=member)
    reason = request.POST.get("reason", "")
    try:
        row = writing.add_track(user=member, track=track, playlist=chosen, reason=reason, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _back(request, "taste:playlists")
    messages.success(
        request, _("“%(track)s” stands on your list “%(list)s”.") % {"track": track.title, "list": row.title}
    )
    return _back(request, "taste:playlist", row.pk)


@login_required
@require_POST
@paced
def send(request: HttpRequest, pk: int, service: str) -> HttpResponse:
    """Have a job bring the list to Spotify or ListenBrainz, or bring up to date what stands there."""
    member = cast(User, request.user)
    row = get_object_or_404(reading.owned(member), pk=pk)
    try:
        services.ask(user=member, playlist=row, service=service, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        label = services.Service(service).label
        messages.success(request, _("The list goes to %(service)s in a moment.") % {"service": label})
    return redirect("taste:playlist", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def report_playlist(request: HttpRequest, pk: int) -> HttpResponse:
    """A page with one field, so that it works without JavaScript and by keyboard."""
    row, reporter = _readable(request, pk), cast(User, request.user)
    if row.user_id == reporter.pk:
        messages.error(request, _("This is your own list: you can change it yourself."))
        return redirect("taste:playlist", pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report(
                reporter=reporter,
                obj=row,
                address=reverse("taste:playlist", args=[row.pk]),
                quote="\n".join(text for text in (row.title, row.note) if text),
                subject=row.user,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The moderators will look at it."))
            return redirect("taste:playlist", pk)
    context = {"playlist": row, "form": form, "refused": form if form.errors else None}
    return render(request, "taste/playlist_report.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@paced
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """edit (title, note, visibility), move (line, to), remove (line), delete."""
    member, now = cast(User, request.user), timezone.now()
    row = get_object_or_404(reading.owned(member), pk=pk)
    about: dict[str, Any] = {"user": member, "playlist": row}
    try:
        match verb:
            case "edit":
                title, note, level = (request.POST.get(name, "") for name in ("title", "note", "visibility"))
                is_by_hand = row.kind == Playlist.Kind.MINE
                writing.edit(**about, title=title if is_by_hand else row.title, note=note, visibility=level, now=now)
                messages.success(request, _("Saved."))
            case "move":
                writing.move(**about, line_id=_number(request, "line"), to=_number(request, "to"), now=now)
            case "remove":
                writing.remove(**about, line_id=_number(request, "line"), now=now)
            case "delete":
                writing.delete(**about)
                messages.success(request, _("“%(list)s” is deleted.") % {"list": row.title})
                return redirect("taste:playlists")
            case _:
                raise Http404
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("taste:playlist", pk)


def _readable(request: HttpRequest, pk: int) -> Playlist:
    found: Playlist = get_object_or_404(reading.with_lines(reading.readable(request.user)), pk=pk)
    return found


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return int(text)


def _back(request: HttpRequest, *otherwise: Any) -> HttpResponse:
    """To the page that the button stood on, where it says so and lies on this site."""
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to) if to and is_ours else redirect(*otherwise)  # redirect() takes names of views too

"""One play of the member's own: another time, other names, not music, gone."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Track
from catalog.naming import get_or_create_album, get_or_create_track
from listening import corrections
from listening.corrections.forms import NamesForm, TimeForm
from listening.models import Listener, ListenEvent
from listening.views.duplicates import groups_of
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from social.standing import require_active


@login_required
@never_cache
@require_safe
def edit_listen(request: HttpRequest, pk: int) -> HttpResponse:
    play = _play_or_404(request, pk)
    zone = _zone(play.user)
    return _page(request, play, TimeForm(zone=zone, played_at=play.played_at), NamesForm(play=play))


@login_required
@require_POST
@paced
def delete_listen(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone already is as good as deleted."""
    member = cast(User, request.user)
    removed = corrections.delete_listens(user=member, listen_ids=[pk], now=now())
    if removed:
        link = format_html('<a href="{}">{}</a>', reverse("listening:removed"), _("Put it back"))
        said = _("“{title}” is deleted, and stays deleted when your sources are read again. {link}")
        messages.success(request, format_html(said, title=removed[0].track.title, link=link))
    return redirect(_back(request, member))


@login_required
@never_cache
@require_POST
@paced
def move_listen(request: HttpRequest, pk: int) -> HttpResponse:
    play, moment = _play_or_404(request, pk), now()
    form = TimeForm(request.POST, zone=_zone(play.user), played_at=play.played_at)
    if form.is_valid():
        try:
            corrections.move_listen(user=play.user, listen_id=pk, played_at=form.cleaned_data["played_at"], now=moment)
        except Refused as refusal:
            form.add_error("played_at", refusal.message)
        else:
            messages.success(request, _("The play stands at its new time."))
            return redirect(_back(request, play.user))
    return _page(request, play, form, NamesForm(play=play), refused=form)


@login_required
@never_cache
@require_POST
@paced
def rename_listens(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sources call this is another track; for all plays of these names."""
    play, moment = _play_or_404(request, pk), now()
    form = NamesForm(request.POST, play=play)
    if form.is_valid() and not form.has_changed():
        messages.info(request, _("The names are as they were."))
        return redirect(_back(request, play.user))
    if form.is_valid():
        try:
            track = _rename(play, form, now=moment)
        except Refused as refusal:
            form.add_error("title", refusal.message)
        else:
            messages.success(request, _("These names mean “%(track)s” in your listens from now on.") % {"track": track})
            return redirect(_back(request, play.user))
    return _page(request, play, TimeForm(zone=_zone(play.user), played_at=play.played_at), form, refused=form)


def _rename(play: ListenEvent, form: NamesForm, *, now: datetime) -> Track:
    require_active(play.user, now)
    said = form.cleaned_data
    track, _is_new = get_or_create_track(title=said["title"], artist=said["artist"])
    album = None
    if said["album"] and "album" in form.changed_data:
        album, _is_new = get_or_create_album(title=said["album"], artist=said["artist"])
    corrections.relink(user=play.user, msid=play.msid, track=track, album=album, now=now)
    return track


@login_required
@require_POST
@paced
def say_not_music(request: HttpRequest, pk: int) -> HttpResponse:
    play = _play_or_404(request, pk)
    corrections.not_music(user=play.user, msid=play.msid, now=now())
    link = format_html('<a href="{}">{}</a>', reverse("listening:removed"), _("Take that back"))
    said = _("“{title}” is not music: its plays are taken out. {link}")
    messages.success(request, format_html(said, title=play.track.title, link=link))
    return redirect(_back(request, play.user))


def _play_or_404(request: HttpRequest, pk: int) -> ListenEvent:
    """Only one's own."""
    mine = ListenEvent.objects.filter(user=cast(User, request.user))
    play: ListenEvent = get_object_or_404(
        mine.select_related("user", "track__artist", "artist", "album__artist"), pk=pk
    )
    return play


def _zone(member: User) -> ZoneInfo:
    return ZoneInfo(Listener.objects.get(pk=member.pk).zone)


def _back(request: HttpRequest, member: User) -> str:
    """To where the member came from, else to their plays."""
    target = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if is_ours and target.startswith("/"):
        return target
    return reverse("listening:recent", args=[member.handle])


def _page(
    request: HttpRequest, play: ListenEvent, time_form: TimeForm, names_form: NamesForm, *, refused: Form | None = None
) -> HttpResponse:
    stands = play.duplicate_of or play
    context = {
        "page": "listens",
        "play": play,
        "zone": _zone(play.user),
        "time_form": time_form,
        "names_form": names_form,
        "refused": refused,
        "told": groups_of([stands])[0].told,
        "n_of_these_names": ListenEvent.objects.counted().filter(user=play.user_id, msid=play.msid).count(),
        "back": _back(request, play.user),
    }
    return render(request, "listening/edit.html", context, status=400 if refused else 200)

"""Names in a member's listens that nobody could tell: search, link, or say that it is no music."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.clients.musicbrainz_records import RecordingRecord
from catalog.models import Track
from catalog.names import plain_name, plain_title, tidy
from catalog.outside_search import look_up_recording, read_recording_address, search_musicbrainz_recordings
from catalog.search import search_tracks
from listening.models import TrackTotal
from listening.resolving import answers
from sidetrack.http import ExternalApiError, TryLater
from sidetrack.pacing import paced, too_often
from social.errors import Refused
from social.models import User

PAGE_SIZE = 50
N_OURS, N_THEIRS = 6, 10
SEARCHES_A_MINUTE = 20


@dataclass(frozen=True)
class Candidates:
    """What may be meant: tracks that we hold, recordings that MusicBrainz knows, and what is missing from these."""

    ours: list[Track]
    theirs: tuple[RecordingRecord, ...]
    notice: str = ""


@login_required
@never_cache
@require_safe
def unresolved(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    totals = Paginator(answers.unresolved_of(member), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": "listen_unresolved", "totals": totals}
    return render(request, "listening/unresolved.html", context)


@login_required
@never_cache
@require_safe
@paced
def unresolved_track(request: HttpRequest, pk: int) -> HttpResponse:
    total = _total_or_404(request, pk)
    query = tidy(request.GET.get("q", ""))[:200]
    context = {
        "page": "listen_unresolved",
        "total": total,
        "track": total.track,
        "query": query,
        "heard": " ".join(_searched(total.track)),
        "candidates": candidates(total.track, query, member=cast(User, request.user)),
    }
    return render(request, "listening/unresolved_track.html", context)


@login_required
@require_POST
@paced
def link_track(request: HttpRequest, pk: int) -> HttpResponse:
    """To a track that we hold (`track`), or a recording by its id or address (`recording`)."""
    member, moment, total = cast(User, request.user), now(), _total_or_404(request, pk)
    try:
        meant = _meant(request)
        track, _said = answers.link(user=member, track=total.track, meant=meant, now=moment)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("listening:unresolved_track", pk)
    said = _("“{heard}” means “{track}” in your listens from now on. {link}")
    messages.success(request, format_html(said, heard=total.track.title, track=track, link=_take_back()))
    return redirect("listening:unresolved")


@login_required
@require_POST
@paced
def unresolved_not_music(request: HttpRequest, pk: int) -> HttpResponse:
    member, total = cast(User, request.user), _total_or_404(request, pk)
    answers.not_music(user=member, track=total.track, now=now())
    said = _("“{title}” is not music: its plays are taken out. {link}")
    messages.success(request, format_html(said, title=total.track.title, link=_take_back()))
    return redirect("listening:unresolved")


def candidates(track: Track, query: str, *, member: User) -> Candidates:
    """For the words that the member typed, else for the names as they were heard.

    One member may not take all turns that MusicBrainz gives this site.
    """
    artist, title = _searched(track)
    found = search_tracks(query or f"{artist} {title}", limit=N_OURS + 1)
    ours = [each for each in found if each.pk != track.pk and each.recording_mbid][:N_OURS]
    if too_often(f"musicbrainz:{member.pk}", limit=SEARCHES_A_MINUTE, window_s=60) is not None:
        return Candidates(ours, (), _("You searched very often. Load this page again in a minute."))
    try:
        theirs = search_musicbrainz_recordings(words=query, artist=artist, title=title, limit=N_THEIRS, now=now())
    except TryLater:
        return Candidates(ours, (), _("MusicBrainz is busy. Load this page again in a minute."))
    except ExternalApiError:
        return Candidates(ours, (), _("MusicBrainz gave no answer that makes sense."))
    held = {each.recording_mbid for each in ours}
    return Candidates(ours, tuple(record for record in theirs if record.mbid not in held))


def _searched(track: Track) -> tuple[str, str]:
    """Artist and title without guests and editions."""
    return plain_name(track.artist_credit or track.artist.name), plain_title(track.title)


def _total_or_404(request: HttpRequest, pk: int) -> TrackTotal:
    """Only what the member plays, and only while no recording of it is known."""
    return get_object_or_404(answers.unresolved_of(cast(User, request.user)), track=pk)


def _meant(request: HttpRequest) -> Track | RecordingRecord:
    chosen = request.POST.get("track", "")
    if chosen.isascii() and chosen.isdigit():
        track = Track.objects.current().filter(pk=int(chosen[:18]), recording_mbid__isnull=False).first()
        if track is None:
            raise Refused(_("That track is gone."), code="gone")
        return track
    mbid = read_recording_address(request.POST.get("recording", ""))
    if mbid is None:
        raise Refused(_("Paste the address of a recording: https://musicbrainz.org/recording/…"), code="no_address")
    return look_up_recording(mbid, now=now())


def _take_back() -> str:
    return format_html('<a href="{}">{}</a>', reverse("listening:removed"), _("Take that back"))

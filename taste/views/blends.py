"""`/blends/`: what stands between a member and others, and the page of one blend: asking, answering, the list."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from taste.blends import asking
from taste.blends.standing import Standing, blends_of, leans_of, may_blend, possible_partners, standing_between
from taste.matching.showing import nearest_to
from taste.models import Blend, Playlist
from taste.playlists import reading
from taste.views.playlist_parts import list_context

N_OFFERED = 6
DONE = {
    "ask": "%(name)s is asked. Once they accept, the list is made.",
    "accept": "You and %(name)s have a blend: it is being made.",
    "decline": "The question of %(name)s is gone. They are not told.",
    "leave": "There is nothing left between you and %(name)s: both lists are gone.",
    "lean": "The blend is made anew. Look again in a moment.",
    "renew": "The blend is made anew. Look again in a moment.",
}


@login_required
@never_cache
@require_safe
def blends(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    found = blends_of(member)
    known = {each.other.pk for each in found}
    near = [each for each in nearest_to(member, n=N_OFFERED + len(known)) if each.member.pk not in known]
    there = set(possible_partners(member).filter(pk__in=[each.member.pk for each in near]).values_list("pk", flat=True))
    context = {
        "on": [each for each in found if each.is_on],
        "to_answer": [each for each in found if each.was_asked],
        "waiting": [each for each in found if each.is_waiting],
        "offered": [each for each in near if each.member.pk in there][:N_OFFERED],
        "shows_matches": member.shows_matches,
    }
    return render(request, "taste/blends.html", context)


@login_required
@never_cache
@require_safe
def blend(request: HttpRequest, handle: str) -> HttpResponse:
    """What stands between the member and this one, or the question whether to ask."""
    member, other = cast(User, request.user), _other(request, handle)
    standing = standing_between(member, other)
    context = {"other": other, "member": member, "standing": standing, "new_leans": leans_of(str(member), str(other))}
    if standing is not None and standing.is_on:
        row = reading.with_lines(reading.owned(member).filter(kind=Playlist.Kind.BLEND, key=str(other.pk))).first()
        context |= {"playlist": row} | (list_context(row, request.user) if row is not None else {})
    return render(request, "taste/blend.html", context)


@login_required
@require_POST
@paced
def answer(request: HttpRequest, handle: str, verb: str) -> HttpResponse:
    """ask, accept, decline, leave, lean (all with `lean` where it is chosen), renew."""
    if verb not in DONE:
        raise Http404
    member, other, now = cast(User, request.user), _other(request, handle), timezone.now()
    lean = request.POST.get("lean", "")
    standing = standing_between(member, other)
    try:
        if verb == "ask":
            # The form was read before anybody's row was: `asker` in it is who presses the button.
            made = asking.ask(by=member, whom=other, lean=lean or Blend.Lean.EVEN, now=now)
            verb = "accept" if made.accepted_at else "ask"
        elif standing is None:
            return redirect("taste:blends")
        else:
            _do(verb, member, standing, lean, now)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _(DONE[verb]) % {"name": other})
    return redirect("taste:blends") if verb in {"decline", "leave"} else redirect("taste:blend", other.handle)


def _do(verb: str, member: User, standing: Standing, lean: str, now: datetime) -> None:
    blend = standing.blend
    match verb:
        case "accept":
            asking.accept(by=member, blend=blend, now=now)
        case "decline":
            asking.decline(by=member, blend=blend, now=now)
        case "leave":
            asking.leave(by=member, blend=blend)
        case "lean":
            asking.choose_lean(by=member, blend=blend, lean=lean, now=now)
        case "renew":
            asking.want_anew(by=member, blend=blend, now=now)


def _other(request: HttpRequest, handle: str) -> User:
    """Somebody with whom there may be a blend; nobody is told whether others exist."""
    other: User | None = User.objects.by_handle(handle).filter(is_active=True).first()
    if other is None or not may_blend(cast(User, request.user), other):
        raise Http404
    return other

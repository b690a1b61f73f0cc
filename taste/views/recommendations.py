"""`/recommendations/`: what to hear next, why, and what a member says to it."""

from __future__ import annotations

from collections import Counter
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Album
from club.models import WantedAlbum
from listening.models import Listener
from listening.views.access import address
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import Follow, User
from taste.matching.population import AT_LEAST, learned_from
from taste.models import UserRecommendation
from taste.recommending import feedback as stories
from taste.recommending.club import HIGH
from taste.recommending.shelf import LEAST_LEARNERS
from taste.recommending.showing import shown_to

Feedback = UserRecommendation.Feedback
Kind = UserRecommendation.Kind
TAKEN_BACK = gettext_noop("“%(album)s” may be recommended to you again.")
N_SAID = 20


@login_required
@never_cache
@require_safe
def recommendations(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    every = shown_to(member, member)
    kinds = Counter(row.kind for row in every)
    kind = request.GET.get("kind", "")
    rows = [row for row in every if row.kind == kind] if kind in kinds else every
    wanted = WantedAlbum.objects.filter(user=member, album__in=[row.album.pk for row in rows])
    learners = learned_from().filter(listener__n_listens__gt=0)
    said = UserRecommendation.objects.filter(user=member).exclude(feedback="").select_related("album__artist")
    lately = list(said.order_by("-feedback_at", "pk")[:N_SAID])
    context = {
        "rows": rows,
        "n_all": len(every),
        "kind": kind if kind in kinds else "",
        "kinds": [(name, label, kinds[name]) for name, label in Kind.choices if name in kinds],
        "wanted": set(wanted.values_list("album", flat=True)),
        "computed_at": every[0].computed_at if every else None,
        "feedbacks": Feedback.choices,
        "said": lately,
        "said_now": next((row for row in lately if str(row.album_id) == request.GET.get("said")), None),
        "n_listens": Listener.objects.filter(pk=member.pk).values_list("n_listens", flat=True).first() or 0,
        "n_followed": Follow.objects.filter(follower=member, state=Follow.State.ACCEPTED).count(),
        "n_learners": learners.count(),
        "least_learners": LEAST_LEARNERS,
        "at_least": AT_LEAST,
        "high": HIGH / 2,
    }
    return render(request, "taste/recommendations.html", context)


@login_required
@require_POST
@paced
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's word on an album (`feedback`; empty takes it back)."""
    album = get_object_or_404(Album.objects.current(), pk=pk)
    word = request.POST.get("feedback", "")[:32]
    try:
        stories.say(member=cast(User, request.user), album=album, feedback=word, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        word = ""
    else:
        if not word:  # else the page itself says it, with the way back
            messages.success(request, _(TAKEN_BACK) % {"album": album.title})
    kind = request.POST.get("kind", "")
    back = {"kind": kind if kind in Kind.values else "", "said": str(album.pk) if word else ""}
    return redirect(address(reverse("taste:recommendations"), **back))

"""Pages of followers, following and friends; and of requests that wait for an answer."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sidetrack.pacing import paced
from social.follow_lists import Side, counts_of, members_of, states_of
from social.models import Follow, User
from social.relations import accept_everybody, asked_by, needs_approval, waiting_requests
from social.views.profile import for_one_reader

PAGE_SIZE = 48


@require_safe
def follow_list(request: HttpRequest, handle: str, side: str) -> HttpResponse:
    """Whoever may see a member's page sees the lists, and in them whom they may see anywhere."""
    viewer = request.user
    member = User.objects.by_handle(handle).filter(is_active=True).visible_to(viewer).first()
    if member is None:
        raise Http404
    shown = Side(side)
    if member.handle != handle:
        return redirect(f"social:{shown}", member.handle)
    page = Paginator(members_of(shown, member, viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    states = states_of(viewer, page)
    counts = counts_of(member, viewer)
    context = {
        "member": member,
        "viewer": viewer,
        "is_own": viewer.pk == member.pk,
        "side": shown,
        "sides": [(each, each.label, counts[each]) for each in Side],
        "page": page,
        "members": [(each, states.get(each.pk, "")) for each in page],
    }
    return for_one_reader(render(request, "social/follow_list.html", context))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def requests(request: HttpRequest) -> HttpResponse:
    """Who asks to follow the member, and whom the member has asked; the button lets everybody in."""
    member = cast(User, request.user)
    if request.method == "POST":
        n = accept_everybody(by=member, now=now())
        said = ngettext("%(n)d member follows you now.", "%(n)d members follow you now.", n) % {"n": n}
        messages.success(request, said)
        return redirect("social:requests")
    context = {
        "waiting": waiting_requests(member),
        "asked": asked_by(member),
        "chooses": needs_approval(member),
        "state": Follow.State.REQUESTED,
    }
    return render(request, "social/requests.html", context)

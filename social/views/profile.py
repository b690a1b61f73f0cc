"""A member's page, as far as whoever asks may see it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from social.models import Block, Follow, Mute, User
from social.recap import years_of
from social.relations import needs_approval, waiting_requests
from social.tabs import tabs_for
from social.viewpoint import NAMES, viewpoint_of
from social.visibility import answers_kept


@require_safe
@answers_kept()
def profile(request: HttpRequest, handle: str, tab: str = "") -> HttpResponse:
    """One tab of a member's page; `?as=visitor`, `member` and `follower` show owners what those see."""
    view = viewpoint_of(request, handle)
    viewer = view.viewer
    member = User.objects.by_handle(handle).filter(is_active=True).visible_to(viewer).first()
    if member is None and view.seen_as and str(request.user.get_username()).lower() == handle.lower():
        return for_one_reader(
            render(request, "social/profile_hidden.html", {"member": request.user, "view": view, "views": NAMES})
        )
    if member is None and not tab and isinstance(viewer, User):
        return door(request, viewer, handle)
    if member is None:
        raise Http404
    if member.handle != handle:
        return redirect(member)  # not for good: a handle may change its letters again
    tabs = tabs_for(member, viewer)
    chosen = next((each for each in tabs if each.slug == tab), None)
    if tab and chosen is None:
        raise Http404
    context: dict[str, Any] = {
        "member": member,
        "viewer": viewer,
        "recaps": [] if chosen else years_of(member, viewer)[::-1],
        "view": view,
        "views": NAMES if request.user == member else {},
        "tabs": tabs,
        "tab": chosen,
        "tab_html": chosen.draw(request, member, viewer) if chosen else "",
        "is_own": viewer.pk == member.pk,
    }
    if isinstance(viewer, User) and viewer.pk != member.pk and not view.seen_as:
        context |= between(viewer, member)
    if context["is_own"]:
        context["waiting"] = waiting_requests(member)
    return for_one_reader(render(request, "social/profile.html", context))


def door(request: HttpRequest, viewer: User, handle: str) -> HttpResponse:
    """Who shows themselves to followers alone: a name, and the way to ask. Everybody else's page is not there."""
    member = User.objects.by_handle(handle).filter(is_active=True).meetable_by(viewer).first()
    if member is None:
        raise Http404
    if member.handle != handle:
        return redirect(member)  # not for good: a handle may change its letters again
    context = {"member": member, "viewer": viewer, **between(viewer, member)}
    return for_one_reader(render(request, "social/profile_door.html", context))


def for_one_reader(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def between(viewer: User, member: User) -> dict[str, Any]:
    """What stands between the two, for the buttons."""
    rows = {
        (row.follower_id, row.followed_id): row.state
        for row in Follow.objects.filter(follower__in=[viewer, member], followed__in=[viewer, member])
    }
    mine, theirs = rows.get((viewer.pk, member.pk)), rows.get((member.pk, viewer.pk))
    return {
        "is_following": mine == Follow.State.ACCEPTED,
        "has_asked": mine == Follow.State.REQUESTED,
        "follows_me": theirs == Follow.State.ACCEPTED,
        "asks_me": theirs == Follow.State.REQUESTED,
        "is_muted": Mute.objects.filter(muter=viewer, muted=member).exists(),
        "needs_approval": needs_approval(member),
    }


def blocked_members(member: User) -> list[User]:
    """Whom the member has blocked, by handle."""
    return list(User.objects.filter(pk__in=Block.objects.filter(blocker=member).values("blocked")))


def muted_members(member: User) -> list[User]:
    return list(User.objects.filter(pk__in=Mute.objects.filter(muter=member).values("muted")))

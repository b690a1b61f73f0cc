"""Buttons between two members: follow, mute, block, report, and what takes them back. Plain forms, no script needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sidetrack.pacing import paced
from social import relations
from social.errors import Refused
from social.forms import ReportForm
from social.models import Follow, User
from social.reports import report
from social.visibility import is_visible_to

Act = Callable[..., object]


def follow(*, by: User, whom: User) -> Follow:
    return relations.follow(by=by, whom=whom, now=now())


def accept(*, by: User, whom: User) -> bool:
    return relations.accept_follower(by=by, whom=whom, now=now())


ASKED = gettext_lazy("%(name)s is asked. Once they let you, you follow them.")
ACTS: dict[str, tuple[Act, str | Promise]] = {
    "follow": (follow, gettext_lazy("You follow %(name)s now.")),
    "take_back": (relations.unfollow, gettext_lazy("Your request to %(name)s is taken back.")),
    "unfollow": (relations.unfollow, gettext_lazy("You no longer follow %(name)s.")),
    "accept": (accept, gettext_lazy("%(name)s follows you now.")),
    "remove": (relations.remove_follower, gettext_lazy("%(name)s does not follow you.")),
    "mute": (relations.mute, gettext_lazy("%(name)s is muted. They are not told.")),
    "unmute": (relations.unmute, gettext_lazy("%(name)s is no longer muted.")),
    "block": (relations.block, gettext_lazy("%(name)s is blocked: neither of you sees the other.")),
    "unblock": (relations.unblock, gettext_lazy("%(name)s is no longer blocked.")),
}
# Answering and taking back need no sight of the other, only that there is something between the two.
WITHOUT_SIGHT = frozenset({"unblock", "unmute", "unfollow", "take_back", "accept", "remove"})


def other_member(request: HttpRequest, handle: str, *, act: str = "") -> User:
    """Whom the button is about: a member whom the one who presses it may see, or ask to follow."""
    found = User.objects.by_handle(handle).filter(is_active=True)
    member: User | None = found.meetable_by(request.user).first()
    if member is None and act in WITHOUT_SIGHT:
        member = found.first()
        if member is not None and not relations.has_between(cast(User, request.user), member):
            member = None
    if member is None:
        raise Http404
    return member


def is_meetable(request: HttpRequest, member: User) -> bool:
    return bool(User.objects.filter(pk=member.pk).meetable_by(request.user).exists())


@login_required
@require_POST
@paced
def relate(request: HttpRequest, handle: str) -> HttpResponse:
    """Do what the pressed button says and go back to where it stood."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        return HttpResponseBadRequest("There is no such button.")
    member = other_member(request, handle, act=act)
    function, done = ACTS[act]
    try:
        did = function(by=cast(User, request.user), whom=member)
        if isinstance(did, Follow) and did.state == Follow.State.REQUESTED:
            done = ASKED
        messages.success(request, str(done) % {"name": member})
    except Refused as refusal:
        messages.error(request, refusal.message)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if not (is_ours and back.startswith("/")):  # a bare word would be the name of a view
        back = member.get_absolute_url() if is_meetable(request, member) else reverse("social:community")
    return redirect(back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def report_member(request: HttpRequest, handle: str) -> HttpResponse:
    """Tell the moderators about a profile, with a reason."""
    viewer, member = cast(User, request.user), other_member(request, handle)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _made, is_new = report(
                reporter=viewer,
                obj=member,
                address=member.get_absolute_url(),
                quote=f"{member} (@{member.handle})" + (f"\n{member.bio}" if is_visible_to(member, viewer) else ""),
                subject=member,
                reason=form.cleaned_data["reason"],
                now=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("Thank you: a moderator will look at it.") if is_new else _("You have reported this already."),
            )
            return redirect(member)
    status = 400 if form.errors else 200
    return render(request, "social/report.html", {"member": member, "form": form, "refused": form}, status=status)

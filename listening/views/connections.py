"""Where a member's listens come from: accounts elsewhere, tokens for programs, what to enter where."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from listening.forms import ListenTokenForm
from listening.linking.showing import connections_of, sign_ins_of
from listening.listenbrainz.programs import programs
from listening.models import ListenToken
from listening.syncing.asking import ask_for_reading
from listening.syncing.sources import SOURCES
from listening.tokens import living_tokens, make_token, revoke_token
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User
from social.settings_menu import Section, SettingsLink


def settings_link(request: HttpRequest) -> SettingsLink:
    """The way here, among the links of settings."""
    return SettingsLink(Section.YOU, _("Connections"), reverse("listening:connections"), place=15)


@login_required
@never_cache
@sensitive_variables("raw")
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def connections(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; POST makes a token, which is in this one answer and nowhere else."""
    member, moment = cast(User, request.user), now()
    form = ListenTokenForm(request.POST or None)
    made, raw = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, raw = make_token(user=member, name=form.cleaned_data["name"], now=moment)
            form = ListenTokenForm()
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "page": "connections",
        "form": form,
        "refused": form if form.errors else None,
        "made": made,
        "raw": raw,
        "tokens": living_tokens(member),
        "programs": programs(site=settings.SITE_URL, handle=member.handle),
        "sign_ins": [(link.get_provider_display(), link.name_there) for link in sign_ins_of(member)],
        **_services(member),
    }
    return render(request, "listening/connections.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@paced
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Only one's own."""
    token = get_object_or_404(ListenToken, user=cast(User, request.user), pk=token_id)
    revoke_token(token=token, now=now())
    messages.success(request, _("“%(name)s” sends nothing here any more.") % {"name": token.name})
    return redirect("listening:connections")


@login_required
@require_POST
@paced
def read_now(request: HttpRequest, source: str) -> HttpResponse:
    """Have one account read out of turn."""
    if source not in SOURCES:
        raise Http404
    label = SOURCES[source].label
    try:
        asked = ask_for_reading(user=cast(User, request.user), now=now(), source=source)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("listening:connections")
    if not asked:
        messages.error(request, _("No account of %(service)s is connected.") % {"service": label})
    elif SOURCES[source].missing():
        messages.error(request, _("%(service)s is off on this site.") % {"service": label})
    else:
        messages.success(request, _("%(service)s will be read in a moment.") % {"service": label})
    return redirect("listening:connections")


@login_required
@never_cache
@require_safe
def services_list(request: HttpRequest) -> HttpResponse:
    """The services alone, for the page to refresh itself by while one of them is read."""
    return render(request, "listening/_services.html", _services(cast(User, request.user)))


def _services(member: User) -> dict[str, Any]:
    services = connections_of(member, now=now())
    return {"services": services, "is_moving": any(each.is_moving for each in services)}

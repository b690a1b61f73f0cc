"""Where a member's listens come from: programs with their tokens, accounts elsewhere, files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from listening.forms import ListenTokenForm
from listening.listenbrainz.programs import programs
from listening.models import ListenToken, SyncState
from listening.syncing.accounts import accounts
from listening.syncing.asking import ask_for_reading
from listening.syncing.registry import STOPPED
from listening.syncing.sources import SOURCES
from listening.tokens import living_tokens, make_token, revoke_token
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User


@dataclass(frozen=True)
class Service:
    """One service that is read, and how the member's account stands there.

    account: whose listens are read; "" where none is connected. state: None until the account is first looked at.
    """

    source: str
    label: str
    is_off: bool
    account: str
    state: SyncState | None
    now: datetime

    @property
    def is_reading(self) -> bool:
        lease = self.state.lease_until if self.state else None
        return lease is not None and lease > self.now

    @property
    def is_stopped(self) -> bool:
        return self.state is not None and self.state.status in STOPPED

    @property
    def may_be_asked(self) -> bool:
        """Whether reading it out of turn could bring anything."""
        must_be_connected = self.state is not None and self.state.status == SyncState.Status.NEEDS_RELINK
        return bool(self.account) and not (self.is_off or self.is_reading or must_be_connected)

    @property
    def share_read(self) -> int | None:
        """Percent of the reading that runs; None where the service does not say how much there is."""
        state = self.state
        if state is None or not self.is_reading or not state.n_expected:
            return None
        return min(100, 100 * state.n_read // state.n_expected)


def settings_link(request: HttpRequest) -> SafeString:
    """The way here, among the links of settings."""
    is_here = request.path == reverse("listening:connections")
    return render_to_string("listening/_connections_link.html", {"is_here": is_here})


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
        "services": _services(member, moment),
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


def _services(member: User, moment: datetime) -> list[Service]:
    states = {state.source: state for state in SyncState.objects.filter(user=member)}
    linked = {account.source: account.name for account in accounts(member)}
    return [
        Service(
            each.source,
            each.label,
            is_off=bool(each.missing()),
            account=linked.get(each.source, ""),
            state=states.get(each.source) if each.source in linked else None,
            now=moment,
        )
        for each in SOURCES.values()
    ]

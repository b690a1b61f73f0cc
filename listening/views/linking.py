"""Buttons of the page of connections: link an account, come back from a service, disconnect."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from listening.forms import ListenBrainzTokenForm
from listening.linking import coming_back, leaving, states
from listening.linking.offers import OFFERS, Offer
from listening.linking.showing import connections_of
from listening.linking.unlinking import unlink as forget
from listening.models import Source
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User


def _offer_or_404(provider: str) -> Offer:
    if provider not in OFFERS:
        raise Http404
    return OFFERS[provider]


def _back(request: HttpRequest) -> str:
    """Where the button stood, if that is on this site."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours and back.startswith("/") and len(back) <= 200 else reverse("listening:connections")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def link(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the member to the service; where it gives them a token instead, ask for that."""
    offer, back = _offer_or_404(provider), _back(request)
    if not offer.has_page:
        return _with_token(request, offer, back)
    if request.method != "POST":
        return redirect(back)
    try:
        address = leaving.authorise_address(
            member=cast(User, request.user),
            provider=provider,
            session_key=request.session.session_key or "",
            back=back,
            now=now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    return redirect(address)


@sensitive_post_parameters("token")
@sensitive_variables("form")
def _with_token(request: HttpRequest, offer: Offer, back: str) -> HttpResponse:
    """The form is never given back with what was written into it."""
    form = ListenBrainzTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = coming_back.link_listenbrainz(
                member=cast(User, request.user), token=form.cleaned_data["token"], now=now()
            )
            _say_linked(request, offer, str(made.metadata["name"]))
            return redirect(back)
        except Refused as refusal:
            form.add_error("token", refusal.message)
    context = {"page": "connections", "offer": offer, "form": form, "refused": form, "back": back}
    return render(request, "listening/link_token.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
@sensitive_variables("code", "token", "begun")
@require_safe
def come_back(request: HttpRequest, provider: str) -> HttpResponse:
    """Where a service sends the member's browser: what was begun here ends here, or is refused in words."""
    offer, member, moment = _offer_or_404(provider), cast(User, request.user), now()
    if not offer.has_page:
        raise Http404
    back = reverse("listening:connections")
    try:
        begun = states.claim(
            request.GET.get("state", ""),
            member=member,
            provider=provider,
            session_key=request.session.session_key or "",
            now=moment,
        )
        back = begun.back or back
        if provider == Source.SPOTIFY:
            if not (code := request.GET.get("code", "")):
                raise _turned_back(request, offer)
            made = coming_back.link_spotify(member=member, code=code, verifier=begun.verifier, now=moment)
            _say_linked(request, offer, made.metadata["display_name"] or made.provider_user_id)
        else:
            if not (token := request.GET.get("token", "")):
                raise _turned_back(request, offer)
            made = coming_back.link_lastfm(member=member, token=token, now=moment)
            _say_linked(request, offer, made.metadata["name"])
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


def _turned_back(request: HttpRequest, offer: Offer) -> Refused:
    """The service sent nothing along: the member said no there, or it could not ask them."""
    if request.GET.get("error", "access_denied") == "access_denied":
        return Refused(_("You turned back at %(name)s. Nothing was linked.") % {"name": offer.label}, code="denied")
    return Refused(
        _("%(name)s could not ask you just now. Nothing was linked: try again.") % {"name": offer.label}, code="denied"
    )


def _say_linked(request: HttpRequest, offer: Offer, name: str) -> None:
    words = _("%(service)s is linked: %(name)s. Your listens will be here in a moment.")
    messages.success(request, words % {"service": offer.label, "name": name})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def unlink(request: HttpRequest, provider: str) -> HttpResponse:
    """What is forgotten and what stays, and the button that does it."""
    offer, member = _offer_or_404(provider), cast(User, request.user)
    connection = next(each for each in connections_of(member, now=now()) if each.source == provider)
    if connection.link is None:
        messages.info(request, _("No account of %(service)s is linked.") % {"service": offer.label})
        return redirect("listening:connections")
    if request.method == "POST":
        try:
            forget(member=member, provider=provider)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("listening:unlink", provider)
        words = _("%(service)s is disconnected, and its permission forgotten here. Your listens stay.")
        messages.success(request, words % {"service": offer.label})
        return redirect("listening:connections")
    context = {"page": "connections", "connection": connection, "signs_in": provider == Source.SPOTIFY}
    return render(request, "listening/unlink.html", context)

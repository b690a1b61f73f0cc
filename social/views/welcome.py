"""The first steps of a new member, one page each, and the strip on the home page that leads there."""

from __future__ import annotations

from typing import cast

from allauth.socialaccount.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sidetrack.pacing import paced
from social import profile as stories
from social import welcome as story
from social.errors import Refused
from social.forms import WelcomeForm
from social.identity import sign_in_is_on
from social.models import User
from social.suggestions import suggestions
from social.welcome import AFTERWARDS, N_TO_FOLLOW, Step


@login_required
@never_cache
@require_safe
def welcome(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One step; without its name the first that is not done."""
    steps = story.steps(request)
    if not slug:
        first = next((step for step in steps if not step.is_done), steps[0])
        return redirect("social:welcome_step", first.slug)
    return _page(request, slug, steps)


@login_required
@require_POST
@paced
def introduce(request: HttpRequest) -> HttpResponse:
    """Name and zone of the first step."""
    member = cast(User, request.user)
    form = WelcomeForm(request.POST, instance=member)
    if form.is_valid():
        said = form.cleaned_data
        try:
            stories.change_profile(member=member, now=now(), **said)
            return redirect("social:welcome_step", _after(story.steps(request), "you"))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        except ValidationError as error:
            form.add_error(None, error.messages)
            member.refresh_from_db()
    steps = [you_step(request, form) if step.slug == "you" else step for step in story.steps(request)]
    return _page(request, "you", steps, form)


@login_required
@require_POST
@paced
def finish(request: HttpRequest) -> HttpResponse:
    """Done, or not now: either way the member goes where they were going."""
    story.put_aside(member=cast(User, request.user), now=now())
    if request.POST.get("as") == "done":
        messages.success(request, _("Welcome! Everything of it can be changed in your settings."))
    else:
        messages.info(request, _("As you like. Your settings have all of it, whenever you want."))
    there = request.session.pop(AFTERWARDS, "/")
    return redirect(there if url_has_allowed_host_and_scheme(there, None) else "/")


def _page(request: HttpRequest, slug: str, steps: list[Step], form: WelcomeForm | None = None) -> HttpResponse:
    number = next((n for n, step in enumerate(steps, start=1) if step.slug == slug), None)
    if number is None:
        raise Http404
    context = {
        "steps": steps,
        "step": steps[number - 1],
        "number": number,
        "next_step": steps[number] if number < len(steps) else None,
        "drawn": steps[number - 1].draw(),
        "refused": form,
    }
    return render(request, "social/welcome.html", context, status=400 if form else 200)


def _after(steps: list[Step], slug: str) -> str:
    slugs = [step.slug for step in steps]
    return slugs[min(slugs.index(slug) + 1, len(slugs) - 1)]


def you_step(request: HttpRequest, form: WelcomeForm | None = None) -> Step:
    """Fills the slot "welcome:steps": name, time zone, Discord."""
    member = cast(User, request.user)
    is_on = sign_in_is_on("discord")
    discord = story.discord_of(member) if is_on else None

    def draw() -> SafeString:
        provider = get_adapter().get_provider(request, "discord") if is_on else None
        context = {
            "form": form or WelcomeForm(instance=member),
            "discord": discord,
            "provider": provider,
            "back": reverse("social:welcome_step", args=["you"]),
        }
        return render_to_string("social/_welcome_you.html", context, request)

    is_done = bool(member.display_name) and (discord is not None or not is_on)
    return Step("you", gettext_lazy("Who you are"), is_done, draw)


def follow_step(request: HttpRequest) -> Step:
    """Fills the slot "welcome:steps": members whom others of the club follow, and how many are followed."""
    member = cast(User, request.user)
    n_followed = story.n_followed(member)

    def draw() -> SafeString:
        context = {
            "suggestions": suggestions(member, 9),
            "n_followed": n_followed,
            "n_wanted": N_TO_FOLLOW,
            "is_done": n_followed >= N_TO_FOLLOW,
            "back": reverse("social:welcome_step", args=["follow"]),
        }
        return render_to_string("social/_welcome_follow.html", context, request)

    return Step("follow", gettext_lazy("Whom you follow"), n_followed >= N_TO_FOLLOW, draw)


def strip(request: HttpRequest | None) -> SafeString | None:
    """Fills the slot "page:notices": on the home page alone, until the steps are done or put aside; costs no query."""
    user = getattr(request, "user", None)
    if request is None or request.path != "/" or user is None or not user.is_authenticated or user.welcomed_at:
        return None
    return render_to_string("social/_welcome_strip.html", {}, request)

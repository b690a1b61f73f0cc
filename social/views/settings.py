"""A member's own settings: profile, privacy, appearance, tokens. Every change goes through `social.profile`."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sidetrack.pacing import paced
from social import profile as stories
from social.errors import Refused
from social.forms import AppearanceForm, PrivacyForm, ProfileForm, TokenForm
from social.models import User
from social.seen_by import seen_by
from social.tokens import living_tokens, make_token, revoke_token
from social.viewpoint import NAMES
from social.views.profile import blocked_members, muted_members

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    return redirect("social:settings_profile")


def _refuse(form: ModelForm[User], error: ValidationError) -> None:
    """Put the function's objections beside the fields that they are about."""
    if hasattr(error, "error_dict"):
        for name, messages_of_field in error.message_dict.items():
            for message in messages_of_field:
                form.add_error(name if name in form.fields else None, message)
    else:
        form.add_error(None, error)


def _page(request: HttpRequest, page: str, form: ModelForm[User], **more: object) -> HttpResponse:
    context = {"page": page, "form": form, "refused": form if form.errors else None, **more}
    return render(request, f"social/settings_{page}.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
@get_or_post
@paced
def profile(request: HttpRequest) -> HttpResponse:
    member, moment = cast(User, request.user), now()
    form = ProfileForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                stories.change_handle(member=member, handle=said["handle"], now=moment)
                stories.change_profile(
                    member=member,
                    display_name=said["display_name"],
                    bio=said["bio"],
                    timezone=said["timezone"],
                    now=moment,
                )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        except ValidationError as error:
            member.refresh_from_db()
            _refuse(form, error)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("social:settings_profile")
    return _page(request, "profile", form)


@login_required
@never_cache
@get_or_post
@paced
def privacy(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    form = PrivacyForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        stories.change_privacy(member=member, **form.cleaned_data)
        messages.success(request, _("Your privacy settings are saved."))
        return redirect("social:settings_privacy")
    saved = User.objects.get(pk=member.pk)  # a refused form has changed the one that it was about
    return _page(
        request,
        "privacy",
        form,
        blocked=blocked_members(member),
        muted=muted_members(member),
        seen=seen_by(saved),
        lookers=NAMES,
    )


@login_required
@never_cache
@get_or_post
@paced
def appearance(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    form = AppearanceForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        stories.change_appearance(member=member, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("social:settings_appearance")
    return _page(request, "appearance", form)


@login_required
@never_cache
@sensitive_variables("raw")
@get_or_post
@paced
def tokens(request: HttpRequest) -> HttpResponse:
    """The living tokens, and a form for one more. The new one is in this one answer and nowhere else."""
    member, moment = cast(User, request.user), now()
    form = TokenForm(request.POST or None)
    made, raw = None, ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        lifetime = TokenForm.LIFETIMES[said["lifetime"]]
        try:
            made, raw = make_token(
                user=member,
                name=said["name"],
                scope=said["scope"],
                now=moment,
                expires_at=moment + lifetime if lifetime else None,
            )
            form = TokenForm()
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "page": "tokens",
        "form": form,
        "refused": form if form.errors else None,
        "made": made,
        "raw": raw,
        "tokens": living_tokens(user=member, now=moment),
    }
    return render(request, "social/settings_tokens.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@paced
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Only one's own."""
    token = get_object_or_404(cast(User, request.user).personal_tokens, pk=token_id)
    revoke_token(token=token, now=now())
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("social:settings_tokens")

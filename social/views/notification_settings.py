"""What a member is told, where, and when the club keeps quiet."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sidetrack.pacing import paced
from social.models import User
from social.profile import change_notifications
from social.switching import change_switches, choices_of, has_discord, last_refused


class ClubForm(forms.Form):
    """What the club's bot may say, and when."""

    wants_reminders = forms.BooleanField(
        required=False, label=gettext_lazy("Remind me in Discord before a phase of the week ends")
    )
    wants_direct_messages = forms.BooleanField(
        required=False, label=gettext_lazy("Send me reminders as direct messages too")
    )
    quiet_from = forms.TimeField(
        required=False,
        label=gettext_lazy("Quiet from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        required=False, label=gettext_lazy("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def notification_settings(request: HttpRequest) -> HttpResponse:
    member = cast(User, request.user)
    form = ClubForm(request.POST or None, initial={name: getattr(member, name) for name in ClubForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                change_notifications(member=member, **form.cleaned_data)
                change_switches(
                    member=member,
                    on_site=request.POST.getlist("on_site"),
                    in_discord=request.POST.getlist("in_discord"),
                )
        except ValidationError as error:
            for name, words in error.message_dict.items():
                form.add_error(name, words)
        else:
            messages.success(request, _("Saved."))
            return redirect("social:settings_notifications")
    context = {
        "form": form,
        "refused": form if form.errors else None,
        "choices": choices_of(member),
        "has_discord": has_discord(member),
        "last_refused": last_refused(member),
    }
    return render(request, "social/settings_notifications.html", context, status=400 if form.errors else 200)

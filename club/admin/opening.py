"""Opening a week from the admin, at once or at a chosen moment; the deadlines follow the club's rhythm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now as clock

from club.errors import ClubRuleBroken
from club.lifecycle import MAX_THEME, open_week
from club.models import Week


class OpeningForm(forms.Form):
    """The number travels with the form, so that pressing the button twice opens one week."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    theme = forms.CharField(max_length=MAX_THEME, required=False, help_text="May stay empty.")
    opens_at = forms.SplitDateTimeField(
        label="Opens", required=False, widget=AdminSplitDateTime, help_text="Empty: at once."
    )

    def clean_opens_at(self) -> datetime | None:
        opens_at: datetime | None = self.cleaned_data["opens_at"]
        if opens_at is not None and opens_at <= clock():
            raise forms.ValidationError("Choose a moment that lies ahead, or leave it empty to open the week at once.")
        return opens_at


def open_view(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Ask for a theme and a moment, and open the week."""
    user = request.user
    if not (user.is_authenticated and user.is_moderator):
        raise PermissionDenied
    upcoming = (Week.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    form = OpeningForm(request.POST if request.method == "POST" else None, initial={"number": upcoming})
    if request.method == "POST" and form.is_valid():
        said, now = form.cleaned_data, clock()
        deadlines = {"opens_at": said["opens_at"]} if said["opens_at"] else None
        try:
            week, is_new = open_week(now=now, number=said["number"], theme=said["theme"], deadlines=deadlines, by=user)
        except ClubRuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            words = f"{week.label} is made." if is_new else f"{week.label} was made before."
            messages.success(request, words)
            return HttpResponseRedirect(reverse("admin:club_week_change", args=[week.pk]))
    return TemplateResponse(request, "admin/club/week/open.html", {**context, "form": form})

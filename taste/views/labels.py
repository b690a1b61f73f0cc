"""What a member says tracks are: all of it on one page, a form for each track, and what was learnt from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Track
from listening.models import TrackTotal
from sidetrack.pacing import paced
from social.models import User
from social.settings_menu import Section, SettingsLink
from taste.axes.labelling import LABELLED, label, unlabel
from taste.axes.personal import Ear, ear_of, features_for
from taste.axes.ridge import LEAST
from taste.models import Axis, Label, TrackFeatures

PAGE_SIZE = 50
N_TO_LABEL, N_LOOKED_AT = 8, 60
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
ENDS: dict[str, Promise] = {
    "energy": gettext_lazy("0 is calm and quiet, 100 is fast, loud and full."),
    "valence": gettext_lazy("0 is sad, dark or angry, 100 is cheerful."),
    "danceability": gettext_lazy("0 cannot be danced to, 100 makes everybody dance."),
    "acousticness": gettext_lazy("0 is all electric or electronic, 100 is all acoustic."),
    "instrumentalness": gettext_lazy("0 is sung or rapped throughout, 100 is without any voice."),
}


class LabelForm(forms.Form):
    """One row of radio buttons an axis; a value that came by REST stands between the usual ones."""

    def __init__(self, *args: object, said: dict[str, float], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for axis in LABELLED:
            values = sorted({*LEVELS, said[axis]} if axis in said else LEVELS)
            choices = [("", _("not said")), *((f"{value:g}", f"{100 * value:g}") for value in values)]
            self.fields[axis.value] = forms.ChoiceField(
                label=axis.label,
                choices=choices,
                required=False,
                initial=f"{said[axis]:g}" if axis in said else "",
                widget=forms.RadioSelect,
                help_text=str(ENDS[axis.value]),
                error_messages={"invalid_choice": _("Choose one of the values.")},
            )


@dataclass(frozen=True, slots=True)
class Learnt:
    """One axis: its labels, and by how much (0 to 100) what was learnt misses them, each left out in turn."""

    label: str
    n: int
    helps: bool
    missed: float | None
    missed_before: float | None
    n_wanting: int


@login_required
@never_cache
@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """In as many queries for one label as for a page of them."""
    member = cast(User, request.user)
    said = Label.objects.filter(user=member).select_related("track__artist").order_by("-updated_at", "-pk")
    ear = ear_of(member)
    context = {
        "page": "labels",
        "rows": Paginator(said, PAGE_SIZE).get_page(request.GET.get("page")),
        "learnt": learnt(ear),
        "unsaid": to_label(member, {track_id for each in ear.labels.values() for track_id in each}),
        "least": LEAST,
    }
    return render(request, "taste/labels.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@paced
def label_track(request: HttpRequest, pk: int) -> HttpResponse:
    member, track = cast(User, request.user), _track_or_404(pk)
    if track.merged_into_id:
        return redirect("taste:label_track", track.merged_into_id)
    said = dict(Label.objects.filter(user=member, track=track).values_list("axis", "value"))
    form = LabelForm(request.POST or None, said=said)
    if request.method == "POST" and form.is_valid():
        save(member, track, form.cleaned_data)
        messages.success(request, _("Saved. Your axes follow it from now on."))
        return redirect("taste:label_track", track.pk)
    common = TrackFeatures.objects.filter(pk=track.pk).first()
    heard = features_for(member, [track.pk]).get(track.pk, {})
    context = {
        "page": "labels",
        "track": track,
        "form": form,
        "refused": form,
        "fields": [(form[axis.value], _beside(axis, common, heard)) for axis in LABELLED],
    }
    return render(request, "taste/label_track.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@paced
def remove_label(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one label back: the member's own, whatever number the form names."""
    row = get_object_or_404(Label.objects.filter(user=cast(User, request.user)).select_related("track"), pk=pk)
    unlabel(by=row.user, track=row.track, axis=row.axis)
    messages.success(request, _("“%(title)s” is as it was for you.") % {"title": row.track.title})
    return redirect("taste:labels")


@transaction.atomic
def save(member: User, track: Track, given: dict[str, str]) -> None:
    """What the form says of each axis; an empty value takes back what was said."""
    moment = now()
    for axis in LABELLED:
        if given.get(axis.value):
            label(by=member, track=track, axis=axis.value, value=float(given[axis.value]), now=moment)
        else:
            unlabel(by=member, track=track, axis=axis.value)


def learnt(ear: Ear) -> list[Learnt]:
    found = []
    for axis in LABELLED:
        if (correction := ear.corrections.get(axis.value)) is not None:
            error, before = correction.error, correction.error_before
            found.append(
                Learnt(
                    label=str(axis.label),
                    n=len(ear.labels[axis.value]),
                    helps=correction.helps,
                    missed=None if error is None else 100 * error,
                    missed_before=None if before is None else 100 * before,
                    n_wanting=max(0, LEAST - correction.n),
                )
            )
    return found


def to_label(member: User, labelled: set[int]) -> list[Track]:
    """Of what the member plays most, tracks that have a value and no word of theirs."""
    plays = TrackTotal.objects.filter(user=member, n_listens__gt=0, track__features__isnull=False)
    ids = plays.order_by("-n_listens", "track_id").values_list("track_id", flat=True)[:N_LOOKED_AT]
    wanted = [track_id for track_id in ids if track_id not in labelled][:N_TO_LABEL]
    tracks = Track.objects.current().select_related("artist").in_bulk(wanted)
    return [tracks[track_id] for track_id in wanted if track_id in tracks]


def settings_link(request: HttpRequest) -> SettingsLink:
    """The way to the labels among the settings."""
    return SettingsLink(Section.TASTE, _("How you hear it"), reverse("taste:labels"))


def _track_or_404(pk: int) -> Track:
    return get_object_or_404(Track.objects.select_related("artist", "merged_into"), pk=pk)


def _beside(axis: Axis, common: TrackFeatures | None, heard: dict[str, float]) -> str:
    """What stands under an axis: the common value, and the member's own where it differs."""
    value = getattr(common, axis.value) if common is not None else None
    if value is None:
        return _("Nobody knows yet.")
    words = _("For everybody: %(value)d.") % {"value": round(100 * value)}
    own = heard.get(axis.value)
    if own is not None and round(100 * own) != round(100 * value):
        words += " " + _("As you hear it: %(value)d.") % {"value": round(100 * own)}
    return words

"""What members fill in about themselves. Forms check the shape; social's functions check the rules."""

from __future__ import annotations

import zoneinfo
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from social.models import PersonalToken, User
from social.models.user import HANDLE

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, Any]]:
    """UTC, then the zones by region; old names of the same places are left out."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if region in groups and place:
            groups[region].append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *groups.items()]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    handle = forms.CharField(label=_("Handle"), min_length=2, max_length=32, validators=[HANDLE])
    timezone = forms.ChoiceField(label=_("Time zone"), choices=[])

    class Meta:
        model = User
        fields = ("display_name", "handle", "bio", "timezone")
        labels = {"display_name": _("Name"), "bio": _("About you")}
        widgets = {"bio": forms.Textarea(attrs={"rows": 4, "maxlength": 500})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.timezone
        known = zones()
        listed = {"UTC", *(name for _region, group in known[1:] for name, _place in group)}
        self.fields["timezone"].choices = known if own in listed else [(own, own), *known]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The member is changed by `social.profile`, which validates; the form leaves the instance alone."""


class WelcomeForm(ProfileForm):
    """What a new member is asked for; the rest of the profile waits in the settings."""

    handle = None  # type: ignore[assignment]  # Django's way to leave out an inherited field

    class Meta(ProfileForm.Meta):
        fields = ("display_name", "timezone")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget.attrs["data-zone"] = ""


class PrivacyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = User
        fields = (
            "visibility",
            "club_visibility",
            "listens_visibility",
            "taste_visibility",
            "searchable",
            "shows_ballots",
            "allows_quotes",
            "shows_progress",
            "shows_matches",
        )
        widgets = dict.fromkeys([name for name in fields if name.endswith("visibility")], forms.RadioSelect)
        help_texts = {
            "searchable": _(
                "Visitors may read a public page either way. With this, search engines are told of it; without, they "
                "are asked to leave it out, and may take weeks to forget it."
            )
        }

    def _post_clean(self) -> None:
        """As above."""

    def levels(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.endswith("visibility")]

    def consents(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.endswith("visibility")]


class AppearanceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    class Meta:
        model = User
        fields = ("theme", "motion", "shortcuts")
        widgets = {"theme": forms.RadioSelect, "motion": forms.RadioSelect}

    def _post_clean(self) -> None:
        """As above."""


class TokenForm(forms.Form):
    """A name, what the token may do, and how long."""

    LIFETIMES = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365), "": None}

    name = forms.CharField(label=_("What it is for"), max_length=64)
    scope = forms.ChoiceField(
        label=_("It may"), choices=PersonalToken.Scope, widget=forms.RadioSelect, initial=PersonalToken.Scope.READ
    )
    lifetime = forms.ChoiceField(
        label=_("Valid for"),
        required=False,
        initial="90",
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("one year")), ("", _("until I revoke it"))],
    )


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with it?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

"""Forms of the tracker's pages."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class ListenTokenForm(forms.Form):
    """Which program the token is for: a reminder for whoever revokes it."""

    name = forms.CharField(
        label=_("Program"), max_length=64, widget=forms.TextInput(attrs={"list": "programs", "autocomplete": "off"})
    )


class ListenBrainzTokenForm(forms.Form):
    """The key to the member's account there: it is read, and never shown again."""

    token = forms.CharField(
        label=_("User token"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "input"}),
    )


class LocalTimeField(forms.DateTimeField):
    """A date and a time of day, as a browser's own field writes it or a person would; for a `LocalTimeForm`."""

    def __init__(self, *, label: StrPromise, missing: StrPromise, step: int = 60) -> None:
        super().__init__(
            label=label,
            widget=forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": str(step), "class": "input"},
                format="%Y-%m-%dT%H:%M" if step % 60 == 0 else "%Y-%m-%dT%H:%M:%S",
            ),
            input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
            error_messages={"required": missing, "invalid": _("Write the time as 2025-11-20 21:04:00.")},
        )

    def to_python(self, value: Any) -> datetime | None:
        """Only what a datetime still holds in UTC, whatever the zone."""
        moment = super().to_python(value)
        if moment is not None and not MINYEAR < moment.year < MAXYEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class LocalTimeForm(forms.Form):
    """Its times are on the member's own clock, whatever the site's is."""

    def __init__(self, data: object = None, *, zone: ZoneInfo, **options: object) -> None:
        self.zone = zone
        super().__init__(data, **options)  # type: ignore[arg-type]

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()


class PrivateTimeForm(LocalTimeForm):
    """A while of which nothing is stored."""

    starts_at = LocalTimeField(label=_("From"), missing=_("Say when it begins."))
    ends_at = LocalTimeField(label=_("Until"), missing=_("Say when it ends."))
    removes_stored = forms.BooleanField(required=False)

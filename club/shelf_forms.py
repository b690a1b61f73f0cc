"""What a member fills in about shelves. Forms check the shape; `club.shelves` checks the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from club.models import DiaryEntry
from club.shelves.wanting import LONGEST_NOTE
from social.visibility import Visibility

EXTENTS = [(DiaryEntry.Extent.WHOLE, _("All of it")), (DiaryEntry.Extent.PART, _("A part of it"))]


class LogForm(forms.Form):
    """Which day, how much of it, and who may see it."""

    prefix = "log"

    listened_on = forms.DateField(
        label=_("When you heard it"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    extent = forms.ChoiceField(
        label=_("How much of it"), choices=EXTENTS, widget=forms.RadioSelect, initial=DiaryEntry.Extent.WHOLE
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=Visibility, widget=forms.RadioSelect, initial=Visibility.PUBLIC
    )

    def __init__(self, data: Any = None, *, today: date, entry: DiaryEntry | None = None) -> None:
        initial: dict[str, Any] = {"listened_on": today}
        if entry is not None:
            initial = {name: getattr(entry, name) for name in ("listened_on", "extent", "visibility")}
        super().__init__(data, initial=initial)
        self.fields["listened_on"].widget.attrs["max"] = today.isoformat()


class WantForm(forms.Form):
    """Both may be missing: the button on an album's page says neither."""

    note = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, required=False)
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Visibility, required=False)

    def given(self) -> dict[str, str | None]:
        """What was said; None for what the form did not hold."""
        return {name: self.cleaned_data[name] if name in self.data else None for name in ("note", "visibility")}

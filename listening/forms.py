"""Forms of the tracker's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ListenTokenForm(forms.Form):
    """Which program the token is for: a reminder for whoever revokes it."""

    name = forms.CharField(
        label=_("Program"), max_length=64, widget=forms.TextInput(attrs={"list": "programs", "autocomplete": "off"})
    )

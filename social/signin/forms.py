"""allauth's forms in this site's words: a member has a handle, and a field says what it is by its label alone."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLogin
from allauth.account.forms import SignupForm as AllauthSignup
from django.forms import Form
from django.utils.translation import gettext_lazy as _


def plain(form: Form, **labels: Any) -> None:
    """Give fields these labels, and take the placeholders away, which vanish while one types."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(AllauthLogin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, login=_("Handle"), password=_("Password"), remember=_("Keep me signed in"))


class SignupForm(AllauthSignup):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, username=_("Handle"), password1=_("Password"))

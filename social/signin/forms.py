"""allauth's forms in this site's words: a member has a handle, and a field says what it is by its label alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import LoginForm as AllauthLogin
from allauth.account.forms import SignupForm as AllauthSignup
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount.forms import DisconnectForm as AllauthDisconnect
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.forms import Form, ValidationError
from django.utils.translation import gettext_lazy as _

from social.errors import Refused
from social.identity import require_other_way_in, unlink_identity
from social.models import LinkedAccount


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


@dataclass(frozen=True)
class Shown:
    """An account to sign in with, as the page names it. Its service may be switched off on this site by now."""

    pk: int
    provider: str
    label: str
    name: str


class DisconnectForm(AllauthDisconnect):
    """Unlinks by the same function as every other face: allauth's own asks the service's keys, which may be gone."""

    def shown(self) -> list[Shown]:
        labels = dict(LinkedAccount.Provider.choices)
        return [
            Shown(each.pk, each.provider, str(labels.get(each.provider, each.provider)), _name(each))
            for each in self.accounts
        ]

    def read_too(self) -> list[LinkedAccount]:
        """Accounts that sign in although no sign-in linked them: they are read, and are unlinked where that is."""
        own = LinkedAccount.objects.filter(user=self.request.user, provider=LinkedAccount.Provider.SPOTIFY)
        signed_in = self.accounts.values("provider")
        return list(own.exclude(provider__in=signed_in).defer("access_token", "refresh_token"))

    def clean(self) -> dict[str, Any]:
        """What `unlink_identity` refuses is said beside the button."""
        cleaned: dict[str, Any] = Form.clean(self) or self.cleaned_data
        if account := cleaned.get("account"):
            raise_if_reauthentication_required(self.request, app="allauth.socialaccount")
            try:
                require_other_way_in(user=self.request.user, provider=account.provider)
            except Refused as refusal:
                raise ValidationError(refusal.message) from refusal
        return cleaned

    def save(self) -> None:
        unlink_identity(user=self.request.user, provider=self.cleaned_data["account"].provider)
        said = "socialaccount/messages/account_disconnected.txt"
        get_account_adapter(self.request).add_message(self.request, messages.INFO, said)


def _name(account: SocialAccount) -> str:
    """As the account is called there; Google tells us nothing but a number."""
    kept = account.extra_data or {}
    return str(kept.get("global_name") or kept.get("display_name") or kept.get("username") or "")

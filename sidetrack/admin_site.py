"""The admin, as moderators see it: open reports and running weeks first, then the tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.timezone import now

from sidetrack import slots


class ModeratorLoginForm(AdminAuthenticationForm):
    """The same limits on guessing as on the site's own sign-in page."""

    def clean(self) -> dict[str, Any]:
        handle, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if handle and password:
            member = get_adapter(self.request).authenticate(self.request, username=handle, password=password)
            if member is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(member)
            self.user_cache = member
        return self.cleaned_data

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.is_suspended(now()):
            raise ValidationError(f"You are suspended: {user.suspension_reason}", code="suspended")


class SidetrackAdminSite(AdminSite):
    """allauth's own tables stay out: there are no e-mail addresses and no tokens, keys come from the settings, and who
    is who elsewhere is read from LinkedAccount.
    """

    left_out = frozenset(
        {"account.emailaddress", "socialaccount.socialaccount", "socialaccount.socialapp", "socialaccount.socialtoken"}
    )
    site_header = site_title = "Sidetrack"
    index_title = "Moderation"
    index_template = "admin/desk.html"
    login_form = ModeratorLoginForm

    def register(
        self, model_or_iterable: ModelBase | Iterable[ModelBase], admin_class: Any = None, **options: Any
    ) -> None:
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        kept = [model for model in models if model._meta.label_lower not in self.left_out]
        super().register(kept, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Moderators and superusers, while nobody has suspended them."""
        user = request.user
        return bool(user.is_active and user.is_staff and not user.is_suspended(now()))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Panels come from the slot "admin:desk": fillers take the request and answer HTML, or None."""
        panels = list(slots.call("admin:desk", request))
        return super().index(request, {**(extra_context or {}), "panels": panels})

"""Accounts at other services, for operators: who is who and until when, never a token."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from sidetrack.admin_acts import ReadOnlyAdmin
from social.models import LinkedAccount

SECRETS = ("access_token", "refresh_token")


@admin.register(LinkedAccount)
class LinkedAccountAdmin(ReadOnlyAdmin):
    list_display = ("user", "provider", "provider_user_id", "verified_at", "authorised_at", "expires_at")
    list_filter = ("provider", ("verified_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__handle", "provider_user_id")
    actions = None
    exclude = SECRETS

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkedAccount]:
        """Without the tokens: they are not even read, so a lost key locks nobody out of this page."""
        return super().get_queryset(request).defer(*SECRETS)

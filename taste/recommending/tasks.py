"""The nightly job of recommendations."""

from __future__ import annotations

from django.utils import timezone

from taste.recommending import renewing


def renew_recommendations() -> str:
    return str(renewing.renew(now=timezone.now()))

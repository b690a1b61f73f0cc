"""The nightly job of matching."""

from __future__ import annotations

from django.utils import timezone

from taste.matching import nearest


def renew_matches() -> str:
    return nearest.renew(now=timezone.now())

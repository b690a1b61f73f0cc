"""The map's nightly job."""

from __future__ import annotations

from django.utils import timezone

from taste.mapping import keeping


def keep_up() -> str:
    """Extend the map by what was analysed since last night, or draw it anew once that is too much."""
    return keeping.keep_up(now=timezone.now())

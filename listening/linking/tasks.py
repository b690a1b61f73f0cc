"""Jobs of linked accounts. Each may run twice, and says in a line what it did."""

from __future__ import annotations

from django.utils import timezone

from listening.linking.telling import warn_of_endings


def warn() -> str:
    """Tell members whose permission at Spotify ends in a month or in a week."""
    n_told = warn_of_endings(now=timezone.now())
    return f"Warned {n_told} member{'s' * (n_told != 1)} of a permission that ends."

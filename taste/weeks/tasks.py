"""Jobs of weekly taste. Each may run twice, and says in a line what it did."""

from __future__ import annotations

from django.utils import timezone

from social.models import User
from taste.weeks import digest, due
from taste.weeks.aggregating import aggregate


def aggregate_due() -> str:
    """Queue every member whose weeks are not up to date."""
    return f"Queued {due.queue_due(now=timezone.now())} members whose weeks are due."


def aggregate_member(user_id: int) -> str:
    """Bring one member's weeks up to date."""
    due.begun(user_id)
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return f"Member {user_id} is gone."
    done = aggregate(user=user, now=timezone.now())
    return f"Computed {done.n_recomputed} of {done.n_weeks} weeks of member {user_id}."


def tell_digests() -> str:
    """Tell those who asked for it what their finished week was."""
    return f"Told {digest.tell_all(now=timezone.now())} members of their week."

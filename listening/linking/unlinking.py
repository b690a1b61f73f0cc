"""A member's account elsewhere is forgotten, with its tokens. What was heard stays."""

from __future__ import annotations

from django.utils.timezone import now

from listening.linking import telling
from listening.models import NowPlaying, SyncState
from social.identity import unlink_identity
from social.models import User


def unlink(*, member: User, provider: str) -> bool:
    """Forget the account, wherever it was shown; False when there was none. `tidy` follows by itself.

    None of the services takes a permission back for us: `offers.Offer.permissions` is where the member does it.
    """
    return unlink_identity(user=member, provider=provider)


def tidy(user_id: int, provider: str) -> None:
    """Fills the slot `people:unlinked`: the account is no longer read, and nothing plays there."""
    SyncState.objects.filter(user=user_id, source=provider).delete()
    NowPlaying.objects.filter(user=user_id, source=provider).delete()
    telling.settle(user_id=user_id, source=provider, now=now())

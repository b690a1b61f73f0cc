"""Whose taste a viewer may read. It is drawn from listens, so page, listens and taste must all be open to them."""

from __future__ import annotations

from social.models import User
from social.models.user import UserQuerySet
from social.visibility import Viewer, opens, visible_q
from taste.models.weekly import TASTE_LEVELS


def taste_members(viewer: Viewer) -> UserQuerySet:
    """The members whose taste the viewer may read, themselves included."""
    members: UserQuerySet = User.objects.filter(visible_q(viewer, levels=TASTE_LEVELS, owner=""), is_active=True)
    return members


def may_read_taste(member: User, viewer: Viewer) -> bool:
    return opens(member, viewer, *TASTE_LEVELS)

"""From whose listens and ratings anything is learned for others: members who show them to all members.

What is shown to followers alone is counted nowhere: a number that moves when one person follows would tell on them.
"""

from __future__ import annotations

from django.db.models import QuerySet

from club.models import Rating
from social.models import User
from social.models.user import UserQuerySet
from social.visibility import Visibility, present_q

SHOWN_TO_ALL = (Visibility.PUBLIC, Visibility.MEMBERS)
AT_LEAST = 2  # members who play something before anything is said of it to somebody else


def learned_from() -> UserQuerySet:
    """Members whose plays others may be told about, unnamed."""
    members: UserQuerySet = User.objects.present().filter(
        visibility__in=SHOWN_TO_ALL, listens_visibility__in=SHOWN_TO_ALL
    )
    return members


def ratings_learned_from() -> QuerySet[Rating]:
    """Ratings that every member may read, the oldest first."""
    rows: QuerySet[Rating] = Rating.objects.standing().filter(
        present_q(owner="user"), visibility__in=SHOWN_TO_ALL, user__club_visibility__in=SHOWN_TO_ALL
    )
    return rows.order_by("updated_at", "pk")

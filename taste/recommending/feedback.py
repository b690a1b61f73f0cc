"""What a member says of a recommendation: it stays, and keeps the album away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import Album
from social.errors import Refused
from social.models import User
from taste.models import UserRecommendation

Feedback = UserRecommendation.Feedback


@transaction.atomic
def say(*, member: User, album: Album, feedback: str, now: datetime) -> UserRecommendation:
    """“Not interested”, “I know it already”, or "" to take that back; the same twice changes nothing.

    Also of an album that has left the list meanwhile. Raises Refused for any other word.
    """
    if feedback not in ("", *Feedback.values):
        raise Refused("Say not_interested, known, or nothing to take it back.", code="bad_value")
    User.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
    rows = list(UserRecommendation.objects.filter(user=member, album=album).order_by("rank", "pk"))
    if not rows:
        rows = [
            UserRecommendation.objects.create(
                user=member, album=album, kind=UserRecommendation.Kind.SIMILAR, score=0, version="", computed_at=now
            )
        ]
    for row in rows:
        if row.feedback != feedback:
            row.feedback, row.feedback_at = feedback, now if feedback else None
            row.save(update_fields=["feedback", "feedback_at"])
    return rows[0]

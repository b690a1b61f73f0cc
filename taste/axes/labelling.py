"""What members say tracks are on an axis: one value each, theirs alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import Track
from catalog.naming import standing
from social.errors import Refused
from social.models import User
from taste.models import Axis, Label, TasteProfile

LABELLED = (Axis.ENERGY, Axis.VALENCE, Axis.DANCEABILITY, Axis.ACOUSTICNESS, Axis.INSTRUMENTALNESS)


@transaction.atomic
def label(*, by: User, track: Track, axis: str, value: float, now: datetime) -> tuple[Label, bool]:
    """Say what the track is on the axis, 0 to 1, replacing what was said before; whether it is new.

    A track that became part of another is labelled there. The same call twice changes nothing.
    """
    if axis not in LABELLED:
        raise Refused(f"Label one of {', '.join(each.value for each in LABELLED)}.", code="unknown_axis")
    if not 0 <= value <= 1:
        raise Refused("A value is a number from 0 to 1.", code="bad_value")
    track = standing(track)
    held = Label.objects.filter(user=by, track=track, axis=axis).first()
    if held is not None and held.value == value:
        return held, False
    made, is_new = Label.objects.update_or_create(
        user=by,
        track=track,
        axis=axis,
        defaults={"value": value, "updated_at": now},
        create_defaults={"value": value, "updated_at": now, "created_at": now},
    )
    return made, is_new


@transaction.atomic
def unlabel(*, by: User, track: Track, axis: str) -> bool:
    """Take back what the member said; whether they had said anything.

    Their weeks are due then: a label that is gone leaves no date by which that could be seen.
    """
    n_deleted, _ = Label.objects.filter(user=by, track=standing(track), axis=axis).delete()
    if n_deleted:
        TasteProfile.objects.filter(user=by).update(weeks_sound_at=None)
    return bool(n_deleted)
